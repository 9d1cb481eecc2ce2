//! The heading, with a sign that fits it.

use checkout_core::checkout::Screen;
use leptos::prelude::*;

/// Says where the order stands. The heading can take the focus, so that it is read out.
#[component]
pub(super) fn Headline(
    /// Which screen it heads.
    screen: Memo<Screen>,
    /// Its text.
    headline: Memo<String>,
    /// What it means; may be empty.
    explanation: Memo<String>,
) -> impl IntoView {
    view! {
        <header class="headline">
            <svg class="headline-sign" viewBox="0 0 64 64" aria-hidden="true">
                <circle cx="32" cy="32" r="29" />
                <path d=move || sign(screen.get()) pathLength="1" />
            </svg>
            <h1 class="headline-text" tabindex="-1">
                {move || headline.get()}
            </h1>
            <p class="headline-explanation">{move || explanation.get()}</p>
        </header>
    }
}

/// The sign inside the circle, drawn as lines.
fn sign(screen: Screen) -> &'static str {
    match screen {
        Screen::Loading | Screen::Pay => "",
        Screen::Paid => "M19 33.5l9 9 18-20",
        Screen::Expired => "M32 17v16l10 6",
        Screen::Failed => "M22 22l20 20M42 22l-20 20",
        Screen::Unavailable => "M32 17v20M32 45v1",
    }
}
