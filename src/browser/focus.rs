//! The keyboard's place on the page, kept where a change of the page would lose it.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, HtmlElement, window};

/// Call it before the page changes. Once the change is drawn: where `read_heading` says so, the
/// heading gets the focus, so that it is read out; else whatever had the focus keeps it, even where
/// a link has taken the place of a button.
pub fn keep_through_change(read_heading: bool) {
    let Some(window) = window() else { return };
    let focused = window.document().and_then(|it| focused_id(&it));
    if focused.is_none() && !read_heading {
        return;
    }
    let restore = Closure::once_into_js(move || {
        restore(focused, read_heading);
    });
    // Refused only for a null callback.
    let _ = window.request_animation_frame(restore.unchecked_ref());
}

fn restore(focused: Option<String>, read_heading: bool) -> Option<()> {
    let document = window()?.document()?;
    let target = if read_heading {
        document.query_selector("h1").ok()?
    } else if focused_id(&document).is_none() {
        document.get_element_by_id(&focused?)
    } else {
        None
    };
    target?.dyn_ref::<HtmlElement>()?.focus().ok()
}

fn focused_id(document: &Document) -> Option<String> {
    Some(document.active_element()?.id()).filter(|id| !id.is_empty())
}
