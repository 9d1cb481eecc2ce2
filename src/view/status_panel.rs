//! What goes on just now.

use checkout_core::checkout::Waiting;
use leptos::prelude::*;

use super::open_again::OpenAgain;

/// The status line, which is read out when it changes, and the chosen app under it.
#[component]
pub(super) fn StatusPanel(
    /// The status.
    status: Memo<String>,
    /// The app that was chosen.
    waiting: Memo<Option<Waiting>>,
) -> impl IntoView {
    view! {
        <section class="status-panel" data-chosen=move || waiting.with(Option::is_some).to_string()>
            <p class="status-panel-line" role="status" aria-live="polite" data-testid="status">
                {move || status.get()}
            </p>
            {move || {
                waiting
                    .get()
                    .map(|Waiting { app, href, opening, utr_help }| {
                        view! {
                            <OpenAgain app href opening />
                            <p class="status-panel-help">{utr_help}</p>
                        }
                    })
            }}
        </section>
    }
}
