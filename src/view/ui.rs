//! How components read the view: every binding is made here.

use checkout_core::checkout::View;
use leptos::prelude::*;

/// Every component's hold on the checkout.
#[derive(Clone, Copy)]
pub struct Ui(ReadSignal<View>);

impl Ui {
    /// Ties components to a view.
    pub fn new(view: ReadSignal<View>) -> Self {
        Self(view)
    }

    /// A text, for an element or an attribute.
    pub(super) fn text(self, pick: fn(&View) -> &str) -> impl Fn() -> String + Send + 'static {
        move || self.0.with(|view| pick(view).to_owned())
    }

    /// The same, for a text that has to be made first.
    pub(super) fn made(self, make: fn(&View) -> String) -> impl Fn() -> String + Send + 'static {
        move || self.0.with(make)
    }

    /// Whether an attribute such as `hidden` is there.
    pub(super) fn flag(self, pick: fn(&View) -> bool) -> impl Fn() -> bool + Send + 'static {
        move || self.0.with(pick)
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
        move || self.0.with(|view| pick(view, which))
    }
}

/// The word for a yes or no in an ARIA attribute.
pub(super) fn word(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}
