//! The heading, with a sign that fits it.

use checkout_core::checkout::{Screen, View};
use leptos::prelude::*;

use super::Ui;
use super::line::Line;

/// Says where the order stands. The heading can take the focus, so that it is read out.
#[component]
pub fn Headline(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <header class="headline">
            <svg class="headline-sign" viewBox="0 0 64 64" aria-hidden="true">
                <circle cx="32" cy="32" r="29" />
                <path d=ui.text(sign) pathLength="1" />
            </svg>
            <h1 class="headline-text" tabindex="-1">
                {ui.text(|view| &view.headline)}
            </h1>
            <Line ui class="headline-explanation" text=|view| &view.explanation />
        </header>
    }
}

/// The sign inside the circle, drawn as lines.
fn sign(view: &View) -> &str {
    match view.screen {
        Screen::Loading | Screen::Pay => "",
        Screen::Paid => "M19 33.5l9 9 18-20",
        Screen::Expired => "M32 17v16l10 6",
        Screen::Failed => "M22 22l20 20M42 22l-20 20",
        Screen::Unavailable => "M32 17v20M32 45v1",
    }
}
