//! Where to go from a screen that is an end.

use checkout_core::words;
use leptos::prelude::*;

use super::Ui;
use super::action::Action;

/// The buttons "Back to the shop" and "Check again", where there is reason for them.
#[component]
pub fn WayOn(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <Action
            ui
            id="continue"
            tone=""
            label=|_| words::CONTINUE
            shown=|view| view.continue_to.is_some()
        />
        <Action
            ui
            id="retry"
            tone=""
            label=|view| if view.busy { words::RETRY_BUSY } else { words::RETRY }
            shown=|view| view.retry
            busy=|view| view.busy
        />
    }
}
