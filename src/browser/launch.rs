//! Opening an app by its link.

use checkout_core::launch::NOT_OPENED;
use wasm_bindgen::JsValue;
use web_sys::window;

/// Opens a link that core has given; from a frame, by the window around it, because frames open no
/// apps. Whether an app answers to it, no browser tells.
pub fn open(link: &str) {
    if let Some(window) = window() {
        let top = window.top().ok().flatten().unwrap_or(window);
        // Refused where the scheme is blocked; core offers other ways after a while.
        let _ = top.location().set_href(link);
    }
}

/// Whether the browser has just taken a link's way back, because the app is not there. The mark
/// that it left in the page's address is taken out again.
pub fn came_back_unopened() -> bool {
    let Some(window) = window() else { return false };
    let location = window.location();
    if location.hash().ok().as_deref() != Some(NOT_OPENED) {
        return false;
    }
    if let (Ok(history), Ok(href)) = (window.history(), location.href()) {
        let clean = href.strip_suffix(NOT_OPENED);
        // Refused only for another origin's address.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", clean);
    }
    true
}
