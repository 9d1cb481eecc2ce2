//! What happens to the page: whether it can be seen and has the focus, its size, whether the browser thinks that it is online.

use checkout_core::checkout::Event;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, PageTransitionEvent, VisibilityState, window};

use super::listener::Listener;
use super::{launch, room};

/// Tells of changes as long as it lives.
pub struct Lifecycle {
    _listeners: Vec<Listener>,
}

impl Lifecycle {
    /// Tells `tell` of each change from now on.
    pub fn watch(tell: impl Fn(Event) + Clone + 'static) -> Self {
        let mut listeners = Vec::new();
        if let Some(window) = window() {
            let mut on =
                |target: &EventTarget, kind, event: fn(&web_sys::Event) -> Option<Event>| {
                    let tell = tell.clone();
                    listeners.push(Listener::new(target, kind, move |happened| {
                        if let Some(event) = event(&happened) {
                            tell(event);
                        }
                    }));
                };
            on(&window, "pagehide", |_| Some(Event::Hidden));
            on(&window, "pageshow", came_back);
            on(&window, "focus", |_| Some(Event::Focused(true)));
            on(&window, "blur", |_| Some(Event::Focused(false)));
            on(&window, "resize", |_| Some(Event::Resized(room::read())));
            on(&window, "hashchange", |_| {
                launch::came_back_unopened().then_some(Event::NotOpened)
            });
            on(&window, "online", |_| Some(Event::Online(true)));
            on(&window, "offline", |_| Some(Event::Online(false)));
            if let Some(document) = window.document() {
                on(&document, "visibilitychange", |_| {
                    Some(if is_visible() {
                        Event::Shown
                    } else {
                        Event::Hidden
                    })
                });
            }
        }
        Self {
            _listeners: listeners,
        }
    }
}

/// Only the way back from the back/forward cache counts: the first load is no return.
fn came_back(event: &web_sys::Event) -> Option<Event> {
    let event: &PageTransitionEvent = event.dyn_ref()?;
    event.persisted().then_some(Event::Shown)
}

/// Whether the page can be seen just now.
pub fn is_visible() -> bool {
    window()
        .and_then(|window| window.document())
        .is_none_or(|document| document.visibility_state() != VisibilityState::Hidden)
}

/// Whether the browser thinks that it is online.
pub fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}
