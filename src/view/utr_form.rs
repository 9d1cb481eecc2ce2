//! The form for customers who have paid already.

use checkout_core::checkout::{Event, Tone, UtrView, View};
use checkout_core::words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Ui;
use super::ui::word;

/// The form, folded away until it is asked for. It takes any text that is pasted: core finds the
/// digits in it.
#[component]
pub fn UtrForm(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    let typed = move |event| ui.tell(Event::UtrTyped(event_target_value(&event)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        ui.tell(Event::UtrSubmitted);
    };
    view! {
        <section class="utr-form" hidden=ui.flag(|view| view.utr.is_none())>
            <button
                class="utr-form-open"
                id="utr-open"
                data-testid="utr-open"
                type="button"
                aria-expanded=ui.text(|view| word(is(view, |utr| utr.open)))
                on:click=ui.on_click(Event::UtrTapped)
            >
                {words::UTR_OPEN}
            </button>
            <form
                class="utr-form-fields"
                novalidate
                hidden=ui.flag(|view| !is(view, |utr| utr.open))
                on:submit=submit
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
                    on:input=typed
                />
                <p
                    class="utr-form-message"
                    id="utr-message"
                    data-testid="utr-message"
                    role="status"
                >
                    {ui.text(|view| view.utr.as_ref().map_or("", |utr| &utr.message))}
                </p>
                <button
                    class="button"
                    id="utr-submit"
                    data-testid="utr-submit"
                    type="submit"
                    aria-busy=ui.text(|view| word(is(view, |utr| utr.busy)))
                >
                    {ui.text(|view| {
                        if is(view, |utr| utr.busy) { words::UTR_BUSY } else { words::UTR_SUBMIT }
                    })}
                </button>
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
