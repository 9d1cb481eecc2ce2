//! Payments that PhonePe takes over: its page, a request in the customer's app, autopay.

use end_to_end::browser::Device;
use end_to_end::gateway::Gateway;
use end_to_end::merchant::{Merchant, Order};
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, Scene, scene};
use serde_json::{Value, json};

/// Where the customer pays, and what the shop knows.
struct Till {
    gateway: Gateway,
    merchant: Merchant,
    order: Order,
    page: PayPage,
}

async fn sells(scene: &Scene, device: Device, flow: &str, phonepe: Value) -> Result<Till> {
    let gateway = scene.gateway().await?;
    let merchant = gateway.merchant()?;
    let mut terms = json!({ "amount": "499.00", "flow": flow });
    if !phonepe.is_null() {
        terms["phonepe"] = phonepe;
    }
    let made = merchant.makes_order(terms).await?;
    let order = merchant.order(&made.id).await?;
    let browser = scene.browser(device).await?;
    let page = PayPage::open(browser.first_window().await?, &order.checkout_url).await?;
    page.sees_screen("pay").await?;
    Ok(Till {
        gateway,
        merchant,
        order,
        page,
    })
}

impl Till {
    /// The customer decides in the app, in another window.
    async fn decides(&self, scene: &Scene, device: Device, how: &str) -> Result {
        let window = scene.browser(device).await?.new_window().await?;
        let app = PayPage::open(window, self.gateway.phonepe_app()).await?;
        app.taps(&format!("phonepe-{how}")).await?;
        self.page.window().comes_to_front().await
    }

    async fn offers_no_other_way(&self) -> Result {
        let sight = self.page.window().sight().await?;
        for way in ["qr", "show-qr", "upi-id", "utr-open", "app-gpay"] {
            assert!(!sight.has(way), "{way}: {sight}");
        }
        Ok(())
    }
}

#[test]
fn a_payment_goes_on_at_phonepes_page_and_comes_back_paid() -> Result {
    scene(async |scene| {
        let till = sells(scene, Device::Phone, "phonepe_debit", Value::Null).await?;
        till.offers_no_other_way().await?;
        till.page
            .reads("continue-web", "Continue to PhonePe")
            .await?;
        till.page.taps("continue-web").await?;
        till.page.taps("phonepe-approve").await?;
        till.page.sees_screen("paid").await?;
        let opened = format!("OPEN_LINK {}", till.order.deeplink);
        till.merchant.holds_event(&till.order.id, &opened).await?;
        assert_eq!(till.merchant.order(&till.order.id).await?.status, "SUCCESS");
        Ok(())
    })
}

#[test]
fn a_payment_declined_at_phonepes_page_comes_back_failed() -> Result {
    scene(async |scene| {
        let till = sells(scene, Device::Desktop, "phonepe_debit", Value::Null).await?;
        till.page.taps("continue-web").await?;
        till.page.taps("phonepe-decline").await?;
        till.page.sees_screen("failed").await?;
        Ok(())
    })
}

#[test]
fn a_request_in_the_app_is_waited_for() -> Result {
    scene(async |scene| {
        let asked = json!({ "vpa": "customer@ybl" });
        let till = sells(scene, Device::Phone, "phonepe_collect", asked).await?;
        till.offers_no_other_way().await?;
        let sight = till.page.window().sight().await?;
        for words in ["Approve the request in your UPI app", "@ybl"] {
            assert!(sight.text.contains(words), "{words}: {sight}");
        }
        till.page
            .reads(
                "status",
                "Payment is in progress, please wait for sometime.",
            )
            .await?;
        till.decides(scene, Device::Phone, "approve").await?;
        till.page.sees_screen("paid").await?;
        Ok(())
    })
}

#[test]
fn a_request_that_is_declined_in_the_app_failed() -> Result {
    scene(async |scene| {
        let asked = json!({ "mobile": "9876543210" });
        let till = sells(scene, Device::Phone, "phonepe_collect", asked).await?;
        till.decides(scene, Device::Phone, "decline").await?;
        till.page.sees_screen("failed").await?;
        Ok(())
    })
}
