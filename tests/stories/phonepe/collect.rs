//! Collect: the payment waits for an approval in the customer's app.

use super::{Till, WAIT, offers_no_other_way};
use end_to_end::browser::Device;
use end_to_end::wait::{self, until};
use end_to_end::{Result, scene};
use serde_json::json;

#[test]
fn a_request_in_the_app_is_waited_for() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Phone).await?;
        for (asked, masked) in [
            (json!({ "vpa": "customer@ybl" }), "cu***@ybl"),
            (json!({ "mobile": "9876543210" }), "******3210"),
        ] {
            let sale = till.sells("phonepe_collect", asked, json!({})).await?;
            let sight = sale.page.sees_screen("pay").await?;
            offers_no_other_way(&sight);
            for words in ["Approve the request in your UPI app", masked] {
                assert!(sight.text.contains(words), "{words}: {sight}");
            }
            sale.page.reads("status", WAIT).await?;
            till.decides(&sale, "approve").await?;
            let paid = till.is_paid(&sale).await?;
            assert!(paid.paid_utr.is_some(), "{paid:?}");
        }
        Ok(())
    })
}

#[test]
fn a_request_that_is_declined_in_the_app_failed() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Phone).await?;
        let asked = json!({ "mobile": "9876543210" });
        let sale = till.sells("phonepe_collect", asked, json!({})).await?;
        sale.page.sees_screen("pay").await?;
        till.decides(&sale, "decline").await?;
        let sight = sale.page.sees_screen("failed").await?;
        assert!(sight.text.contains("You declined the payment."), "{sight}");
        Ok(())
    })
}

#[test]
fn a_request_that_nobody_answers_expires_and_late_money_is_still_taken() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Phone).await?;
        let asked = json!({ "vpa": "customer@ybl" });
        let terms = json!({ "expiresIn": 12 });
        let sale = till.sells("phonepe_collect", asked, terms).await?;
        sale.page
            .sees_in(wait::SOON * 2, "the screen \"expired\"", |sight| {
                sight.screen.as_deref() == Some("expired")
            })
            .await?;
        let order = till.merchant.order(&sale.order.id).await?;
        assert_eq!(order.status, "EXPIRED");
        till.decides(&sale, "approve").await?;
        until(wait::SOON, "the shop to hear of the money", async || {
            let status = till.merchant.order(&sale.order.id).await?.status;
            Ok(if status == "SUCCESS" {
                Ok(())
            } else {
                Err(status)
            })
        })
        .await?;
        sale.page.taps("retry").await?;
        till.is_paid(&sale).await?;
        Ok(())
    })
}

#[test]
fn an_order_that_the_shop_calls_off_ends_on_the_page_and_in_the_app() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Phone).await?;
        let asked = json!({ "vpa": "customer@ybl" });
        let sale = till.sells("phonepe_collect", asked, json!({})).await?;
        sale.page.sees_screen("pay").await?;
        let order = till.merchant.cancels(&sale.order).await?;
        assert_eq!(order.status, "FAILED");
        sale.page.sees_screen("failed").await?;
        let app = till.app().await?;
        let sight = app.window().sight().await?;
        assert!(sight.text.contains("PAYMENT_CANCELLED"), "{sight}");
        Ok(())
    })
}
