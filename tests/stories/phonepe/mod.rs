//! Payments that PhonePe takes over: its page, a request in the customer's app, autopay. Page, gateway
//! and a PhonePe that is played, each on a port of its own.

mod autopay;
mod collect;
mod debit;

use end_to_end::browser::{Device, Sight};
use end_to_end::gateway::Gateway;
use end_to_end::merchant::{Merchant, Order};
use end_to_end::pay_page::PayPage;
use end_to_end::{Result, Scene};
use serde_json::{Value, json};

/// What a customer who is asked in the app is told, in PhonePe's own words.
const WAIT: &str = "Payment is in progress, please wait for sometime.";

/// A shop with its gateway, and where its customers are.
struct Till<'a> {
    scene: &'a Scene,
    device: Device,
    gateway: Gateway,
    merchant: Merchant,
}

/// An order, and the customer in front of it.
struct Sale {
    order: Order,
    page: PayPage,
}

impl<'a> Till<'a> {
    async fn open(scene: &'a Scene, device: Device) -> Result<Self> {
        let gateway = scene.gateway().await?;
        let merchant = gateway.merchant()?;
        Ok(Self {
            scene,
            device,
            gateway,
            merchant,
        })
    }

    /// Sells something for 499 rupees. `terms`: whatever the API takes besides.
    async fn sells(&self, flow: &str, phonepe: Value, terms: Value) -> Result<Sale> {
        let mut order = terms;
        order["amount"] = json!("499.00");
        order["flow"] = json!(flow);
        order["phonepe"] = phonepe;
        let made = self.merchant.makes_order(order).await?;
        let order = self.merchant.order(&made.id).await?;
        let window = self.scene.browser(self.device).await?.new_window().await?;
        let page = PayPage::open(window, &order.checkout_url).await?;
        Ok(Sale { order, page })
    }

    /// The customer's app, in another window.
    async fn app(&self) -> Result<PayPage> {
        let window = self.scene.browser(self.device).await?.new_window().await?;
        PayPage::open(window, self.gateway.phonepe_app()).await
    }

    /// The customer decides in the app. Where several orders wait, nobody knows
    /// which one is meant.
    async fn decides(&self, sale: &Sale, how: &str) -> Result {
        let app = self.app().await?;
        app.taps(&format!("phonepe-{how}")).await?;
        sale.page.window().comes_to_front().await
    }

    /// What the shop knows of an order that the customer has paid.
    async fn is_paid(&self, sale: &Sale) -> Result<Order> {
        sale.page.sees_screen("paid").await?;
        let order = self.merchant.order(&sale.order.id).await?;
        assert_eq!(order.status, "SUCCESS");
        Ok(order)
    }
}

/// Money that came by another way would not be found.
fn offers_no_other_way(sight: &Sight) {
    for way in ["qr", "show-qr", "upi-id", "utr-open", "app-gpay"] {
        assert!(!sight.has(way), "{way}: {sight}");
    }
}
