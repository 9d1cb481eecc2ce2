//! The notice that there is no network.

use checkout_core::words;
use leptos::prelude::*;

/// A banner over everything. The status line says the same aloud.
#[component]
pub(super) fn OfflineNotice(
    /// Whether it is shown.
    offline: Memo<bool>,
) -> impl IntoView {
    view! {
        <Show when=move || offline.get()>
            <p class="offline-notice" data-testid="offline">
                {words::OFFLINE}
            </p>
        </Show>
    }
}
