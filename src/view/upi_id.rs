//! The payee's UPI id, to copy.

use checkout_core::checkout::{Event, View};
use checkout_core::words;
use leptos::prelude::*;

use super::Ui;

/// The UPI id with a button that copies it.
#[component]
pub fn UpiId(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <section class="upi-id" hidden=ui.flag(|view| upi_id(view).is_empty())>
            <p class="upi-id-text">
                <span class="upi-id-label">{words::UPI_ID}</span>
                " "
                <bdi class="upi-id-value" dir="ltr" data-testid="upi-id">
                    {ui.text(upi_id)}
                </bdi>
            </p>
            <button
                class="button"
                data-tone="quiet"
                id="copy-upi-id"
                data-testid="copy-upi-id"
                type="button"
                on:click=ui.on_click(Event::CopyTapped)
            >
                {words::COPY}
                <span class="visually-hidden">" " {words::UPI_ID}</span>
            </button>
            <p class="upi-id-note" role="status">
                {ui.text(|view| view.copy_note)}
            </p>
        </section>
    }
}

fn upi_id(view: &View) -> &str {
    let payee = view.payee.as_ref();
    payee
        .and_then(|payee| payee.upi_id.as_deref())
        .unwrap_or_default()
}
