//! From the shop to the shop's thanks: one order, the real gateway, a phone and a desktop in each
//! engine.

use end_to_end::browser::{Device, Engine};
use end_to_end::merchant::Order;
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, Scene, qr, scene};
use serde_json::json;
use std::time::{Duration, Instant};

/// One poll: five seconds, a tenth of chance, and the time of the answer and of a look.
const ONE_POLL: Duration = Duration::from_millis(6_500);

const UTR: &str = "435268791234";

#[test]
fn a_phone_pays_an_order_and_lands_on_the_thanks_page() -> Result {
    scene(async |scene| pays(scene, Device::Phone).await)
}

#[test]
fn a_desktop_pays_an_order_and_lands_on_the_thanks_page() -> Result {
    scene(async |scene| pays(scene, Device::Desktop).await)
}

#[test]
fn a_desktop_in_firefox_pays_an_order_and_lands_on_the_thanks_page() -> Result {
    scene(async |scene| pays(scene, Device::DesktopFirefox).await)
}

#[test]
fn a_desktop_in_webkit_pays_an_order_and_lands_on_the_thanks_page() -> Result {
    scene(async |scene| pays(scene, Device::DesktopWebkit).await)
}

async fn pays(scene: &Scene, device: Device) -> Result {
    let gateway = scene.gateway().await?;
    let merchant = gateway.merchant()?;
    let shop = scene.back_end().await?;
    let order = merchant
        .makes_order(json!({ "amount": "499.00", "successUrl": shop.thanks_page() }))
        .await?;

    let window = scene.browser(device).await?.first_window().await?;
    let page = PayPage::from_shop(window.clone(), &shop.shop_page(&order.checkout_url)).await?;
    let history = window.history_length().await?;
    let sight = page.sees_screen("pay").await?;
    assert_eq!(sight.part("payee"), Some("Demo Shop"));
    assert_eq!(sight.part("amount"), Some("₹499.00"));
    // A phone cannot scan its own screen: apps first there, the code first on a desktop.
    let is_phone = device == Device::Phone;
    let (first, second) = if is_phone {
        ("app-phonepe", "show-qr")
    } else {
        ("qr", "app-phonepe")
    };
    assert!(sight.is_above(first, second), "{first} first: {sight}");
    assert_eq!(sight.has("qr"), !is_phone, "{sight}");
    assert_eq!(page.scans_qr().await?, order.deeplink);

    page.taps_app("phonepe").await?;
    page.reads("amount", "₹498.99").await?;
    page.reads("amount-original", "₹499.00").await?;
    page.is_told("discount", "₹0.01").await?;
    let discounted = merchant.order(&order.id).await?;
    assert_eq!(discounted.user_pay_amount, "498.99");
    let query = with_amount(&order, "498.99");
    if is_phone {
        let link = page.opens_app("phonepe").await?;
        assert_eq!(link, intent(&query, "com.phonepe.app", &order.checkout_url));
        merchant
            .holds_event(&order.id, &format!("OPEN_LINK {link}"))
            .await?;
        // Nothing opens here, so the code comes up by itself.
        page.is_told("status", "PhonePe did not open?").await?;
    } else {
        page.is_told("status", "Scan the code with PhonePe").await?;
    }
    // The code asks for what the page asks for.
    page.brings_up_qr().await?;
    qr::comes_to(&window, &format!("upi://pay?{query}")).await?;
    if device.engine() == Engine::Chromium {
        let opened = page.asked_links().await?.len();
        assert_eq!(opened, usize::from(is_phone));
    }

    let credit = merchant.sees_money(UTR, "498.99", &order).await?;
    assert_eq!(credit.order_id.as_ref(), Some(&order.id));
    let came = Instant::now();
    page.sees_screen("paid").await?;
    assert!(came.elapsed() <= ONE_POLL, "after {:?}", came.elapsed());

    let thanks = shop.thanks_page();
    window
        .shows("the shop's thanks", |sight| sight.url == thanks)
        .await?;
    assert_eq!(
        window.history_length().await?,
        history,
        "replaced, not added"
    );
    assert_eq!(merchant.order(&order.id).await?.status, "SUCCESS");
    window.goes_back().await?;
    let shop_page = format!("{}/shop", shop.address());
    window
        .shows("the shop", |sight| sight.url.starts_with(&shop_page))
        .await?;
    Ok(())
}

/// How Android opens an app by its package, with the way back to the page.
fn intent(query: &str, package: &str, page: &str) -> String {
    let way_back = format!("{page}#app-not-opened")
        .replace(':', "%3A")
        .replace('/', "%2F")
        .replace('#', "%23");
    format!(
        "intent://pay?{query}#Intent;scheme=upi;package={package};\
         S.browser_fallback_url={way_back};end"
    )
}

/// The order's query with another amount and every other byte as it was.
fn with_amount(order: &Order, amount: &str) -> String {
    let (_, query) = order.deeplink.split_once('?').unwrap_or_default();
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key @ ("am" | "mam"), _)) => format!("{key}={amount}"),
            Some(_) | None => pair.to_owned(),
        })
        .collect();
    pairs.join("&")
}
