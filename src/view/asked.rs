//! A request that waits in the payer's app.

use checkout_core::words;
use leptos::prelude::*;

use super::Ui;
use super::line::Line;

/// Says who was asked, and what to do there.
#[component]
pub fn Asked(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <section class="asked" hidden=ui.flag(|view| view.asked.is_empty())>
            <h2 class="asked-heading">{words::APPROVE}</h2>
            <Line ui class="asked-means" text=|view| &view.asked />
        </section>
    }
}
