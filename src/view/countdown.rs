//! The time left.

use checkout_core::words;
use leptos::prelude::*;

use super::Ui;

/// Shows the time left, where the order has a deadline. A timer is not read out by itself; the
/// status line speaks up when time is short.
#[component]
pub fn Countdown(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <p class="countdown" role="timer" hidden=ui.flag(|view| view.countdown.is_none())>
            {words::TIME_LEFT}
            " "
            <bdi class="countdown-left" dir="ltr" data-testid="countdown">
                {ui.text(|view| view.countdown.as_deref().unwrap_or_default())}
            </bdi>
        </p>
    }
}
