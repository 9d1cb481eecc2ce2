//! The way to the page that takes a payment over.

use checkout_core::words;
use leptos::prelude::*;

use super::Ui;

/// A link that the browser follows by itself, in this very tab: the way back leads here again.
#[component]
pub fn WebLink(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <a
            class="button"
            id="continue-web"
            data-testid="continue-web"
            target="_top"
            href=ui.made(|view| view.web_page.clone().unwrap_or_default())
            hidden=ui.flag(|view| view.web_page.is_none())
        >
            {words::CONTINUE_ON_WEB}
        </a>
    }
}
