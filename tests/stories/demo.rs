//! A newcomer's first walk: the demo shop, the checkout, the demo bank, the thanks.

use end_to_end::browser::Device;
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, scene};

#[test]
fn a_newcomer_buys_a_shirt_and_is_thanked() -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let browser = scene.browser(Device::Desktop).await?;
        let shop = PayPage::open(browser.first_window().await?, &gateway.address()).await?;
        shop.taps("goods-shirt").await?;
        shop.taps("buy").await?;
        shop.sees_screen("pay").await?;
        shop.reads("amount", "₹499.00").await?;

        let bank = format!("{}/demo/bank", gateway.address());
        let bank = PayPage::open(browser.new_tab().await?, &bank).await?;
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
