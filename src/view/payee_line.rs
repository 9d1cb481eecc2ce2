//! Who is paid.

use checkout_core::checkout::View;
use checkout_core::config::Brand;
use leptos::prelude::*;

use super::Ui;

/// The payee's name beside the merchant's logo, or beside the name's first letter.
#[component]
pub fn PayeeLine(
    /// The checkout.
    ui: Ui,
    /// The merchant's looks.
    brand: Brand,
) -> impl IntoView {
    let has_logo = brand.logo.is_some();
    view! {
        <p class="payee" hidden=ui.flag(|view| name(view).is_empty())>
            <img class="payee-mark" src=brand.logo alt="" hidden=!has_logo />
            <span class="payee-mark" aria-hidden="true" hidden=has_logo>
                {ui.text(first_letter)}
            </span>
            <bdi class="payee-name" data-testid="payee">
                {ui.text(name)}
            </bdi>
        </p>
    }
}

fn name(view: &View) -> &str {
    view.payee.as_ref().map_or("", |payee| payee.name.trim())
}

fn first_letter(view: &View) -> &str {
    let name = name(view);
    let end = name.char_indices().nth(1).map(|(at, _)| at);
    name.get(..end.unwrap_or(name.len())).unwrap_or_default()
}
