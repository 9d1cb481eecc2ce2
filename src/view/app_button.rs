//! One UPI app.

use checkout_core::checkout::{AppButton as Button, Event};
use leptos::either::Either;
use leptos::prelude::*;

use super::Dispatch;

/// A link that the browser follows by itself, which is what it trusts most; or a button, where there
/// is work to do before.
#[component]
pub(super) fn AppButton(
    /// The app and its link.
    button: Button,
) -> impl IntoView {
    let Button { app, href, busy } = button;
    let dispatch = Dispatch::from_context();
    let tell = move |_| dispatch.send(Event::AppTapped(app));
    let hook = ["app-", app.id()].concat();
    let face = view! {
        <span class="app-button-mark" data-app=app.id() aria-hidden="true"></span>
        <span class="app-button-name">{app.name()}</span>
    };
    match href {
        Some(href) => Either::Left(view! {
            <a class="app-button" id=hook.clone() data-testid=hook href=href on:click=tell>
                {face}
            </a>
        }),
        None => Either::Right(view! {
            <button
                class="app-button"
                id=hook.clone()
                data-testid=hook
                type="button"
                aria-busy=busy.to_string()
                on:click=tell
            >
                {face}
            </button>
        }),
    }
}
