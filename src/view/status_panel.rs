//! What goes on just now.

use leptos::prelude::*;

use super::Ui;
use super::app_button::{AppButton, Place};
use super::line::Line;
use super::ui::word;

/// The status line, which is read out when it changes; under it the chosen app, to open it again.
#[component]
pub fn StatusPanel(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <section
            class="status-panel"
            data-chosen=ui.text(|view| word(view.waiting.is_some()))
        >
            <p class="status-panel-line" role="status" aria-live="polite" data-testid="status">
                {ui.text(|view| &view.status)}
            </p>
            <Line
                ui
                class="status-panel-help"
                text=|view| view.waiting.as_ref().map_or("", |waiting| waiting.utr_help)
            />
            <AppButton ui place=Place::Again />
        </section>
    }
}
