//! The window's room, in which a code must fit.

use checkout_core::platform::Room;
use wasm_bindgen::JsValue;
use web_sys::window;

/// The room just now.
pub fn read() -> Room {
    let default = Room::default();
    let Some(window) = window() else {
        return default;
    };
    let pixels = |length: Result<JsValue, JsValue>| length.ok()?.as_f64().map(|it| it as usize);
    Room {
        width: pixels(window.inner_width()).unwrap_or(default.width),
        height: pixels(window.inner_height()).unwrap_or(default.height),
        device_pixels: (window.device_pixel_ratio() * 1_000.0).round() as usize,
    }
}
