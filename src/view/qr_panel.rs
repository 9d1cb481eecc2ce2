//! The code.

use checkout_core::checkout::{Event, QrView};
use checkout_core::qr::Qr;
use checkout_core::words;
use leptos::prelude::*;

use super::Dispatch;

/// As wide as the code gets, in CSS pixels.
const WIDTH_MAX: usize = 300;
/// Below that many CSS pixels for a module, cameras have a hard time.
const MODULE_MIN: usize = 3;

/// The code on its white card. On a phone a button brings it up.
#[component]
pub(super) fn QrPanel(
    /// The code, where there is one.
    qr: Memo<Option<QrView>>,
    /// Whether the apps come first: the device is a phone, which cannot scan its own screen.
    apps_first: bool,
) -> impl IntoView {
    let dispatch = Dispatch::from_context();
    let tell = move |_| dispatch.send(Event::QrTapped);
    move || {
        qr.get().map(|QrView { drawn, label }| {
            let open = drawn.is_some();
            let toggle = apps_first.then(|| {
                view! {
                    <button
                        class="qr-panel-toggle app-button"
                        id="show-qr"
                        data-testid="show-qr"
                        type="button"
                        aria-expanded=open.to_string()
                        on:click=tell
                    >
                        <span class="app-button-mark" data-app="qr" aria-hidden="true"></span>
                        <span class="app-button-name">
                            {if open { words::HIDE_QR } else { words::SHOW_QR }}
                        </span>
                    </button>
                }
            });
            let code = drawn.map(|qr| {
                let Qr { size, path } = &*qr;
                let width = width(*size);
                view! {
                    <h2 class="qr-panel-heading">{words::SCAN}</h2>
                    <div class="qr-panel-card" data-testid="qr">
                        <svg
                            role="img"
                            aria-label=label
                            width=width
                            height=width
                            viewBox=format!("0 0 {size} {size}")
                            shape-rendering="crispEdges"
                        >
                            <path fill="#000" d=path.clone() />
                        </svg>
                    </div>
                }
            });
            view! { <section class="qr-panel">{toggle} {code}</section> }
        })
    }
}

/// A whole number of CSS pixels for each module: every module is as large as the others.
fn width(modules: usize) -> usize {
    let module = WIDTH_MAX.checked_div(modules).unwrap_or_default();
    modules.saturating_mul(module.max(MODULE_MIN))
}
