//! Autopay: a mandate is allowed in an app, by a code, or by a request; each takes money now
//! (TRANSACTION) or only the right to take it later (PENNY_DROP).

use super::{Sale, Till, WAIT, offers_no_other_way};
use end_to_end::browser::Device;
use end_to_end::{Result, scene};
use serde_json::{Value, json};

/// What the subscription's first step is, and what the customer is told of it.
struct Workflow {
    name: &'static str,
    subscription: &'static str,
    /// What is taken now, and what a later charge may be.
    terms: &'static str,
    takes_money: bool,
}

/// In both of them 499 rupees are ordered; the first allows up to 999 later.
const WORKFLOWS: [Workflow; 2] = [
    Workflow {
        name: "TRANSACTION",
        subscription: "OMSUPTO99900",
        terms: "₹499.00 now, then up to ₹999.00",
        takes_money: true,
    },
    Workflow {
        name: "PENNY_DROP",
        subscription: "OMSPENNY49900",
        terms: "Nothing now, then up to ₹499.00",
        takes_money: false,
    },
];

impl Till<'_> {
    async fn subscribes(&self, workflow: &Workflow, instrument: Value) -> Result<Sale> {
        let mut ask = instrument;
        ask["userId"] = json!("U1");
        ask["subscriptionId"] = json!(workflow.subscription);
        ask["workflow"] = json!(workflow.name);
        self.sells("phonepe_autopay", ask, json!({})).await
    }

    async fn is_allowed(&self, sale: &Sale, workflow: &Workflow) -> Result {
        self.decides(sale, "approve").await?;
        let paid = self.is_paid(sale).await?;
        // Only money has a UTR.
        assert_eq!(paid.paid_utr.is_some(), workflow.takes_money, "{paid:?}");
        Ok(())
    }
}

#[test]
fn a_mandate_is_allowed_in_the_app_that_it_was_made_for_on_android() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Phone).await?;
        for workflow in &WORKFLOWS {
            let intent = json!({
                "instrument": "intent", "os": "ANDROID", "app": "com.phonepe.app",
            });
            let sale = till.subscribes(workflow, intent).await?;
            let (_, query) = is_upi(&sale.order.deeplink);
            let opened = opens_phonepe(&sale, workflow).await?;
            let intent = format!("intent://mandate?{query}#Intent;scheme=upi;");
            assert!(opened.starts_with(&intent), "{opened}");
            till.merchant
                .holds_event(&sale.order.id, &format!("OPEN_LINK {opened}"))
                .await?;
            till.is_allowed(&sale, workflow).await?;
        }
        Ok(())
    })
}

#[test]
fn a_mandate_is_allowed_in_the_app_that_it_was_made_for_on_an_iphone() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Iphone).await?;
        for workflow in &WORKFLOWS {
            let intent = json!({
                "instrument": "intent", "os": "IOS", "app": "PHONEPE", "callbackScheme": "shop",
            });
            let sale = till.subscribes(workflow, intent).await?;
            let link = &sale.order.deeplink;
            assert!(link.starts_with("ppe://mandate?"), "{link}");
            // PhonePe's own link, to the byte.
            assert_eq!(opens_phonepe(&sale, workflow).await?, *link);
            till.merchant
                .holds_event(&sale.order.id, &format!("OPEN_LINK {link}"))
                .await?;
            // A code is for whatever reads it.
            let code = sale.page.scans_qr().await?;
            assert_eq!(code, link.replacen("ppe:", "upi:", 1));
            till.is_allowed(&sale, workflow).await?;
        }
        Ok(())
    })
}

/// The query of a link that any app reads.
fn is_upi(link: &str) -> (&str, &str) {
    let parts = link.split_once('?').unwrap_or_default();
    assert_eq!(parts.0, "upi://mandate", "{link}");
    parts
}

/// Taps the one app that is offered, and says what was opened.
async fn opens_phonepe(sale: &Sale, workflow: &Workflow) -> Result<String> {
    sale.page.reads("amount", "₹499.00").await?;
    let sight = sale.page.sees_screen("pay").await?;
    let terms = format!("{} each time", workflow.terms);
    assert!(sight.text.contains(&terms), "{terms}: {sight}");
    for way in ["app-gpay", "app-any", "upi-id", "utr-open", "discount"] {
        assert!(!sight.has(way), "{way}: {sight}");
    }
    sale.page.taps_app("phonepe").await?;
    sale.page.opens_app("phonepe").await
}

#[test]
fn a_mandate_is_allowed_by_a_code_that_a_camera_reads() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Desktop).await?;
        for workflow in &WORKFLOWS {
            let qr = json!({ "instrument": "qr" });
            let sale = till.subscribes(workflow, qr).await?;
            sale.page.reads("amount", "₹499.00").await?;
            let sight = sale.page.sees_screen("pay").await?;
            let terms = format!("{} a month until 17 Jan 2036", workflow.terms);
            assert!(sight.text.contains(&terms), "{terms}: {sight}");
            // Signed, so to the byte.
            assert_eq!(sale.page.scans_qr().await?, sale.order.deeplink);
            assert!(sale.order.deeplink.contains("&sign="));
            till.is_allowed(&sale, workflow).await?;
        }
        Ok(())
    })
}

#[test]
fn a_mandate_is_allowed_by_a_request_to_a_upi_id_that_exists() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Phone).await?;
        for workflow in &WORKFLOWS {
            let request = json!({ "instrument": "collect", "vpa": "customer@ybl" });
            let sale = till.subscribes(workflow, request).await?;
            let sight = sale.page.sees_screen("pay").await?;
            offers_no_other_way(&sight);
            assert!(sight.text.contains("cu***@ybl"), "{sight}");
            sale.page.reads("status", WAIT).await?;
            till.is_allowed(&sale, workflow).await?;
        }
        Ok(())
    })
}

#[test]
fn a_upi_id_that_does_not_exist_is_told_and_never_asked() -> Result {
    scene(async |scene| {
        let till = Till::open(scene, Device::Phone).await?;
        for workflow in &WORKFLOWS {
            let request = json!({ "instrument": "collect", "vpa": "invalid@ybl" });
            let sale = till.subscribes(workflow, request).await?;
            let sight = sale.page.sees_screen("failed").await?;
            let words = "This UPI ID does not exist.";
            assert!(sight.text.contains(words), "{words}: {sight}");
        }
        let app = till.app().await?;
        let sight = app.window().sight().await?;
        assert!(!sight.has("phonepe-request"), "{sight}");
        Ok(())
    })
}
