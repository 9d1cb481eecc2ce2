//! Components rendered to text on the host: what is there, what is hidden, what is escaped.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use checkout_core::apps::App;
use checkout_core::checkout::{Checkout, Event, Setup, View};
use checkout_core::config::Config;
use checkout_core::json::Json;
use checkout_core::platform::{Browser, Platform, Room, System};
use leptos::prelude::*;

use super::{CheckoutPage, Ui, taps};

/// The page of an order on a platform.
fn page(system: System, order: Option<Json>) -> String {
    let mut checkout = Checkout::new(Setup {
        order_id: "o1".into(),
        config: Config::default(),
        platform: Platform {
            system,
            browser: Browser::Standard,
        },
        room: Room::default(),
        can_share: false,
        framed: false,
        href: "https://pay.example/pay/o1".into(),
        referrer: String::new(),
        saved: None,
        seed: 1,
        visible: true,
        online: true,
    });
    checkout.handle(1_000, Event::Started { inline: order });
    drawn(checkout.view(1_000))
}

fn drawn(view: View) -> String {
    let owner = Owner::new();
    owner.with(|| {
        let view = RwSignal::new(view).read_only();
        let (brand, apps) = (Config::default().brand, App::DEFAULT.to_vec());
        view! { <CheckoutPage ui=Ui::new(view) brand apps /> }.to_html()
    })
}

/// An order-info answer.
fn order(payee: &str) -> Option<Json> {
    let text = |text: &str| Json::Text(text.to_owned());
    let object = |pairs: Vec<(&str, Json)>| {
        Json::Object(
            pairs
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    };
    Some(object(vec![
        ("time", Json::Number("1000".into())),
        ("status", text("0")),
        ("message", text("")),
        (
            "model",
            object(vec![
                ("id", text("o1")),
                ("status", text("PENDING")),
                ("amount", text("499.00")),
                ("upiId", text("shop@bank")),
                ("cardInfo", object(vec![("name", text(payee))])),
                (
                    "deeplink",
                    text("upi://pay?pa=shop@bank&tr=1&am=499.00&cu=INR"),
                ),
            ]),
        ),
    ]))
}

/// The tag of the part with this test hook.
fn tag<'a>(html: &'a str, hook: &str) -> &'a str {
    let at = html
        .find(&format!("data-testid=\"{hook}\""))
        .unwrap_or_else(|| panic!("no {hook} in {html}"));
    let (from, to) = (
        html[..at].rfind('<').unwrap(),
        html[at..].find('>').unwrap(),
    );
    &html[from..=at + to]
}

fn is_hidden(html: &str, hook: &str) -> bool {
    tag(html, hook).contains(" hidden")
}

#[test]
fn every_promised_hook_is_there_on_every_screen() {
    let (loading, pay) = (
        page(System::Android, None),
        page(System::Android, order("Shop")),
    );
    for html in [loading, pay] {
        for hook in [
            "screen",
            "payee",
            "upi-id",
            "copy-upi-id",
            "amount",
            "amount-original",
            "discount",
            "qr",
            "show-qr",
            "save-qr",
            "share-qr",
            "app-phonepe",
            "countdown",
            "utr-open",
            "utr-input",
            "utr-submit",
            "utr-message",
            "status",
            "offline",
            "continue",
            "retry",
        ] {
            if !hook.starts_with("app-") || html.contains("data-screen=\"pay\"") {
                tag(&html, hook);
            }
        }
    }
}

#[test]
fn a_phone_gets_links_and_a_desktop_the_code() {
    let phone = page(System::Ios, order("Shop"));
    assert!(
        phone.contains("href=\"gpay://upi/pay?pa=shop@bank&amp;tr=1&amp;am=499.00&amp;cu=INR\"")
    );
    assert!(!is_hidden(&phone, "show-qr") && phone.contains("data-apps-first=\"true\""));
    let desktop = page(System::Desktop, order("Shop"));
    assert!(!desktop.contains("gpay://") && is_hidden(&desktop, "show-qr"));
    assert!(desktop.contains("<path id=\"qr-path\" fill=\"#000\" d=\"M4 4h7v1h-7z"));
}

#[test]
fn what_the_server_says_is_text_and_never_markup() {
    let html = page(
        System::Ios,
        order("<img src=x onerror=alert(1)>\" autofocus"),
    );
    assert!(
        html.contains("&lt;img src=x onerror=alert(1)&gt;"),
        "{html}"
    );
    assert!(!html.contains("<img src=x"), "{html}");
}

#[test]
fn whatever_can_be_tapped_by_its_id_is_on_the_page() {
    let html = page(System::Android, order("Shop"));
    let ids = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let known: Vec<&str> = ids.filter(|id| taps::event(id).is_some()).collect();
    for id in [
        "show-qr",
        "save-qr",
        "share-qr",
        "copy-upi-id",
        "copy-address",
        "utr-open",
        "retry",
        "continue",
        "app-gpay",
        "app-any",
    ] {
        assert!(known.contains(&id), "{id}: {known:?}");
    }
    assert!(taps::event("utr").is_none() && taps::event("app-nonsense").is_none());
}
