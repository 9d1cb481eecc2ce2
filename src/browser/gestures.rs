//! What the customer does on the page: taps, keys, typing, sending a form.

use checkout_core::checkout::Event;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlInputElement, KeyboardEvent, window};

use super::listener::Listener;

/// Tells of gestures as long as it lives.
pub struct Gestures {
    _listeners: Vec<Listener>,
}

impl Gestures {
    /// Tells `tell` of each from now on. `tap` says what a tap on the element with an id means.
    pub fn watch(tap: fn(&str) -> Option<Event>, tell: impl Fn(Event) + Clone + 'static) -> Self {
        let mut listeners = Vec::new();
        if let Some(document) = window().and_then(|window| window.document()) {
            let mut on = |kind, event: fn(&web_sys::Event, &Element, Tap) -> Option<Event>| {
                let tell = tell.clone();
                // On the way down, because a popover's events do not come up again.
                listeners.push(Listener::capturing(&document, kind, move |happened| {
                    let target = happened.target().and_then(as_element);
                    if let Some(event) = target.and_then(|target| event(&happened, &target, tap)) {
                        tell(event);
                    }
                }));
            };
            on("click", tapped);
            on("input", typed);
            on("submit", sent);
            on("toggle", toggled);
            on("keydown", pressed);
        }
        Self {
            _listeners: listeners,
        }
    }
}

type Tap = fn(&str) -> Option<Event>;

fn as_element(target: EventTarget) -> Option<Element> {
    target.dyn_into().ok()
}

fn tapped(_: &web_sys::Event, target: &Element, tap: Tap) -> Option<Event> {
    tap(&target.closest("[id]").ok()??.id())
}

fn typed(_: &web_sys::Event, target: &Element, _: Tap) -> Option<Event> {
    let input: &HtmlInputElement = target.dyn_ref()?;
    Some(Event::UtrTyped(input.value()))
}

fn sent(happened: &web_sys::Event, _: &Element, _: Tap) -> Option<Event> {
    happened.prevent_default();
    Some(Event::UtrSubmitted)
}

fn pressed(happened: &web_sys::Event, _: &Element, _: Tap) -> Option<Event> {
    let key: &KeyboardEvent = happened.dyn_ref()?;
    (key.key() == "Escape").then_some(Event::EscPressed)
}

/// The code's popover, the only one, was opened or closed by the browser.
fn toggled(_: &web_sys::Event, target: &Element, _: Tap) -> Option<Event> {
    Some(Event::QrEnlarged(target.matches(":popover-open").ok()?))
}
