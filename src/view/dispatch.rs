//! The way of the customer's doings to the driver.

use checkout_core::checkout::Event;
use leptos::prelude::*;

/// Takes what the customer does. Every component finds it in its context.
#[derive(Clone, Copy)]
pub struct Dispatch(UnsyncCallback<Event>);

impl Dispatch {
    /// Hands every event to `take`.
    pub fn new(take: impl Fn(Event) + 'static) -> Self {
        Self(UnsyncCallback::new(take))
    }

    /// The one in context; without one, what the customer does has no effect.
    pub(super) fn from_context() -> Self {
        use_context().unwrap_or_else(|| Self::new(drop))
    }

    /// Tells of one event.
    pub(super) fn send(self, event: Event) {
        self.0.try_run(event);
    }
}
