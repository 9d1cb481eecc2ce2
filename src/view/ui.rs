//! What ties the components to the checkout.

use checkout_core::checkout::{Event, View};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// Every component's hold on the checkout: reads parts of the view, tells what the customer does.
#[derive(Clone, Copy)]
pub struct Ui {
    view: ReadSignal<View>,
    tell: UnsyncCallback<Event>,
}

impl Ui {
    /// Ties components to a view, and to whoever takes what the customer does.
    pub fn new(view: ReadSignal<View>, tell: impl Fn(Event) + 'static) -> Self {
        Self {
            view,
            tell: UnsyncCallback::new(tell),
        }
    }

    /// Tells of what the customer did.
    pub(super) fn tell(self, event: Event) {
        self.tell.try_run(event);
    }

    /// Tells of a click.
    pub(super) fn on_click(self, event: Event) -> impl Fn(MouseEvent) + 'static {
        move |_| self.tell(event.clone())
    }

    /// A text, for an element or an attribute.
    pub(super) fn text(self, pick: fn(&View) -> &str) -> impl Fn() -> String + Send + 'static {
        move || self.view.with(|view| pick(view).to_owned())
    }

    /// The same, for a text that has to be made first.
    pub(super) fn made(self, make: fn(&View) -> String) -> impl Fn() -> String + Send + 'static {
        move || self.view.with(make)
    }

    /// Whether an attribute such as `hidden` is there.
    pub(super) fn flag(self, pick: fn(&View) -> bool) -> impl Fn() -> bool + Send + 'static {
        move || self.view.with(pick)
    }

    /// What concerns one of several parts that are alike.
    pub(super) fn of<W, T>(
        self,
        which: W,
        pick: fn(&View, W) -> T,
    ) -> impl Fn() -> T + Send + 'static
    where
        W: Copy + Send + 'static,
        T: 'static,
    {
        move || self.view.with(|view| pick(view, which))
    }
}

/// The word for a yes or no in an ARIA attribute.
pub(super) fn word(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}
