//! One UPI app.

use checkout_core::apps::App;
use checkout_core::checkout::View;
use checkout_core::words;
use leptos::prelude::*;

use super::ui::word;
use super::{Ui, taps};

/// Which of the buttons that open an app.
#[derive(Clone, Copy)]
pub enum Place {
    /// The app's row in the list.
    List(App),
    /// The chosen app, once more.
    Again,
}

/// Opens an app: by a link that the browser follows by itself, which is what it trusts most; or by
/// a button, where there is work to do before. Only one of the two is there for the customer.
#[component]
pub fn AppButton(
    /// The checkout.
    ui: Ui,
    /// Which app.
    place: Place,
) -> impl IntoView {
    let (class, app) = match place {
        Place::List(app) => ("app-button", app.id()),
        Place::Again => ("button", ""),
    };
    let face = || {
        view! {
            <span class="app-button-mark" data-app=app aria-hidden="true"></span>
            <span class="app-button-name">{ui.of(place, text)}</span>
        }
    };
    view! {
        <a
            class=class
            id=ui.of(place, link_hook)
            data-testid=ui.of(place, link_hook)
            href=ui.of(place, link)
            target="_top"
            hidden=ui.of(place, |view, place| link(view, place).is_none())
        >
            {face()}
        </a>
        <button
            class=class
            id=ui.of(place, button_hook)
            data-testid=ui.of(place, button_hook)
            type="button"
            hidden=ui.of(place, |view, place| button_hook(view, place).is_none())
            aria-busy=ui.of(place, busy)
        >
            {face()}
        </button>
    }
}

/// The app, its link, whether it is being opened; `None` where there is no such button.
fn find(view: &View, place: Place) -> Option<(App, Option<&str>, bool)> {
    match place {
        Place::List(app) => {
            let button = view.apps.iter().find(|button| button.app == app)?;
            Some((app, button.href.as_deref(), button.busy))
        }
        Place::Again => {
            let waiting = view.waiting.as_ref()?;
            Some((waiting.app, waiting.href.as_deref(), waiting.opening))
        }
    }
}

fn link(view: &View, place: Place) -> Option<String> {
    let (_, href, _) = find(view, place)?;
    href.map(str::to_owned)
}

fn link_hook(view: &View, place: Place) -> Option<String> {
    let (_, href, _) = find(view, place)?;
    href.is_some().then(|| hook(place))
}

fn button_hook(view: &View, place: Place) -> Option<String> {
    let (_, href, _) = find(view, place)?;
    href.is_none().then(|| hook(place))
}

fn hook(place: Place) -> String {
    match place {
        Place::List(app) => [taps::APP, app.id()].concat(),
        Place::Again => "open-again".to_owned(),
    }
}

fn text(view: &View, place: Place) -> String {
    match (place, &view.waiting) {
        (Place::List(app), _) => app.name().to_owned(),
        (Place::Again, Some(waiting)) => words::open_again(waiting.app),
        (Place::Again, None) => String::new(),
    }
}

fn busy(view: &View, place: Place) -> String {
    word(find(view, place).is_some_and(|(_, _, busy)| busy)).to_owned()
}
