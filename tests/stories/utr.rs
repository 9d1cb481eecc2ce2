//! The customer types the bank's reference: a claim, never proof.

use end_to_end::browser::Device;
use end_to_end::merchant::{Merchant, Order};
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, Scene, scene};
use serde_json::json;

const UTR: &str = "435268791234";
const OTHER_UTR: &str = "435268791235";

/// An order of ₹499.00 without a way back, so that its page stays.
async fn order(merchant: &Merchant) -> Result<Order> {
    merchant.makes_order(json!({ "amount": "499.00" })).await
}

/// Opens an order's page in the first window of a phone.
async fn opens(scene: &Scene, order: &Order) -> Result<PayPage> {
    opens_on(scene, Device::Phone, order).await
}

async fn opens_on(scene: &Scene, device: Device, order: &Order) -> Result<PayPage> {
    let browser = scene.browser(device).await?;
    let page = PayPage::open(browser.first_window().await?, &order.checkout_url).await?;
    page.sees_screen("pay").await?;
    Ok(page)
}

#[test]
fn a_mistyped_utr_is_explained_and_kept_to_be_corrected() -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let merchant = gateway.merchant()?;
        let order = order(&merchant).await?;
        let page = opens(scene, &order).await?;
        for (typed, words) in [
            ("4352 6879 12", "This looks like a phone number"),
            ("43526879123", "Some digits are missing"),
            ("4352687912345", "too many digits"),
            ("T2409121532412345678901", "PhonePe's transaction ID"),
        ] {
            page.sends_utr(typed).await?;
            let sight = page.is_told("utr-message", words).await?;
            assert_eq!(sight.part("utr-input"), Some(typed), "kept");
            assert_eq!(sight.screen.as_deref(), Some("pay"));
        }
        page.sends_utr("4352 6879 1234").await?;
        page.is_told(
            "utr-message",
            &format!("looking for the payment with UTR {UTR}"),
        )
        .await?;
        Ok(())
    })
}

#[test]
fn a_corrected_claim_pays_when_its_money_comes() -> Result {
    scene(async |scene| corrects_a_claim(scene, Device::Phone).await)
}

#[test]
fn a_corrected_claim_pays_when_its_money_comes_in_firefox() -> Result {
    scene(async |scene| corrects_a_claim(scene, Device::DesktopFirefox).await)
}

#[test]
fn a_corrected_claim_pays_when_its_money_comes_in_webkit() -> Result {
    scene(async |scene| corrects_a_claim(scene, Device::DesktopWebkit).await)
}

async fn corrects_a_claim(scene: &Scene, device: Device) -> Result {
    let gateway = scene.gateway().await?;
    let merchant = gateway.merchant()?;
    // Two orders owe the same: without the claim, nobody could tell whose money it is.
    let own = order(&merchant).await?;
    let other = order(&merchant).await?;
    let page = opens_on(scene, device, &own).await?;
    page.sends_utr(OTHER_UTR).await?;
    page.is_told("utr-message", OTHER_UTR).await?;
    page.sends_utr(UTR).await?;
    page.is_told("utr-message", UTR).await?;
    // The claim alone pays nothing.
    assert_eq!(merchant.order(&own.id).await?.status, "PENDING");
    let credit = merchant.sees_money(UTR, "499.00", &own).await?;
    assert_eq!(credit.order_id.as_ref(), Some(&own.id));
    page.sees_screen("paid").await?;
    assert_eq!(merchant.order(&other.id).await?.status, "PENDING");
    Ok(())
}

#[test]
fn a_claim_made_after_the_money_came_pays_at_once() -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let merchant = gateway.merchant()?;
        let own = order(&merchant).await?;
        let other = order(&merchant).await?;
        let credit = merchant.sees_money(UTR, "499.00", &own).await?;
        assert_eq!(credit.state, "unmatched", "two orders owe the same");
        let page = opens(scene, &own).await?;
        page.sends_utr(UTR).await?;
        page.sees_screen("paid").await?;
        assert_eq!(
            merchant.order(&own.id).await?.paid_utr.as_deref(),
            Some(UTR)
        );
        assert_eq!(merchant.order(&other.id).await?.status, "PENDING");
        Ok(())
    })
}

#[test]
fn a_utr_that_has_paid_one_order_is_refused_on_a_second() -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let merchant = gateway.merchant()?;
        let first = order(&merchant).await?;
        merchant.sees_money(UTR, "499.00", &first).await?;
        assert_eq!(merchant.order(&first.id).await?.status, "SUCCESS");

        let second = order(&merchant).await?;
        let page = opens(scene, &second).await?;
        page.sends_utr(UTR).await?;
        let sight = page
            .is_told("utr-message", "This UTR belongs to another order")
            .await?;
        assert_eq!(sight.part("utr-input"), Some(UTR), "kept");
        assert_eq!(merchant.order(&second.id).await?.status, "PENDING");
        // And the way to pay is still there.
        assert!(sight.has("app-gpay"), "{sight}");
        assert_eq!(page.window().screens_seen().await?, ["pay"]);
        Ok(())
    })
}

#[test]
fn a_utr_claimed_by_a_stranger_still_pays_its_owner() -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let merchant = gateway.merchant()?;
        let owners = order(&merchant).await?;
        let strangers = merchant.makes_order(json!({ "amount": "20.00" })).await?;

        let browser = scene.browser(Device::Phone).await?;
        let stranger =
            PayPage::open(browser.first_window().await?, &strangers.checkout_url).await?;
        stranger.sees_screen("pay").await?;
        stranger.sends_utr(UTR).await?;
        stranger.is_told("utr-message", UTR).await?;

        let owner = PayPage::open(browser.new_window().await?, &owners.checkout_url).await?;
        owner.sees_screen("pay").await?;
        owner.sends_utr(UTR).await?;
        owner.is_told("utr-message", UTR).await?;

        let credit = merchant.sees_money(UTR, "499.00", &owners).await?;
        assert_eq!(credit.order_id.as_ref(), Some(&owners.id));
        owner.sees_screen("paid").await?;
        assert_eq!(merchant.order(&strangers.id).await?.status, "PENDING");
        // Now that it has paid, it is the owner's alone.
        stranger.sends_utr(UTR).await?;
        stranger
            .is_told("utr-message", "belongs to another order")
            .await?;
        Ok(())
    })
}
