//! Pictures of every screen, as a phone and as a desktop, light and dark, for people to look at:
//! `target/screenshots/`. No screen is wider than its window.

use end_to_end::back_end::{Call, Misbehaviour, Order, Terms};
use end_to_end::browser::Device;
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, Scene, place, scene};
use serde_json::json;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// ₹2.00 now, then up to ₹299.00 a month.
const MANDATE: &str = "upi://mandate?pa=boim-561518330444@boi&pn=SRINIVASA%20TRADERS&tr=1&am=299.00&fam=2.00&cu=INR&amrule=MAX&recur=MONTHLY&validitystart=17012026&validityend=17012027&mode=04&purpose=14";

#[test]
fn every_screen_fits_a_phone() -> Result {
    scene(async |scene| every_screen(scene, Device::Phone).await)
}

#[test]
fn every_screen_fits_a_desktop() -> Result {
    scene(async |scene| every_screen(scene, Device::Desktop).await)
}

async fn every_screen(scene: &Scene, device: Device) -> Result {
    let shop = scene.back_end().await?;
    let browser = scene.browser(device).await?;
    let gallery = Gallery { device };
    let open =
        async |order: &Order| PayPage::open(browser.new_window().await?, &order.checkout()).await;

    let silent = shop.sells(Terms::default());
    silent.misbehaves(Call::Info, Misbehaviour::Silence);
    gallery
        .hangs(&open(&silent).await?, "loading", "loading")
        .await?;

    let order = shop.sells(Terms::default());
    order.has_extension("expiresAt", json!(in_ms(Duration::from_secs(290))));
    let page = open(&order).await?;
    gallery.hangs(&page, "pay", "pay").await?;
    page.brings_up_qr().await?;
    gallery.hangs(&page, "pay", "pay-qr").await?;
    page.taps_app("phonepe").await?;
    if device == Device::Phone {
        page.opens_app("phonepe").await?;
        page.is_told("status", "PhonePe did not open?").await?;
    } else {
        page.is_told("status", "Scan the code with PhonePe").await?;
    }
    gallery.hangs(&page, "pay", "pay-discount").await?;
    page.sends_utr("12345").await?;
    page.is_told("utr-message", "Some digits are missing")
        .await?;
    gallery.hangs(&page, "pay", "pay-utr").await?;
    page.window().is_offline(true).await?;
    page.sees("the offline notice", |sight| sight.has("offline"))
        .await?;
    gallery.hangs(&page, "pay", "pay-offline").await?;

    let long = shop.sells(Terms {
        amount: "9999999.99".into(),
        payee: "SRI VENKATESWARA SWAMY PROVISION AND GENERAL STORES PRIVATE LIMITED".into(),
        upi_id: "a-very-long-name-of-a-merchant.at-some-aggregator.0123456789@examplebank".into(),
        deeplink: "upi://pay?pa=a-very-long-name-of-a-merchant.at-some-aggregator.0123456789@examplebank&am=9999999.99&cu=INR".into(),
        ..Terms::default()
    });
    gallery
        .hangs(&open(&long).await?, "pay", "pay-long")
        .await?;

    let page_elsewhere = "https://pay.provider.example/transact?token=MEUC";
    for (name, deeplink, amount, payer) in [
        ("pay-web", page_elsewhere, "499.00", None),
        ("pay-asked", "", "499.00", Some("******1234@ybl")),
        ("pay-mandate", MANDATE, "2.00", None),
    ] {
        let order = shop.sells(Terms {
            amount: amount.into(),
            deeplink: deeplink.into(),
            ..Terms::default()
        });
        if let Some(payer) = payer {
            order.has_extension("payer", json!(payer));
        }
        gallery.hangs(&open(&order).await?, "pay", name).await?;
    }

    for (status, screen) in [
        ("SUCCESS", "paid"),
        ("EXPIRED", "expired"),
        ("FAILED", "failed"),
    ] {
        let order = shop.sells(Terms::default());
        order.has_status(status);
        order.has_extension("message", json!("The bank has declined the payment."));
        gallery.hangs(&open(&order).await?, screen, screen).await?;
    }

    let broken = shop.sells(Terms::default());
    broken.misbehaves(Call::Info, Misbehaviour::Html);
    gallery
        .hangs(&open(&broken).await?, "unavailable", "unavailable")
        .await
}

struct Gallery {
    device: Device,
}

impl Gallery {
    /// Takes a picture of a screen, light and dark.
    async fn hangs(&self, page: &PayPage, screen: &str, name: &str) -> Result {
        let sight = page.sees_screen(screen).await?;
        assert_eq!(sight.headings.len(), 1, "one screen at a time: {sight}");
        for scheme in ["light", "dark"] {
            page.window().wishes_for(scheme).await?;
            let picture = page.window().screenshot().await?;
            let file = format!("{name}-{}-{scheme}.png", self.device.name());
            std::fs::write(place::screenshots()?.join(file), picture)?;
        }
        let overflow = page.window().overflow().await?;
        assert_eq!(
            overflow, 0,
            "{name} is wider than the window by so many pixels"
        );
        Ok(())
    }
}

fn in_ms(later: Duration) -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let at = since.unwrap_or_default() + later;
    u64::try_from(at.as_millis()).unwrap_or(u64::MAX)
}
