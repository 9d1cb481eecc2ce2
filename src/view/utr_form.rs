//! The form for customers who have paid already.

use checkout_core::checkout::{Event, Tone, UtrView};
use checkout_core::words;
use leptos::prelude::*;

use super::Dispatch;

/// The form, folded away until it is asked for. It takes any text that is pasted: core finds the
/// digits in it.
#[component]
pub(super) fn UtrForm(
    /// The form, where a UTR can be given.
    utr: Memo<Option<UtrView>>,
) -> impl IntoView {
    let dispatch = Dispatch::from_context();
    let toggle = move |_| dispatch.send(Event::UtrTapped);
    move || {
        utr.get().map(|utr| {
            let open = utr.open;
            let form = open.then(|| view! { <Form utr /> });
            view! {
                <section class="utr-form">
                    <button
                        class="utr-form-open"
                        id="utr-open"
                        data-testid="utr-open"
                        type="button"
                        aria-expanded=open.to_string()
                        on:click=toggle
                    >
                        {words::UTR_OPEN}
                    </button>
                    {form}
                </section>
            }
        })
    }
}

#[component]
fn Form(
    /// What it holds.
    utr: UtrView,
) -> impl IntoView {
    let dispatch = Dispatch::from_context();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        dispatch.send(Event::UtrSubmitted);
    };
    let typed = move |event| dispatch.send(Event::UtrTyped(event_target_value(&event)));
    let is_problem = utr.tone == Tone::Problem;
    view! {
        <form class="utr-form-fields" novalidate on:submit=submit>
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
                aria-invalid=is_problem.to_string()
                prop:value=utr.draft
                on:input=typed
            />
            <p
                class="utr-form-message"
                id="utr-message"
                data-testid="utr-message"
                data-tone=if is_problem { "problem" } else { "plain" }
                role="status"
            >
                {utr.message}
            </p>
            <button
                class="button"
                id="utr-submit"
                data-testid="utr-submit"
                type="submit"
                aria-busy=utr.busy.to_string()
            >
                {if utr.busy { words::UTR_BUSY } else { words::UTR_SUBMIT }}
            </button>
        </form>
    }
}
