//! What is paid.

use checkout_core::checkout::Amounts;
use checkout_core::words;
use leptos::prelude::*;

/// The amount to pay; under it what it was before the discount, and what was taken off.
#[component]
pub(super) fn Amount(
    /// The amounts, once the order is known.
    amounts: Memo<Option<Amounts>>,
    /// A remark; may be empty.
    note: Memo<&'static str>,
) -> impl IntoView {
    move || {
        amounts.get().map(|Amounts { payable, discount }| {
            let discount = discount.map(|(original, off)| view! { <Discount original off /> });
            view! {
                <div class="amount">
                    <p class="amount-label">{words::AMOUNT}</p>
                    <p class="amount-payable">
                        <bdi dir="ltr" data-testid="amount">{payable}</bdi>
                    </p>
                    {discount}
                    <p class="amount-note">{move || note.get()}</p>
                </div>
            }
        })
    }
}

#[component]
fn Discount(
    /// The amount before.
    original: String,
    /// What was taken off.
    off: String,
) -> impl IntoView {
    view! {
        <p class="amount-discount">
            <span class="visually-hidden">{words::ORIGINAL} " "</span>
            <s>
                <bdi dir="ltr" data-testid="amount-original">{original}</bdi>
            </s>
            " "
            <span class="amount-off" data-testid="discount">
                {words::DISCOUNT}
                " "
                <bdi dir="ltr">"− " {off}</bdi>
            </span>
        </p>
    }
}
