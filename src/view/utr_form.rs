//! The form for customers who have paid already.

use checkout_core::checkout::{Tone, UtrView, View};
use checkout_core::words;
use leptos::prelude::*;

use super::Ui;
use super::action::Action;
use super::line::Line;
use super::ui::word;

/// The form, folded away until it is asked for. It takes any text that is pasted: core finds the
/// digits in it.
#[component]
pub fn UtrForm(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <section class="utr-form" hidden=ui.flag(|view| view.utr.is_none())>
            <button
                class="utr-form-open"
                id="utr-open"
                data-testid="utr-open"
                type="button"
                aria-expanded=ui.text(|view| word(is(view, |utr| utr.open)))
            >
                {words::UTR_OPEN}
            </button>
            <form
                class="utr-form-fields"
                novalidate
                hidden=ui.flag(|view| !is(view, |utr| utr.open))
            >
                <label class="utr-form-label" for="utr">
                    {words::UTR_LABEL}
                </label>
                <p class="utr-form-means" id="utr-means">
                    {words::UTR_MEANS}
                </p>
                <input
                    class="utr-form-input"
                    id="utr"
                    data-testid="utr-input"
                    name="utr"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    spellcheck="false"
                    dir="ltr"
                    aria-describedby="utr-message utr-means"
                    aria-invalid=ui.text(|view| word(is(view, is_problem)))
                />
                <Line
                    ui
                    class="utr-form-message"
                    id="utr-message"
                    role="status"
                    text=|view| view.utr.as_ref().map_or("", |utr| &utr.message)
                />
                <Action
                    ui
                    id="utr-submit"
                    tone=""
                    kind="submit"
                    label=|view| {
                        if is(view, |utr| utr.busy) { words::UTR_BUSY } else { words::UTR_SUBMIT }
                    }
                    busy=|view| is(view, |utr| utr.busy)
                />
            </form>
        </section>
    }
}

fn is(view: &View, what: fn(&UtrView) -> bool) -> bool {
    view.utr.as_ref().is_some_and(what)
}

fn is_problem(utr: &UtrView) -> bool {
    utr.tone == Tone::Problem
}
