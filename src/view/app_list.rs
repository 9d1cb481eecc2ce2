//! The UPI apps.

use checkout_core::apps::App;
use leptos::prelude::*;

use super::Ui;
use super::app_button::{AppButton, Place};

/// One row for each app.
#[component]
pub fn AppList(
    /// The checkout.
    ui: Ui,
    /// The apps that there can be, in order.
    apps: Vec<App>,
) -> impl IntoView {
    let row = |app| view! { <AppButton ui place=Place::List(app) /> };
    let rows: Vec<_> = apps.into_iter().map(row).collect();
    view! {
        <section class="app-list" hidden=ui.flag(|view| view.apps.is_empty())>
            <h2 class="app-list-heading">
                {ui.text(|view| view.apps_heading)}
            </h2>
            <div class="app-list-rows">{rows}</div>
        </section>
    }
}
