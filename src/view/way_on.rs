//! Where to go from a screen that is an end.

use checkout_core::checkout::Event;
use checkout_core::words;
use leptos::prelude::*;

use super::Dispatch;

/// The buttons "Back to the shop" and "Check again", where there is reason for them.
#[component]
pub(super) fn WayOn(
    /// Whether there is a shop to go back to.
    continues: Memo<bool>,
    /// Whether there is a button to try again, and whether it is at work.
    retry: Memo<Option<bool>>,
) -> impl IntoView {
    let dispatch = Dispatch::from_context();
    let go_on = move |_| dispatch.send(Event::ContinueTapped);
    let try_again = move |_| dispatch.send(Event::RetryTapped);
    view! {
        <Show when=move || continues.get()>
            <button class="button" id="continue" data-testid="continue" type="button" on:click=go_on>
                {words::CONTINUE}
            </button>
        </Show>
        {move || {
            retry
                .get()
                .map(|busy| {
                    view! {
                        <button
                            class="button"
                            id="retry"
                            data-testid="retry"
                            type="button"
                            aria-busy=busy.to_string()
                            on:click=try_again
                        >
                            {if busy { words::RETRY_BUSY } else { words::RETRY }}
                        </button>
                    }
                })
        }}
    }
}
