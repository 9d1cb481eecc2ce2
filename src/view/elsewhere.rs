//! The way out of an app's own browser, or of a shop's page, where no UPI apps open.

use checkout_core::checkout::{Elsewhere, View};
use checkout_core::words;
use leptos::prelude::*;

use super::Ui;
use super::action::Action;
use super::line::Line;

/// Says so, and copies the page's address for a browser that opens apps.
#[component]
pub fn ElsewherePanel(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <section
            class="elsewhere"
            data-testid="elsewhere"
            hidden=ui.flag(|view| view.elsewhere.is_none())
        >
            <h2 class="elsewhere-heading">{words::ELSEWHERE}</h2>
            <p class="elsewhere-means">{words::ELSEWHERE_MEANS}</p>
            <Line
                ui
                class="elsewhere-address"
                text=|view| of(view, |elsewhere| &elsewhere.address)
            />
            <Action ui id="copy-address" label=|_| words::COPY_ADDRESS />
            <Line
                ui
                class="elsewhere-note"
                role="status"
                text=|view| of(view, |elsewhere| elsewhere.note)
            />
        </section>
    }
}

fn of(view: &View, part: fn(&Elsewhere) -> &str) -> &str {
    view.elsewhere.as_ref().map_or("", part)
}
