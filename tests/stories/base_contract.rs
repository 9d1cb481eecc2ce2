//! A back end that speaks the five calls and nothing more gets a complete checkout.

use end_to_end::back_end::{Call, Record, StaticHeaders, Terms};
use end_to_end::browser::Device;
use end_to_end::pay_page::PayPage;
use end_to_end::{Failure, Result, place, scene};
use serde_json::{Value, json};
use std::time::Duration;

const UTR: &str = "435268791234";

/// Long enough for three polls.
const THREE_POLLS: Duration = Duration::from_secs(25);

/// What the gaps between two polls may be, measured where they arrive.
const GAPS: std::ops::RangeInclusive<Duration> =
    Duration::from_millis(4_900)..=Duration::from_millis(6_500);

#[test]
fn a_checkout_needs_nothing_but_the_base_contract() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms {
            success_url: Some(shop.thanks_page()),
            ..Terms::default()
        });
        let shop_page = shop.shop_page(&order.checkout());
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::from_shop(browser.first_window().await?, &shop_page).await?;
        let sight = page.sees_screen("pay").await?;
        assert_eq!(sight.part("payee"), Some("SRINIVASA TRADERS"));
        assert_eq!(sight.part("upi-id"), Some("boim-561518330444@boi"));
        assert_eq!(sight.part("amount"), Some("₹499.00"));
        assert!(!sight.has("countdown"), "no deadline: {sight}");
        let info = only(&order.records(Call::Info))?;
        let (href, referrer) = (order.checkout(), &shop_page);
        assert_eq!(
            info.body,
            json!({ "id": order.id(), "href": href, "referrer": referrer })
        );
        assert_eq!(page.scans_qr().await?, Terms::default().deeplink);

        page.taps_app("phonepe").await?;
        page.reads("amount", "₹498.97").await?;
        let link = page.opens_app("phonepe").await?;
        let query = "pa=boim-561518330444%40boi&pn=SRINIVASA%20TRADERS&tn=BJAA6Z&am=498.97&mam=498.97&cu=INR";
        let opened = format!("intent://pay?{query}#Intent;scheme=upi;package=com.phonepe.app;");
        assert!(link.starts_with(&opened), "{link}");
        let event = format!("OPEN_LINK {link}");
        order.is_told(&event, Duration::from_secs(5)).await?;
        let discount = only(&order.records(Call::Discount))?;
        assert_eq!(discount.body, json!({ "id": order.id() }));
        let told = order.records(Call::Event);
        let opened = told.iter().find(|record| record.body["content"] == *event);
        assert!(opened.is_some_and(|record| record.at > discount.at));

        let polls = order.is_asked(Call::Result, 3, THREE_POLLS).await?;
        for (one, next) in polls.iter().zip(polls.iter().skip(1)) {
            let gap = next.at - one.at;
            assert!(GAPS.contains(&gap), "polls {gap:?} apart");
            assert_eq!(next.body, json!({ "id": order.id() }));
        }

        page.sends_utr(UTR).await?;
        page.is_told("utr-message", UTR).await?;
        let claim = only(&order.records(Call::Utr))?;
        assert_eq!(claim.body, json!({ "id": order.id(), "userUtrNo": UTR }));

        order.is_paid();
        page.sees_screen("paid").await?;
        let thanks = shop.thanks_page();
        page.sees("the shop's thanks", |sight| sight.url == thanks)
            .await?;
        Ok(())
    })
}

#[test]
fn a_back_end_without_a_way_back_leaves_the_customer_on_paid() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        let browser = scene.browser(Device::Desktop).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        page.sees_screen("pay").await?;
        order.is_paid();
        let sight = page.sees_screen("paid").await?;
        assert!(sight.text.contains("You can close this page."), "{sight}");
        assert!(!sight.has("continue"), "{sight}");
        // The polls end: another order's go on meanwhile, which is how long this one is watched.
        let asked = order.records(Call::Result).len();
        let other = shop.sells(Terms::default());
        PayPage::open(browser.new_window().await?, &other.checkout()).await?;
        other.is_asked(Call::Result, 2, THREE_POLLS).await?;
        assert_eq!(order.records(Call::Result).len(), asked);
        assert_eq!(screens_of_order(&page).await?, ["pay", "paid"]);
        Ok(())
    })
}

#[test]
fn an_unknown_status_means_keep_waiting() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let browser = scene.browser(Device::Phone).await?;
        let mut waiting = Vec::new();
        for status in ["7", "PAID", "success", "REFUNDED"] {
            let order = shop.sells(Terms::default());
            order.has_status(status);
            let page = PayPage::open(browser.new_window().await?, &order.checkout()).await?;
            page.sees_screen("pay").await?;
            page.sends_utr(UTR).await?;
            page.is_told("utr-message", UTR).await?;
            waiting.push((order, page));
        }
        for (order, page) in waiting {
            order.is_asked(Call::Result, 2, THREE_POLLS).await?;
            assert_eq!(screens_of_order(&page).await?, ["pay"]);
            order.is_paid();
            page.sees_screen("paid").await?;
        }
        Ok(())
    })
}

#[test]
fn the_page_is_served_under_the_same_policy_everywhere() -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let page = reqwest::get(format!("{}/pay/nothing", gateway.address())).await?;
        let policy = page.headers().get("content-security-policy");
        let static_host = StaticHeaders::read(&place::dist()?)?;
        assert_eq!(
            policy.map(|policy| policy.to_str()).transpose()?,
            static_host.of_page("Content-Security-Policy").as_deref()
        );
        Ok(())
    })
}

/// The screens since the order came; where it comes before the module does, there is none before.
async fn screens_of_order(page: &PayPage) -> Result<Vec<String>> {
    let mut seen = page.window().screens_seen().await?;
    if seen.first().is_some_and(|first| first == "loading") {
        seen.remove(0);
    }
    Ok(seen)
}

/// The one record that there is.
fn only(records: &[Record]) -> Result<Record> {
    match records {
        [record] => Ok(record.clone()),
        several => {
            let bodies: Vec<&Value> = several.iter().map(|record| &record.body).collect();
            Err(Failure::new(format!("one request, not {bodies:?}")))
        }
    }
}
