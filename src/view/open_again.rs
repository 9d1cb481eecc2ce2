//! The chosen app, once more.

use checkout_core::apps::App;
use checkout_core::checkout::Event;
use checkout_core::words;
use leptos::either::Either;
use leptos::prelude::*;

use super::Dispatch;

/// Opens the chosen app again.
#[component]
pub(super) fn OpenAgain(
    /// The app.
    app: App,
    /// Its link; `None`: a button.
    href: Option<String>,
    /// Whether it is being opened just now.
    opening: bool,
) -> impl IntoView {
    let dispatch = Dispatch::from_context();
    let tell = move |_| dispatch.send(Event::OpenAgainTapped);
    let text = words::open_again(app);
    match href {
        Some(href) => Either::Left(view! {
            <a class="button" id="open-again" data-testid="open-again" href=href on:click=tell>
                {text}
            </a>
        }),
        None => Either::Right(view! {
            <button
                class="button"
                id="open-again"
                data-testid="open-again"
                type="button"
                aria-busy=opening.to_string()
                on:click=tell
            >
                {text}
            </button>
        }),
    }
}
