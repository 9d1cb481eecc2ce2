//! From the shop to the shop's thanks: one order, the real gateway, a phone and a desktop.

use end_to_end::browser::Device;
use end_to_end::merchant::Order;
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, Scene, scene};
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
    assert_eq!(sight.has("qr"), device == Device::Desktop, "{sight}");
    assert!(sight.has("app-phonepe"), "{sight}");
    assert_eq!(page.scans_qr().await?, order.deeplink);

    page.taps_app("phonepe").await?;
    page.reads("amount", "₹498.99").await?;
    page.reads("amount-original", "₹499.00").await?;
    page.is_told("discount", "₹0.01").await?;
    let link = page.opens_link("phonepe://").await?;
    let discounted = merchant.order(&order.id).await?;
    assert_eq!(discounted.user_pay_amount, "498.99");
    assert_eq!(link, with_amount(&order, "phonepe://pay", "498.99"));
    merchant
        .holds_event(&order.id, &format!("OPEN_LINK {link}"))
        .await?;
    // The code asks for what the page asks for.
    let code = page.scans_qr().await?;
    assert_eq!(code, with_amount(&order, "upi://pay", "498.99"));

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

/// The order's link for an app, with another amount and every other byte as it was.
fn with_amount(order: &Order, prefix: &str, amount: &str) -> String {
    let (_, query) = order.deeplink.split_once('?').unwrap_or_default();
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key @ ("am" | "mam"), _)) => format!("{key}={amount}"),
            Some(_) | None => pair.to_owned(),
        })
        .collect();
    format!("{prefix}?{}", pairs.join("&"))
}
