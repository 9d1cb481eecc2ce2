//! A line of text that changes with the checkout.

use checkout_core::checkout::View;
use leptos::prelude::*;

use super::Ui;

/// A paragraph.
#[component]
pub fn Line(
    /// The checkout.
    ui: Ui,
    /// Its class.
    class: &'static str,
    /// What it says; nothing is seen of an empty one.
    text: fn(&View) -> &str,
    /// Its id and test hook, where it has one.
    #[prop(optional)]
    id: Option<&'static str>,
    /// `status` where it is read out when it changes.
    #[prop(optional)]
    role: Option<&'static str>,
) -> impl IntoView {
    view! {
        <p class=class id=id data-testid=id role=role>
            {ui.text(text)}
        </p>
    }
}
