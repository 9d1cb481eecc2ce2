//! Where to go from a screen that is an end.

use checkout_core::checkout::Event;
use checkout_core::words;
use leptos::prelude::*;

use super::Ui;
use super::ui::word;

/// The buttons "Back to the shop" and "Check again", where there is reason for them.
#[component]
pub fn WayOn(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <button
            class="button"
            id="continue"
            data-testid="continue"
            type="button"
            hidden=ui.flag(|view| view.continue_to.is_none())
            on:click=ui.on_click(Event::ContinueTapped)
        >
            {words::CONTINUE}
        </button>
        <button
            class="button"
            id="retry"
            data-testid="retry"
            type="button"
            hidden=ui.flag(|view| !view.retry)
            aria-busy=ui.text(|view| word(view.busy))
            on:click=ui.on_click(Event::RetryTapped)
        >
            {ui.text(|view| if view.busy { words::RETRY_BUSY } else { words::RETRY })}
        </button>
    }
}
