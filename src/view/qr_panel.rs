//! The code: at its place, over the whole screen, and as a picture to keep.

use checkout_core::checkout::{QrView, View};
use checkout_core::qr::Qr;
use checkout_core::words;
use leptos::prelude::*;

use super::Ui;
use super::action::Action;
use super::line::Line;
use super::ui::word;

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
            >
                <span class="app-button-mark" data-app="qr" aria-hidden="true"></span>
                <span class="app-button-name">
                    {ui.text(|view| if drawn(view).is_some() { words::HIDE_QR } else { words::SHOW_QR })}
                </span>
            </button>
            <div class="qr-panel-body" hidden=ui.flag(is_away)>
                <h2 class="qr-panel-heading">{words::SCAN}</h2>
                <button
                    class="qr-panel-card"
                    id="enlarge-qr"
                    data-testid="qr"
                    type="button"
                    aria-describedby="qr-hint"
                    popovertarget="qr-large"
                >
                    <svg
                        role="img"
                        aria-label=ui.text(|view| of(view, |qr| &qr.label))
                        width=ui.text(|view| width(view, |qr| &qr.width))
                        viewBox=ui.made(view_box)
                        shape-rendering="crispEdges"
                    >
                        <path
                            id="qr-path"
                            fill="#000"
                            d=ui.text(|view| drawn(view).map_or("", |qr| &qr.path))
                        />
                    </svg>
                </button>
                <p class="qr-panel-hint" id="qr-hint">
                    {words::ENLARGE_QR}
                </p>
                <div class="qr-panel-actions">
                    <Action ui id="save-qr" label=|_| words::SAVE_QR />
                    <Action
                        ui
                        id="share-qr"
                        label=|_| words::SHARE_QR
                        shown=|view| view.qr.as_ref().is_some_and(|qr| qr.can_share)
                    />
                </div>
                <Line
                    ui
                    class="qr-panel-note"
                    role="status"
                    text=|view| of(view, |qr| qr.picture_note)
                />
                <Line ui class="qr-panel-help" text=|view| of(view, |qr| qr.picture_help) />
                <QrLarge ui />
            </div>
        </section>
    }
}

/// The code over everything else. The browser itself brings it up and takes it away: by the two
/// buttons, by Esc, by Android's Back.
#[component]
fn QrLarge(
    /// The checkout.
    ui: Ui,
) -> impl IntoView {
    view! {
        <div
            class="qr-large"
            id="qr-large"
            data-testid="qr-large"
            popover
        >
            <svg
                aria-hidden="true"
                width=ui.text(|view| width(view, |qr| &qr.width_large))
                viewBox=ui.made(view_box)
                shape-rendering="crispEdges"
            >
                <use href="#qr-path"></use>
            </svg>
            <Line ui class="qr-large-lines" text=|view| of(view, |qr| &qr.lines) />
            <button
                class="button"
                id="close-qr"
                data-testid="close-qr"
                type="button"
                popovertarget="qr-large"
                popovertargetaction="hide"
            >
                {words::CLOSE}
            </button>
        </div>
    }
}

fn of(view: &View, part: fn(&QrView) -> &str) -> &str {
    view.qr.as_ref().map_or("", part)
}

/// An SVG's width must be a number, also of one that is not to be seen.
fn width(view: &View, part: fn(&QrView) -> &str) -> &str {
    view.qr.as_ref().map_or("0", part)
}

fn drawn(view: &View) -> Option<&Qr> {
    view.qr.as_ref()?.drawn.as_deref()
}

fn view_box(view: &View) -> String {
    let size = drawn(view).map_or(0, |qr| qr.size);
    format!("0 0 {size} {size}")
}
