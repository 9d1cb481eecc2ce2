//! The network: one `POST` per call. How long to wait and what to do then, core decides.

use std::cell::RefCell;
use std::rc::Rc;

use checkout_core::checkout::{CallId, Reply};
use checkout_core::json::Json;
use js_sys::{Date, JSON, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestInit, Response, window};

use super::json;

/// No answer of the five calls is anywhere near this long.
const BODY_BYTES_MAX: usize = 256 * 1024;

/// What is the same for every request. No cookie goes along.
const INIT: &str = r#"{"method":"POST","headers":{"content-type":"application/json"},"credentials":"omit","keepalive":false}"#;

/// One request.
pub struct Request {
    /// Where to.
    pub url: String,
    /// JSON.
    pub body: String,
    /// Whether it goes on when the page is put away.
    pub outlives_page: bool,
}

/// The requests that are under way.
#[derive(Clone, Default)]
pub struct Http(Rc<RefCell<Vec<(CallId, AbortController)>>>);

impl Http {
    /// Sends a request and tells its end later, unless it is given up before.
    pub fn send(&self, id: CallId, request: Request, done: impl FnOnce(Reply) + 'static) {
        let Ok(controller) = AbortController::new() else {
            return;
        };
        let signal = controller.signal();
        self.0.borrow_mut().push((id, controller));
        let http = self.clone();
        spawn_local(async move {
            let reply = post(request, &signal).await.unwrap_or(Reply::Lost);
            if http.take(id).is_some() {
                done(reply);
            }
        });
    }

    /// Gives a request up: nothing is told of it any more.
    pub fn abort(&self, id: CallId) {
        if let Some(controller) = self.take(id) {
            controller.abort();
        }
    }

    fn take(&self, id: CallId) -> Option<AbortController> {
        let mut open = self.0.borrow_mut();
        let place = open.iter().position(|(other, _)| *other == id)?;
        Some(open.swap_remove(place).1)
    }
}

/// `None`: the network failed.
async fn post(request: Request, signal: &JsValue) -> Option<Reply> {
    let init = JSON::parse(INIT).ok()?;
    let set = |name: &str, value: &JsValue| Reflect::set(&init, &name.into(), value).ok();
    set("body", &request.body.into())?;
    set("keepalive", &request.outlives_page.into())?;
    set("signal", signal)?;
    let init: &RequestInit = init.unchecked_ref();
    let answer = window()?.fetch_with_str_and_init(&request.url, init);
    let response: Response = JsFuture::from(answer).await.ok()?.dyn_into().ok()?;
    Some(Reply::Answer {
        http: response.status(),
        retry_after_ms: retry_after_ms(&response),
        body: body(&response).await?,
    })
}

/// Seconds, or a date.
fn retry_after_ms(response: &Response) -> Option<u64> {
    let text = response.headers().get("retry-after").ok()??;
    if let Ok(seconds) = text.trim().parse::<u64>() {
        return seconds.checked_mul(1_000);
    }
    let wait_ms = Date::parse(&text) - Date::now();
    (wait_ms > 0.0).then_some(wait_ms as u64)
}

/// The body as JSON: `Some(None)` where it is none, or too long; `None` where the network failed
/// on the way.
async fn body(response: &Response) -> Option<Option<Json>> {
    let Some(stream) = response.body() else {
        return Some(None);
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    while let Some(chunk) = next_chunk(&reader).await? {
        let length = chunk.length() as usize;
        if bytes.len().saturating_add(length) > BODY_BYTES_MAX {
            // What is left is not waited for.
            drop(reader.cancel());
            return Some(None);
        }
        bytes.extend(chunk.to_vec());
    }
    let text = String::from_utf8(bytes).ok();
    Some(text.and_then(|text| json::parse(text.trim_start_matches('\u{feff}'))))
}

/// `None`: the network failed; `Some(None)`: the end.
async fn next_chunk(reader: &ReadableStreamDefaultReader) -> Option<Option<Uint8Array>> {
    let read = JsFuture::from(reader.read()).await.ok()?;
    let value = Reflect::get(&read, &"value".into()).ok()?;
    Some(value.dyn_into().ok())
}
