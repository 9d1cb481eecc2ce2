//! What is paid.

use checkout_core::checkout::View;
use checkout_core::words;
use leptos::prelude::*;

use super::Ui;
use super::line::Line;

/// The amount to pay; under it what it was before the discount, and what was taken off.
#[component]
pub fn Amount(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <div class="amount">
            <p class="amount-label">{words::AMOUNT}</p>
            <p class="amount-payable">
                <bdi dir="ltr" data-testid="amount">
                    {ui.text(payable)}
                </bdi>
            </p>
            <p class="amount-discount" hidden=ui.flag(|view| original(view).is_empty())>
                <span class="visually-hidden">{words::ORIGINAL} " "</span>
                <s>
                    <bdi dir="ltr" data-testid="amount-original">
                        {ui.text(original)}
                    </bdi>
                </s>
                " "
                <span class="amount-off" data-testid="discount">
                    {words::DISCOUNT}
                    " "
                    <bdi dir="ltr">"− " {ui.text(off)}</bdi>
                </span>
            </p>
            <Line ui class="amount-note" text=|view| view.amount_note />
        </div>
    }
}

fn payable(view: &View) -> &str {
    view.amounts.as_ref().map_or("", |amounts| &amounts.payable)
}

fn original(view: &View) -> &str {
    discount(view).map_or("", |(original, _)| original)
}

fn off(view: &View) -> &str {
    discount(view).map_or("", |(_, off)| off)
}

fn discount(view: &View) -> Option<&(String, String)> {
    view.amounts.as_ref()?.discount.as_ref()
}
