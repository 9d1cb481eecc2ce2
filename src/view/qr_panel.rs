//! The code.

use checkout_core::checkout::{Event, View};
use checkout_core::qr::Qr;
use checkout_core::words;
use leptos::prelude::*;

use super::Ui;
use super::ui::word;

/// As wide as the code gets, in CSS pixels.
const WIDTH_MAX: usize = 300;
/// Below that many CSS pixels for a module, cameras have a hard time.
const MODULE_MIN: usize = 3;

/// The code on its white card. On a phone, which cannot scan its own screen, a button brings it up.
#[component]
pub fn QrPanel(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    let is_away = |view: &View| drawn(view).is_none();
    view! {
        <section class="qr-panel" hidden=ui.flag(|view| view.qr.is_none())>
            <button
                class="qr-panel-toggle app-button"
                id="show-qr"
                data-testid="show-qr"
                type="button"
                hidden=ui.flag(|view| !view.apps_first)
                aria-expanded=ui.text(|view| word(drawn(view).is_some()))
                on:click=ui.on_click(Event::QrTapped)
            >
                <span class="app-button-mark" data-app="qr" aria-hidden="true"></span>
                <span class="app-button-name">
                    {ui.text(|view| if drawn(view).is_some() { words::HIDE_QR } else { words::SHOW_QR })}
                </span>
            </button>
            <h2 class="qr-panel-heading" hidden=ui.flag(is_away)>
                {words::SCAN}
            </h2>
            <div class="qr-panel-card" data-testid="qr" hidden=ui.flag(is_away)>
                <svg
                    role="img"
                    aria-label=ui.text(|view| view.qr.as_ref().map_or("", |qr| &qr.label))
                    width=ui.made(|view| width(size(view)).to_string())
                    viewBox=ui.made(view_box)
                    shape-rendering="crispEdges"
                >
                    <path fill="#000" d=ui.text(|view| drawn(view).map_or("", |qr| &qr.path)) />
                </svg>
            </div>
        </section>
    }
}

fn drawn(view: &View) -> Option<&Qr> {
    view.qr.as_ref()?.drawn.as_deref()
}

fn size(view: &View) -> usize {
    drawn(view).map_or(0, |qr| qr.size)
}

fn view_box(view: &View) -> String {
    let size = size(view);
    format!("0 0 {size} {size}")
}

/// A whole number of CSS pixels for each module: every module is as large as the others.
fn width(modules: usize) -> usize {
    let module = WIDTH_MAX.checked_div(modules).unwrap_or_default();
    modules.saturating_mul(module.max(MODULE_MIN))
}
