//! The notice that there is no network.

use checkout_core::words;
use leptos::prelude::*;

use super::Ui;

/// A banner over everything. The status line says the same aloud.
#[component]
pub fn OfflineNotice(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <p class="offline-notice" data-testid="offline" hidden=ui.flag(|view| !view.offline)>
            {words::OFFLINE}
        </p>
    }
}
