//! From a tap to an app: what is opened on each platform, and what happens where nothing opens.

use end_to_end::back_end::{Call, Terms};
use end_to_end::browser::Device;
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, Scene, scene, wait};
use serde_json::json;

const APPS: [&str; 10] = [
    "phonepe",
    "gpay",
    "paytm",
    "navi",
    "supermoney",
    "bhim",
    "cred",
    "amazonpay",
    "whatsapp",
    "any",
];

/// The default order's query; PhonePe pays less.
const QUERY: &str =
    "pa=boim-561518330444%40boi&pn=SRINIVASA%20TRADERS&tn=BJAA6Z&am=499&mam=499&cu=INR";

#[test]
fn chrome_on_android_opens_each_app_and_knows_the_way_back() -> Result {
    scene(async |scene| opens_each_app(scene, Device::Phone).await)
}

#[test]
fn samsungs_browser_opens_each_app_and_knows_the_way_back() -> Result {
    scene(async |scene| opens_each_app(scene, Device::SamsungInternet).await)
}

#[test]
fn firefox_on_android_opens_each_app_without_a_way_back() -> Result {
    scene(async |scene| opens_each_app(scene, Device::FirefoxOnAndroid).await)
}

#[test]
fn an_iphone_opens_each_app_by_its_own_scheme() -> Result {
    scene(async |scene| opens_each_app(scene, Device::Iphone).await)
}

/// Each tap opens one app once, by a link whose other bytes are the order's, and the back end is
/// told that very link.
async fn opens_each_app(scene: &Scene, device: Device) -> Result {
    let shop = scene.back_end().await?;
    shop.configures(json!({ "apps": APPS }));
    let browser = scene.browser(device).await?;
    for app in APPS {
        let order = shop.sells(Terms::default());
        let page = PayPage::open(browser.new_window().await?, &order.checkout()).await?;
        let sight = page.sees_screen("pay").await?;
        if device == Device::Iphone && app == "any" {
            assert!(!sight.has("app-any"), "there is no chooser on an iPhone");
            continue;
        }
        page.taps_app(app).await?;
        let link = page.opens_app(app).await?;
        let query = if app == "phonepe" {
            QUERY.replace("=499&", "=498.97&")
        } else {
            QUERY.to_owned()
        };
        assert!(link.contains(&format!("?{query}")), "{app}: {link}");
        assert_eq!(page.asked_links().await?, [link.as_str()], "{app}");
        let way_back = "S.browser_fallback_url=http%3A%2F%2F";
        let knows_way_back =
            matches!(device, Device::Phone | Device::SamsungInternet) && app != "any";
        assert_eq!(link.contains(way_back), knows_way_back, "{app}: {link}");
        order
            .is_told(&format!("OPEN_LINK {link}"), wait::SOON)
            .await?;
        assert_eq!(order.records(Call::Info).len(), 1, "loaded once: {app}");
    }
    Ok(())
}

#[test]
fn a_web_view_opens_nothing_and_shows_the_way_out() -> Result {
    scene(async |scene| shows_the_way_out(scene, Device::WebView).await)
}

#[test]
fn instagram_on_an_iphone_opens_nothing_and_shows_the_way_out() -> Result {
    scene(async |scene| shows_the_way_out(scene, Device::InstagramOnIphone).await)
}

async fn shows_the_way_out(scene: &Scene, device: Device) -> Result {
    let shop = scene.back_end().await?;
    shop.configures(json!({ "apps": APPS }));
    let order = shop.sells(Terms::default());
    let browser = scene.browser(device).await?;
    let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
    let sight = page.sees_screen("pay").await?;
    assert!(sight.is_above("elsewhere", "qr"), "{sight}");
    let picture = page.window().screenshot().await?;
    let file = format!("elsewhere-{}.png", device.name());
    std::fs::write(end_to_end::place::screenshots()?.join(file), picture)?;
    for app in &APPS[1..] {
        assert!(!sight.has(&format!("app-{app}")), "{app}: {sight}");
    }
    assert_eq!(page.scans_qr().await?, Terms::default().deeplink);
    page.taps("copy-address").await?;
    page.is_told("elsewhere", "paste it").await?;
    assert_eq!(page.window().clipboard().await?, order.checkout());
    // PhonePe's price changes the code, and opens nothing.
    page.taps_app("phonepe").await?;
    page.reads("amount", "₹498.97").await?;
    let dearer = Terms::default().deeplink;
    assert_eq!(page.scans_qr().await?, dearer.replace("=499&", "=498.97&"));
    assert_eq!(page.asked_links().await?, [""; 0]);
    Ok(())
}

#[test]
fn an_app_that_is_not_there_is_told_at_once_and_takes_nothing_away() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let signed = "upi://pay?pa=boim-561518330444@boi&tr=1&am=499.00&cu=INR&sign=MEUCIQ==";
        let order = shop.sells(Terms {
            deeplink: signed.to_owned(),
            ..Terms::default()
        });
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        page.sees_screen("pay").await?;
        page.taps_app("paytm").await?;
        let link = page.opens_app("paytm").await?;
        assert!(link.contains("&sign=MEUCIQ==#Intent;"), "{link}");
        // What Chrome does where the app is missing: it takes the link's way back.
        let () = page
            .window()
            .runs("location.hash = 'app-not-opened'")
            .await?;
        let sight = page.is_told("status", "Paytm did not open?").await?;
        assert_eq!(sight.url, order.checkout(), "the mark is gone again");
        for way in ["app-paytm", "app-gpay", "show-qr", "copy-upi-id"] {
            assert!(sight.has(way), "{way}: {sight}");
        }
        assert_eq!(order.records(Call::Info).len(), 1, "nothing was loaded");
        // And once more, for another app.
        page.taps_app("bhim").await?;
        page.opens_app("bhim").await?;
        let () = page
            .window()
            .runs("location.hash = 'app-not-opened'")
            .await?;
        page.is_told("status", "BHIM did not open?").await?;
        Ok(())
    })
}

#[test]
fn plain_links_are_for_the_code_alone_where_that_is_configured() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        shop.configures(json!({ "plainLinks": "qr" }));
        let order = shop.sells(Terms::default());
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        let sight = page.sees_screen("pay").await?;
        assert!(sight.has("qr") && !sight.has("app-gpay"), "{sight}");
        assert_eq!(page.scans_qr().await?, Terms::default().deeplink);
        Ok(())
    })
}
