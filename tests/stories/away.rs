//! Away and back: pages that sleep, clocks that are wrong, reloads, storage that is refused.

use end_to_end::back_end::{BackEnd, Call, Misbehaviour, Order, Terms};
use end_to_end::browser::Device;
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, Scene, scene, wait};
use serde_json::json;
use std::time::Duration;

#[test]
fn a_page_that_was_frozen_tells_its_event_when_it_wakes() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        order.misbehaves(Call::Event, Misbehaviour::Silence);
        let page = opens(scene, &order).await?;
        page.sees_screen("pay").await?;
        page.taps_app("gpay").await?;
        let link = page.opens_app("gpay").await?;
        order.is_asked(Call::Event, 1, wait::SOON).await?;
        page.window().is_frozen(true).await?;
        assert!(order.events().is_empty());
        order.heals();
        page.window().is_frozen(false).await?;
        let browser = scene.browser(Device::Phone).await?;
        browser.new_tab().await?.comes_to_front().await?;
        page.window().comes_to_front().await?;
        let opened = format!("OPEN_LINK {link}");
        order.is_told(&opened, Duration::from_secs(30)).await?;
        assert_eq!(order.events().first(), Some(&opened));
        Ok(())
    })
}

#[test]
fn the_phones_clock_does_not_matter() -> Result {
    scene(async |scene| {
        const DAY_MS: i64 = 86_400_000;
        for ahead_ms in [-DAY_MS, DAY_MS] {
            let shop = scene.back_end().await?;
            shop.clock_is_ahead_by(ahead_ms);
            let order = shop.sells(Terms::default());
            order.expires_in(Duration::from_secs(12));
            let browser = scene.browser(Device::Phone).await?;
            let page = PayPage::open(browser.new_window().await?, &order.checkout()).await?;
            let sight = page.sees_screen("pay").await?;
            let left = sight.part("countdown").unwrap_or_default();
            assert!(["0:12", "0:11", "0:10"].contains(&left), "{left}: {sight}");
            let sight = page.sees_screen("expired").await?;
            assert!(!sight.has("qr") && !sight.has("app-gpay"), "{sight}");
            // It keeps looking: money that comes late is shown.
            order.is_paid();
            page.taps("retry").await?;
            page.sees_screen("paid").await?;
        }
        Ok(())
    })
}

#[test]
fn every_screen_comes_back_right_from_a_reload() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let browser = scene.browser(Device::Phone).await?;
        for (screen, order) in orders_in_every_state(&shop) {
            let page = PayPage::open(browser.new_window().await?, &order.checkout()).await?;
            page.sees_screen(screen).await?;
            page.window().reloads().await?;
            page.sees_screen(screen).await?;
            // Whatever it was, the truth is shown as soon as there is one.
            order.heals();
            order.is_paid();
            page.window().reloads().await?;
            page.sees_screen("paid").await?;
        }
        Ok(())
    })
}

fn orders_in_every_state(shop: &BackEnd) -> Vec<(&'static str, Order)> {
    let mut orders: Vec<_> = [
        ("pay", "PENDING"),
        ("paid", "SUCCESS"),
        ("expired", "EXPIRED"),
        ("failed", "FAILED"),
    ]
    .map(|(screen, status)| {
        let order = shop.sells(Terms::default());
        order.has_status(status);
        (screen, order)
    })
    .into();
    for (screen, how) in [
        ("loading", Misbehaviour::Silence),
        ("unavailable", Misbehaviour::Html),
    ] {
        let order = shop.sells(Terms::default());
        order.misbehaves(Call::Info, how);
        orders.push((screen, order));
    }
    orders
}

#[test]
fn a_reload_on_the_way_back_from_an_app_still_knows_the_app() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        let page = opens(scene, &order).await?;
        page.sees_screen("pay").await?;
        page.taps_app("gpay").await?;
        page.opens_app("gpay").await?;
        page.window().reloads().await?;
        page.is_told("open-again", "Open Google Pay").await?;
        Ok(())
    })
}

#[test]
fn a_browser_that_keeps_nothing_for_the_page_pays_all_the_same() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        for refusal in [
            // Full.
            "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }",
            // Refused altogether.
            "Object.defineProperty(window, 'sessionStorage', \
                { get() { throw new DOMException('', 'SecurityError') } })",
        ] {
            let order = shop.sells(Terms::default());
            let browser = scene.browser(Device::Phone).await?;
            let page = PayPage::open(browser.new_window().await?, &order.checkout()).await?;
            page.sees_screen("pay").await?;
            let () = page.window().runs(refusal).await?;
            page.taps_app("gpay").await?;
            let link = page.opens_app("gpay").await?;
            order
                .is_told(&format!("OPEN_LINK {link}"), wait::SOON)
                .await?;
            order.is_paid();
            page.is_told("status", "Your payment has arrived").await?;
        }
        Ok(())
    })
}

#[test]
fn two_tabs_of_one_order_agree() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        order.has_extension("message", json!("Declined."));
        let browser = scene.browser(Device::Phone).await?;
        let first = PayPage::open(browser.new_tab().await?, &order.checkout()).await?;
        first.sees_screen("pay").await?;
        let second = PayPage::open(browser.new_tab().await?, &order.checkout()).await?;
        second.sees_screen("pay").await?;
        order.is_paid();
        second.sees_screen("paid").await?;
        first.window().comes_to_front().await?;
        first.sees_screen("paid").await?;
        Ok(())
    })
}

async fn opens(scene: &Scene, order: &Order) -> Result<PayPage> {
    let browser = scene.browser(Device::Phone).await?;
    PayPage::open(browser.first_window().await?, &order.checkout()).await
}
