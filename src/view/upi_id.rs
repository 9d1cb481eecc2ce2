//! The payee's UPI id, to copy.

use checkout_core::checkout::{Event, Payee};
use checkout_core::words;
use leptos::prelude::*;

use super::Dispatch;

/// The UPI id with a button that copies it.
#[component]
pub(super) fn UpiId(
    /// The payee, whose UPI id may be offered or not.
    payee: Memo<Option<Payee>>,
    /// What became of copying; may be empty.
    note: Memo<&'static str>,
) -> impl IntoView {
    let dispatch = Dispatch::from_context();
    let copy = move |_| dispatch.send(Event::CopyTapped);
    move || {
        payee.get().and_then(|payee| payee.upi_id).map(|upi_id| {
            view! {
                <section class="upi-id">
                    <p class="upi-id-text">
                        <span class="upi-id-label">{words::UPI_ID}</span>
                        " "
                        <bdi class="upi-id-value" dir="ltr" data-testid="upi-id">{upi_id}</bdi>
                    </p>
                    <button
                        class="button"
                        data-tone="quiet"
                        id="copy-upi-id"
                        data-testid="copy-upi-id"
                        type="button"
                        on:click=copy
                    >
                        {words::COPY}
                        <span class="visually-hidden">" " {words::UPI_ID}</span>
                    </button>
                    <p class="upi-id-note" role="status">{move || note.get()}</p>
                </section>
            }
        })
    }
}
