//! A button.

use checkout_core::checkout::View;
use leptos::prelude::*;

use super::Ui;
use super::ui::word;

/// A button that says what it does. What that is stands in [`super::taps`], under its id.
#[component]
pub fn Action(
    /// The checkout.
    ui: Ui,
    /// Its id and test hook.
    id: &'static str,
    /// Its text.
    label: fn(&View) -> &str,
    /// Words for those who cannot see what stands around it.
    #[prop(default = "")]
    of_what: &'static str,
    /// `quiet` where it is not the one thing to do.
    #[prop(default = "quiet")]
    tone: &'static str,
    /// `submit` where it sends a form.
    #[prop(default = "button")]
    kind: &'static str,
    /// Whether it is there.
    #[prop(default = |_| true)]
    shown: fn(&View) -> bool,
    /// Whether its work is going on.
    #[prop(default = |_| false)]
    busy: fn(&View) -> bool,
) -> impl IntoView {
    view! {
        <button
            class="button"
            data-tone=tone
            id=id
            data-testid=id
            type=kind
            hidden=ui.of(shown, |view, shown| !shown(view))
            aria-busy=ui.of(busy, |view, busy| word(busy(view)).to_owned())
        >
            {ui.text(label)}
            <span class="visually-hidden">{of_what}</span>
        </button>
    }
}
