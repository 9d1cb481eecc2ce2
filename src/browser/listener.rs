//! One event listener, removed when it is dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

pub(super) struct Listener {
    target: EventTarget,
    kind: &'static str,
    capture: bool,
    callback: Closure<dyn Fn(Event)>,
}

impl Listener {
    pub(super) fn new(
        target: &EventTarget,
        kind: &'static str,
        callback: impl Fn(Event) + 'static,
    ) -> Self {
        Self::add(target, kind, false, Closure::new(callback))
    }

    /// One that hears of an event on its way down to where it happens.
    pub(super) fn capturing(
        target: &EventTarget,
        kind: &'static str,
        callback: impl Fn(Event) + 'static,
    ) -> Self {
        Self::add(target, kind, true, Closure::new(callback))
    }

    fn add(
        target: &EventTarget,
        kind: &'static str,
        capture: bool,
        callback: Closure<dyn Fn(Event)>,
    ) -> Self {
        let function = callback.as_ref().unchecked_ref();
        // Refused only for a null callback.
        let _ = target.add_event_listener_with_callback_and_bool(kind, function, capture);
        Self {
            target: target.clone(),
            kind,
            capture,
            callback,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool(
            self.kind,
            callback,
            self.capture,
        );
    }
}
