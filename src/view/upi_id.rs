//! The payee's UPI id, to copy.

use checkout_core::checkout::View;
use checkout_core::words;
use leptos::prelude::*;

use super::Ui;
use super::action::Action;
use super::line::Line;

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
            <Action ui id="copy-upi-id" label=|_| words::COPY of_what=words::UPI_ID />
            <Line ui class="upi-id-note" role="status" text=|view| view.copy_note />
        </section>
    }
}

fn upi_id(view: &View) -> &str {
    let payee = view.payee.as_ref();
    payee
        .and_then(|payee| payee.upi_id.as_deref())
        .unwrap_or_default()
}
