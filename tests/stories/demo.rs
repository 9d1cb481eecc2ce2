//! A newcomer's first walk: the demo shop, the checkout, the demo bank, the thanks.

use end_to_end::browser::{Browser, Device, Sight};
use end_to_end::gateway::Gateway;
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, place, scene};
use std::sync::Arc;

#[test]
fn a_newcomer_buys_a_shirt_and_is_thanked() -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let browser = scene.browser(Device::Desktop).await?;
        let shop = format!("{}/demo", gateway.address());
        let shop = PayPage::open(browser.first_window().await?, &shop).await?;
        shop.taps("goods-shirt").await?;
        shop.taps("buy").await?;
        shop.sees_screen("pay").await?;
        shop.reads("amount", "₹499.00").await?;

        let bank = opens_bank(&browser, &gateway).await?;
        bank.taps("bank-exact").await?;
        bank.is_told("said", "paid an order").await?;
        shop.window().comes_to_front().await?;
        let sight = shop
            .sees("the shop's thanks", |sight| sight.has("thanks"))
            .await?;
        assert!(sight.text.contains("Thank you! It is paid."), "{sight}");
        assert!(sight.text.contains("₹499.00"), "{sight}");
        Ok(())
    })
}

#[test]
fn a_declined_payment_says_so_and_is_paid_when_the_money_comes_late() -> Result {
    ends_and_is_paid_late(
        "bank-decline",
        "failed",
        "The bank has declined the payment.",
    )
}

#[test]
fn an_expired_order_says_so_and_is_paid_when_the_money_comes_late() -> Result {
    ends_and_is_paid_late("bank-expire", "expired", "Please do not pay now.")
}

fn ends_and_is_paid_late(how: &str, screen: &str, words: &str) -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let browser = scene.browser(Device::Phone).await?;
        let shop = format!("{}/demo", gateway.address());
        let page = PayPage::open(browser.first_window().await?, &shop).await?;
        // Without a way back, so that the page stays.
        page.taps("back").await?;
        page.taps("buy").await?;
        page.sees_screen("pay").await?;

        let bank = opens_bank(&browser, &gateway).await?;
        bank.taps(how).await?;
        page.window().comes_to_front().await?;
        let sight = page.sees_screen(screen).await?;
        assert!(sight.text.contains(words), "{sight}");
        assert!(sight.has("retry") && sight.has("utr-open"), "{sight}");
        let offers = ["app-gpay", "app-phonepe", "qr", "show-qr"];
        assert!(offers.iter().all(|part| !sight.has(part)), "{sight}");

        bank.window().comes_to_front().await?;
        bank.taps("bank-exact").await?;
        bank.is_told("said", "paid an order").await?;
        page.window().comes_to_front().await?;
        page.sees_screen("paid").await?;
        let seen = page.window().screens_seen().await?;
        assert_eq!(seen, ["pay", screen, "paid"]);
        Ok(())
    })
}

#[test]
fn a_merchant_on_another_origin_is_paid_in_each_mode_under_each_policy() -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let browser = scene.browser(Device::Desktop).await?;
        let bank = opens_bank(&browser, &gateway).await?;
        let shop = PayPage::open(browser.new_tab().await?, gateway.merchant_site()).await?;
        for policy in ["/", "/strict"] {
            for mode in ["modal", "inline", "redirect"] {
                let page = format!("{}{policy}", gateway.merchant_site());
                shop.window().comes_to_front().await?;
                shop.window().goes_to(&page).await?;
                shop.taps(&format!("open-{mode}")).await?;
                if mode == "redirect" {
                    shop.sees_screen("pay").await?;
                } else {
                    shop.is_told("heard", "state pay").await?;
                }
                let picture = shop.window().screenshot().await?;
                let name = format!("merchant{}-{mode}.png", policy.replace('/', "-"));
                std::fs::write(place::screenshots()?.join(name), picture)?;

                bank.window().comes_to_front().await?;
                bank.window().reloads().await?;
                bank.taps("bank-exact").await?;
                bank.is_told("said", "paid an order").await?;
                shop.window().comes_to_front().await?;
                let thanks = |sight: &Sight| sight.text.contains("Thank you! It is paid.");
                shop.sees(&format!("thanks after {mode} at {policy}"), thanks)
                    .await?;
            }
        }
        Ok(())
    })
}

/// Opens the demo bank in a tab of its own.
async fn opens_bank(browser: &Arc<Browser>, gateway: &Gateway) -> Result<PayPage> {
    let bank = format!("{}/demo/bank", gateway.address());
    PayPage::open(browser.new_tab().await?, &bank).await
}
