//! Whoever pays without pointing reaches every way to pay, and sees where they are.

use end_to_end::back_end::Terms;
use end_to_end::browser::Device;
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, Scene, scene};

#[test]
fn the_keyboard_reaches_every_way_to_pay_on_a_phone_and_nothing_covers_it() -> Result {
    scene(async |scene| keyboard(scene, Device::Phone, ["app-gpay", "show-qr"]).await)
}

#[test]
fn the_keyboard_reaches_every_way_to_pay_on_a_desktop_and_nothing_covers_it() -> Result {
    scene(async |scene| keyboard(scene, Device::Desktop, ["qr", "save-qr"]).await)
}

async fn keyboard(scene: &Scene, device: Device, ways: [&str; 2]) -> Result {
    let shop = scene.back_end().await?;
    let order = shop.sells(Terms::default());
    let browser = scene.browser(device).await?;
    let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
    page.sees_screen("pay").await?;
    let mut reached = Vec::new();
    // Round once: at the end the focus leaves the page.
    while let Some(part) = page.window().presses_tab().await?.in_sight_as(&reached)? {
        reached.push(part);
    }
    for part in ways
        .iter()
        .chain(&["app-phonepe", "copy-upi-id", "utr-open"])
    {
        assert!(
            reached.iter().any(|seen| seen == part),
            "{part}: {reached:?}"
        );
    }
    Ok(())
}
