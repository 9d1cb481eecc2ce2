//! Keeping the screen awake. A browser may refuse it (low battery); then the screen dims as usual.

use std::cell::RefCell;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::window;

/// The one lock of the page.
#[derive(Default)]
pub struct WakeLock(RefCell<Option<Promise>>);

impl WakeLock {
    /// Takes the lock, or gives it back.
    pub fn set(&self, awake: bool) {
        let before = self.0.replace(if awake { request() } else { None });
        if let Some(before) = before {
            spawn_local(async move {
                if let Ok(lock) = JsFuture::from(before).await {
                    let _ = call(&lock, "release", &JsValue::UNDEFINED);
                }
            });
        }
    }
}

/// By name, because web-sys holds these types to be unstable.
fn request() -> Option<Promise> {
    let navigator = window()?.navigator();
    let lock = Reflect::get(&navigator, &JsValue::from_str("wakeLock")).ok()?;
    call(&lock, "request", &JsValue::from_str("screen"))?
        .dyn_into()
        .ok()
}

fn call(object: &JsValue, name: &str, argument: &JsValue) -> Option<JsValue> {
    let method = Reflect::get(object, &JsValue::from_str(name)).ok()?;
    method.dyn_ref::<Function>()?.call1(object, argument).ok()
}
