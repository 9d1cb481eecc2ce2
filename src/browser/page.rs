//! The page itself: what it comes with, what it looks like, where it is drawn.

use checkout_core::address::{Address, Theme};
use checkout_core::config::Config;
use checkout_core::json::Json;
use checkout_core::platform::Platform;
use leptos::IntoView;
use leptos::mount::mount_to;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, window};

use super::json;

/// Where the HTML keeps a place for the checkout.
const PLACE: &str = "checkout";

/// What the page comes with.
pub struct Page {
    /// The order that the address names; empty where it names none.
    pub order_id: String,
    /// The colours that the address asks for.
    pub theme: Theme,
    /// The configuration in the HTML, or the defaults.
    pub config: Config,
    /// An order-info answer in the HTML.
    pub order_info: Option<Json>,
    /// What it is shown on.
    pub platform: Platform,
    /// Its whole address.
    pub href: String,
    /// Where the customer came from; may be empty.
    pub referrer: String,
}

impl Page {
    /// Reads it. What is missing or wrong falls back to the defaults.
    pub fn read() -> Self {
        let location = window().map(|window| window.location());
        let of_location = |part: fn(&web_sys::Location) -> Result<String, _>| {
            let text = location.as_ref().and_then(|location| part(location).ok());
            text.unwrap_or_default()
        };
        let address = Address::read(
            &of_location(web_sys::Location::pathname),
            &of_location(web_sys::Location::search),
        );
        let config = embedded("checkout-config").unwrap_or(Json::Null);
        Self {
            order_id: address.order_id.unwrap_or_default(),
            theme: address.theme,
            config: Config::read(&config),
            order_info: embedded("order-info"),
            platform: platform(),
            href: of_location(web_sys::Location::href),
            referrer: document().map(|it| it.referrer()).unwrap_or_default(),
        }
    }

    /// Puts on the theme and the merchant's main colour.
    pub fn wear(&self) {
        let Some(root) = document().and_then(|document| document.document_element()) else {
            return;
        };
        let theme = match self.theme {
            Theme::Auto => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        };
        if let Some(theme) = theme {
            // Refused only for a malformed name.
            let _ = root.set_attribute("data-theme", theme);
        }
        // Through the CSSOM: a style attribute would need 'unsafe-inline'.
        if let (Some(accent), Some(root)) =
            (&self.config.brand.accent, root.dyn_ref::<HtmlElement>())
        {
            let _ = root.style().set_property("--accent", accent);
            let _ = root.set_attribute("data-accent", "");
        }
    }
}

/// Draws the checkout in its place, instead of what stands there until then.
pub fn mount<N: IntoView + 'static>(checkout: impl FnOnce() -> N + 'static) {
    let Some(document) = document() else { return };
    let place = document
        .get_element_by_id(PLACE)
        .and_then(|place| place.dyn_into().ok())
        .or_else(|| document.body());
    if let Some(place) = place {
        place.set_text_content(None);
        mount_to(place, checkout).forget();
    }
}

/// Names the page in the browser's tab.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Any number.
pub fn random() -> u32 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u32
}

/// JSON in a `<script type="application/json">`.
fn embedded(id: &str) -> Option<Json> {
    json::parse(&document()?.get_element_by_id(id)?.text_content()?)
}

fn platform() -> Platform {
    let navigator = window().map(|window| window.navigator());
    let agent = navigator.as_ref().and_then(|it| it.user_agent().ok());
    let touch_points = navigator.map_or(0, |it| it.max_touch_points());
    Platform::detect(&agent.unwrap_or_default(), touch_points)
}

fn document() -> Option<Document> {
    window()?.document()
}
