//! Who is paid.

use checkout_core::checkout::Payee;
use checkout_core::config::Brand;
use leptos::prelude::*;

/// The payee's name beside the merchant's logo, or beside the name's first letter.
#[component]
pub(super) fn PayeeLine(
    /// The payee, once the order is known.
    payee: Memo<Option<Payee>>,
    /// The merchant's looks.
    brand: Brand,
) -> impl IntoView {
    let logo = StoredValue::new(brand.logo);
    let name = move || {
        payee
            .get()
            .map(|payee| payee.name)
            .filter(|name| !name.is_empty())
    };
    move || {
        name().map(|name| {
            let mark = match logo.get_value() {
                Some(src) => view! { <img class="payee-mark" src=src alt="" /> }.into_any(),
                None => {
                    let first: String = name.trim_start().chars().take(1).collect();
                    view! { <span class="payee-mark" aria-hidden="true">{first}</span> }.into_any()
                }
            };
            view! {
                <p class="payee">
                    {mark}
                    <bdi class="payee-name" data-testid="payee">{name}</bdi>
                </p>
            }
        })
    }
}
