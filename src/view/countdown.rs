//! The time left.

use checkout_core::words;
use leptos::prelude::*;

/// Shows the time left, where the order has a deadline. A timer is not read out by itself; the
/// status line speaks up when time is short.
#[component]
pub(super) fn Countdown(
    /// Such as `4:59`.
    left: Memo<Option<String>>,
) -> impl IntoView {
    let has_deadline = Memo::new(move |_| left.with(Option::is_some));
    view! {
        <Show when=move || has_deadline.get()>
            <p class="countdown" role="timer">
                {words::TIME_LEFT}
                " "
                <bdi class="countdown-left" dir="ltr" data-testid="countdown">
                    {move || left.get()}
                </bdi>
            </p>
        </Show>
    }
}
