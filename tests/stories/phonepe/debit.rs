//! Debit: the payment goes on at PhonePe's page.

use super::{Till, offers_no_other_way};
use end_to_end::browser::Device;
use end_to_end::{Result, scene};
use serde_json::json;

#[test]
fn a_payment_goes_on_at_phonepes_page_and_comes_back_paid() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Phone).await?;
        for api in ["v3", "v4"] {
            let terms = json!({ "api": api });
            let sale = till.sells("phonepe_debit", terms, json!({})).await?;
            let sight = sale.page.sees_screen("pay").await?;
            offers_no_other_way(&sight);
            sale.page
                .reads("continue-web", "Continue to PhonePe")
                .await?;
            sale.page.taps("continue-web").await?;
            sale.page.taps("phonepe-approve").await?;
            let paid = till.is_paid(&sale).await?;
            assert!(paid.paid_utr.is_some(), "{api}: {paid:?}");
            let opened = format!("OPEN_LINK {}", sale.order.deeplink);
            till.merchant.holds_event(&sale.order.id, &opened).await?;
        }
        Ok(())
    })
}

#[test]
fn a_payment_declined_at_phonepes_page_comes_back_failed() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Desktop).await?;
        for api in ["v3", "v4"] {
            let terms = json!({ "api": api });
            let sale = till.sells("phonepe_debit", terms, json!({})).await?;
            sale.page.taps("continue-web").await?;
            sale.page.taps("phonepe-decline").await?;
            let sight = sale.page.sees_screen("failed").await?;
            assert!(sight.text.contains("You declined the payment."), "{sight}");
        }
        Ok(())
    })
}
