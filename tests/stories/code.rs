//! The code: read off the screen at every pixel density, filled to the screen's edges, saved.

use end_to_end::back_end::{BackEnd, Order, Terms};
use end_to_end::browser::{Browser, Device};
use end_to_end::pay_page::PayPage;
use end_to_end::wait::{self, until};
use end_to_end::{Result, qr, scene};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use thirtyfour::Key;

/// Links in all, and how many each test takes.
const LINKS: usize = 200;
const SHARE: usize = 50;

#[test]
fn codes_are_read_at_every_density_in_both_themes_one() -> Result {
    reads(0)
}

#[test]
fn codes_are_read_at_every_density_in_both_themes_two() -> Result {
    reads(1)
}

#[test]
fn codes_are_read_at_every_density_in_both_themes_three() -> Result {
    reads(2)
}

#[test]
fn codes_are_read_at_every_density_in_both_themes_four() -> Result {
    reads(3)
}

/// Reads one share of the links.
fn reads(share: usize) -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let browser = scene.browser(Device::Phone).await?;
        for number in (share * SHARE..LINKS).take(SHARE) {
            let link = link(number);
            let order = shop.sells(Terms::default());
            order.has_extension("qrData", json!(link));
            is_read_everywhere(&browser, &order, &link).await?;
        }
        Ok(())
    })
}

async fn is_read_everywhere(browser: &Arc<Browser>, order: &Order, link: &str) -> Result {
    let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
    page.sees_screen("pay").await?;
    page.brings_up_qr().await?;
    for ratio in [1.0, 1.5, 2.0, 3.0] {
        page.window().has_device_pixels(ratio).await?;
        let what = format!("whole device pixels for each module at {ratio}");
        until(wait::SOON, &what, async || {
            let code: Code = page.window().runs(CODE).await?;
            Ok(if code.is_sharp(ratio) {
                Ok(())
            } else {
                Err(format!("{code:?}"))
            })
        })
        .await?;
        for scheme in ["light", "dark"] {
            page.window().wishes_for(scheme).await?;
            let picture = page.window().picture_of("[data-testid=qr]").await?;
            let read = qr::read(&picture)
                .map_err(|why| why.and(format!("{ratio}, {scheme}: {link:?}")))?;
            assert_eq!(read, link, "{ratio}, {scheme}");
        }
    }
    Ok(())
}

/// The code as it is drawn: its width in CSS pixels, and in modules.
#[derive(Debug, Deserialize)]
struct Code {
    width: f64,
    modules: f64,
}

const CODE: &str = r#"
const svg = document.querySelector("[data-testid=qr] svg");
return { width: svg.getBoundingClientRect().width, modules: svg.viewBox.baseVal.width };
"#;

impl Code {
    /// A whole number of device pixels for each module, and three CSS pixels at least.
    fn is_sharp(&self, ratio: f64) -> bool {
        let module = self.width / self.modules;
        let pixels = module * ratio;
        (pixels - pixels.round()).abs() < 0.01 && module > 2.99
    }
}

/// Link number `number` of at most 600 bytes to the default order's payee: of every length, with
/// sloppy bytes and other scripts in it.
fn link(number: usize) -> String {
    const NAMES: [&str; 5] = [
        "SRINIVASA%20TRADERS",
        "Caf%C3%A9+Ol%C3%A9",
        "श्री बालाजी स्टोर्स",
        "A&amp;B Stores",
        "100% Cotton",
    ];
    let name = NAMES[number % NAMES.len()];
    let at_sign = ["@", "%40"][number % 2];
    let amount = ["499", "499.0", "499.00"][number % 3];
    let mut link = format!(
        "upi://pay?pa=boim-561518330444{at_sign}boi&pn={name}&tr=ORDER{number:06}&am={amount}&cu=INR&tn="
    );
    // The last share goes up to the full 600.
    let step = if number < LINKS - SHARE { 2 } else { 3 };
    let length = (link.len() + number * step).clamp(link.len(), 600);
    for at in link.len()..length {
        link.push(char::from(
            b"note-%20+NOTE.0123456789"[(at * 7 + number) % 24],
        ));
    }
    link
}

#[test]
fn the_code_fills_the_screen_and_esc_brings_it_back() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let (page, order) = opens(scene.browser(Device::Phone).await?, &shop).await?;
        page.brings_up_qr().await?;
        page.taps("qr").await?;
        let sight = page
            .sees("the large code", |sight| sight.has("qr-large"))
            .await?;
        let under = sight.part("qr-large").unwrap_or_default();
        for line in ["SRINIVASA TRADERS", "₹499.00", "boim-561518330444@boi"] {
            assert!(under.contains(line), "{line}: {under}");
        }
        let picture = page.window().screenshot().await?;
        assert_eq!(qr::read(&picture)?, Terms::default().deeplink);
        let file = end_to_end::place::screenshots()?.join("large-code.png");
        std::fs::write(file, picture)?;
        page.window().presses(Key::Escape).await?;
        page.sees("the page again", |sight| !sight.has("qr-large"))
            .await?;
        page.taps("qr").await?;
        page.taps("close-qr").await?;
        page.sees("the page again", |sight| !sight.has("qr-large"))
            .await?;
        // A payment ends it, wherever the customer is.
        page.taps("qr").await?;
        order.is_paid();
        page.sees("the screen \"paid\" and no code", |sight| {
            sight.screen.as_deref() == Some("paid") && !sight.has("qr-large")
        })
        .await?;
        Ok(())
    })
}

#[test]
fn the_saved_code_is_large_and_is_read_as_the_same_link() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let (page, _) = opens(scene.browser(Device::Phone).await?, &shop).await?;
        let folder = tempfile::tempdir()?;
        page.window().downloads_to(folder.path()).await?;
        page.brings_up_qr().await?;
        page.taps("save-qr").await?;
        let file = folder.path().join("upi-499.00.png");
        let picture = until(wait::SOON, "the picture", async || {
            Ok(std::fs::read(&file).map_err(|why| why.to_string()))
        })
        .await?;
        assert_eq!(qr::read(&picture)?, Terms::default().deeplink);
        let (width, height) = qr::size(&picture)?;
        assert!(width >= 1_024 && height > width, "{width} × {height}");
        std::fs::write(
            end_to_end::place::screenshots()?.join("saved-code.png"),
            picture,
        )?;
        Ok(())
    })
}

async fn opens(browser: Arc<Browser>, shop: &BackEnd) -> Result<(PayPage, Order)> {
    let order = shop.sells(Terms::default());
    let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
    page.sees_screen("pay").await?;
    Ok((page, order))
}
