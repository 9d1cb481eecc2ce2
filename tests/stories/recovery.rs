//! Whatever breaks while the customer waits, the page comes back by itself and nothing is lost.

use end_to_end::back_end::{Call, Misbehaviour, Terms};
use end_to_end::browser::Device;
use end_to_end::merchant::Order;
use end_to_end::pay_page::PayPage;
use end_to_end::wait::{self, until};
use end_to_end::{Result, scene};
use serde_json::json;
use std::time::{Duration, Instant};

const UTR: &str = "435268791234";
const OTHER_UTR: &str = "435268791235";

const A_MINUTE: Duration = Duration::from_secs(60);

/// Notes when the page is seen again.
const NOTE_RETURN: &str = "document.addEventListener('visibilitychange', (event) => {
    if (!document.hidden) window.seenAt = event.timeStamp;
})";
/// How long after that it asked for the result, in milliseconds.
const FIRST_REQUEST_AFTER: &str = "return performance.getEntriesByType('resource')
    .filter((entry) => entry.name.includes('/order/result') && entry.startTime >= window.seenAt)
    [0].startTime - window.seenAt";

/// Errors stretch the polls to 30 s at most.
const SLOWEST_POLL: Duration = Duration::from_secs(40);

#[test]
fn a_page_that_asks_too_often_asks_less_often_and_is_paid_all_the_same() -> Result {
    /// Longer than the page waits by itself after so few failures.
    const WAIT_S: u32 = 17;
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        order.misbehaves(Call::Result, Misbehaviour::TooOften(WAIT_S));
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        page.sees_screen("pay").await?;
        let asked = order.is_asked(Call::Result, 2, A_MINUTE).await?;
        let times: Vec<Instant> = asked.iter().map(|record| record.at).collect();
        let gaps: Vec<Duration> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let due = Duration::from_secs(WAIT_S.into());
        assert!(gaps.iter().all(|gap| *gap >= due), "{gaps:?}");
        // The answers said "paid"; they were none.
        let sight = page.sees_screen("pay").await?;
        assert!(sight.has("app-gpay") && !sight.has("offline"), "{sight}");

        order.heals();
        order.is_paid();
        page.sees_in(SLOWEST_POLL, "paid", |sight| {
            sight.screen.as_deref() == Some("paid")
        })
        .await?;
        Ok(())
    })
}

#[test]
fn a_page_recovers_when_the_gateway_is_killed_and_nothing_acknowledged_is_lost() -> Result {
    scene(async |scene| {
        let mut gateway = scene.gateway().await?;
        let merchant = gateway.merchant()?;
        let own = merchant.makes_order(json!({ "amount": "499.00" })).await?;
        let other = merchant.makes_order(json!({ "amount": "20.00" })).await?;
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &own.checkout_url).await?;
        page.sees_screen("pay").await?;
        page.taps_app("gpay").await?;
        let link = page.opens_app("gpay").await?;
        let opened = format!("OPEN_LINK {link}");
        merchant.holds_event(&own.id, &opened).await?;
        // Nothing opens here, so the code comes up, which moves the rest: a tap waits for that.
        page.is_told("status", "Google Pay did not open?").await?;
        page.sends_utr(UTR).await?;
        page.is_told("utr-message", UTR).await?;
        let paid = merchant.sees_money(OTHER_UTR, "20.00", &other).await?;
        assert_eq!(paid.order_id.as_ref(), Some(&other.id));
        let last = merchant.makes_order(json!({ "amount": "30.00" })).await?;
        gateway.is_killed().await?;

        // What the customer does meanwhile is not lost either, nor is what was typed.
        page.taps("copy-upi-id").await?;
        page.sends_utr(OTHER_UTR).await?;
        let sight = page.is_told("utr-message", "Nothing is lost").await?;
        assert_eq!(sight.part("utr-input"), Some(OTHER_UTR));

        gateway.starts_again().await?;
        assert_eq!(merchant.order(&last.id).await?, last);
        assert_eq!(merchant.order(&other.id).await?.status, "SUCCESS");
        assert_eq!(merchant.credits().await?, [paid]);
        until(SLOWEST_POLL, "the event from the dark", async || {
            let events = merchant.page_events(&own.id).await?;
            let copied = events.iter().any(|event| event == "COPY_UPI_ID");
            Ok(if copied {
                Ok(())
            } else {
                Err(format!("{events:?}"))
            })
        })
        .await?;
        let events = merchant.page_events(&own.id).await?;
        assert_eq!(events.first(), Some(&opened), "{events:?}");

        // The claim from before the end counts: another order owes the same amount.
        merchant.makes_order(json!({ "amount": "499.00" })).await?;
        let credit = merchant.sees_money(UTR, "499.00", &own).await?;
        assert_eq!(credit.order_id.as_ref(), Some(&own.id));
        page.sees_in(SLOWEST_POLL, "the screen \"paid\"", |sight| {
            sight.screen.as_deref() == Some("paid")
        })
        .await?;
        assert_eq!(page.window().screens_seen().await?, ["pay", "paid"]);
        Ok(())
    })
}

#[test]
fn orders_that_were_acknowledged_survive_a_kill_in_the_middle_of_a_rush() -> Result {
    scene(async |scene| {
        let mut gateway = scene.gateway().await?;
        let merchant = gateway.merchant()?;
        let acknowledged = tokio::sync::Mutex::new(Vec::<Order>::new());
        let rush = async {
            // Ends with the first order that is not acknowledged, because the gateway is gone.
            while let Ok(order) = merchant.makes_order(json!({ "amount": "499.00" })).await {
                acknowledged.lock().await.push(order);
            }
        };
        let kill = async {
            until(wait::SOON, "twenty orders", async || {
                let made = acknowledged.lock().await.len();
                Ok(if made >= 20 {
                    Ok(())
                } else {
                    Err(made.to_string())
                })
            })
            .await?;
            gateway.is_killed().await
        };
        let ((), killed) = tokio::join!(rush, kill);
        killed?;
        gateway.starts_again().await?;
        let acknowledged = acknowledged.into_inner();
        assert!(acknowledged.len() >= 20);
        for order in acknowledged {
            assert_eq!(merchant.order(&order.id).await?, order);
        }
        Ok(())
    })
}

#[test]
fn a_paid_order_stays_paid_through_reload_and_back() -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let merchant = gateway.merchant()?;
        let order = merchant.makes_order(json!({ "amount": "499.00" })).await?;
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout_url).await?;
        page.sees_screen("pay").await?;
        merchant.sees_money(UTR, "499.00", &order).await?;
        page.sees_screen("paid").await?;

        page.window().reloads().await?;
        page.sees_screen("paid").await?;
        // Away and back again, into a page that the browser may have kept as it was.
        let elsewhere = format!("{}/demo", gateway.address());
        page.window().goes_to(&elsewhere).await?;
        page.window().goes_back().await?;
        page.sees_screen("paid").await?;
        assert_eq!(page.window().screens_seen().await?, ["pay", "paid"]);
        Ok(())
    })
}

#[test]
fn back_after_paying_leads_to_the_shop_and_never_to_the_pay_screen() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let gateway = scene.gateway().await?;
        let merchant = gateway.merchant()?;
        let order = merchant
            .makes_order(json!({ "amount": "499.00", "successUrl": shop.thanks_page() }))
            .await?;
        let browser = scene.browser(Device::Phone).await?;
        let window = browser.first_window().await?;
        let page = PayPage::from_shop(window, &shop.shop_page(&order.checkout_url)).await?;
        page.sees_screen("pay").await?;
        merchant.sees_money(UTR, "499.00", &order).await?;
        page.sees_screen("paid").await?;
        // The button does at once what the page does after a while.
        page.taps("continue").await?;
        let thanks = shop.thanks_page();
        page.sees("the shop's thanks", |sight| sight.url == thanks)
            .await?;
        page.window().goes_back().await?;
        let shop_page = format!("{}/shop", shop.address());
        page.sees("the shop", |sight| sight.url.starts_with(&shop_page))
            .await?;
        page.window().goes_forward().await?;
        page.sees("the shop's thanks", |sight| sight.url == thanks)
            .await?;
        // Whoever opens the checkout once more is told that it is paid.
        page.window().goes_to(&order.checkout_url).await?;
        page.sees_screen("paid").await?;
        assert_eq!(page.window().screens_seen().await?, ["pay", "paid"]);
        Ok(())
    })
}

#[test]
fn an_order_paid_while_the_customer_is_elsewhere_is_paid_on_return() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        page.sees_screen("pay").await?;
        page.window().goes_to(&shop.thanks_page()).await?;
        order.is_paid();
        page.window().goes_back().await?;
        let returned = Instant::now();
        page.sees_screen("paid").await?;
        assert!(returned.elapsed() < Duration::from_secs(2));
        Ok(())
    })
}

#[test]
fn without_a_network_the_page_says_so_and_recovers_with_it() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        page.sees_screen("pay").await?;
        page.window().is_offline(true).await?;
        let sight = page
            .sees("the notice that the phone is offline", |sight| {
                sight.has("offline")
            })
            .await?;
        assert!(sight.has("app-gpay"), "still a way to pay: {sight}");
        // An event from the dark comes in the light.
        page.taps("copy-upi-id").await?;
        order.is_paid();
        let asked = order.records(Call::Result).len();

        page.window().is_offline(false).await?;
        let online = Instant::now();
        page.sees_screen("paid").await?;
        assert!(online.elapsed() < Duration::from_secs(2), "at once");
        assert_eq!(order.records(Call::Result).len(), asked + 1);
        order.is_told("COPY_UPI_ID", wait::SOON).await?;
        Ok(())
    })
}

#[test]
fn a_hidden_page_asks_nothing_and_asks_at_once_on_return() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        let other = shop.sells(Terms::default());
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        page.sees_screen("pay").await?;
        page.taps_app("gpay").await?;
        let link = page.opens_app("gpay").await?;
        order
            .is_told(&format!("OPEN_LINK {link}"), wait::SOON)
            .await?;

        let () = page.window().runs(NOTE_RETURN).await?;
        // Another tab covers the page, as an app does; its own polls tell how long.
        let cover = PayPage::open(browser.new_tab().await?, &other.checkout()).await?;
        cover.sees_screen("pay").await?;
        let hidden = Instant::now();
        other.is_asked(Call::Result, 1, wait::SOON).await?;
        until(2 * A_MINUTE, "a minute of polls", async || {
            let last = other.records(Call::Result).pop();
            let passed = last.map_or(Duration::ZERO, |poll| poll.at - hidden);
            Ok(if passed >= A_MINUTE {
                Ok(())
            } else {
                Err(format!("{passed:?}"))
            })
        })
        .await?;
        let asked = order.records(Call::Result).len();
        for call in [Call::Info, Call::Discount, Call::Result, Call::Event] {
            let records = order.records(call);
            let late = records.iter().filter(|record| record.at > hidden).count();
            assert_eq!(late, 0, "{call:?} while hidden");
        }

        page.window().comes_to_front().await?;
        order.is_asked(Call::Result, asked + 1, wait::SOON).await?;
        let delay_ms: f64 = page.window().runs(FIRST_REQUEST_AFTER).await?;
        assert!(delay_ms <= 100.0, "asked after {delay_ms} ms");
        order.is_told("RETURN", wait::SOON).await?;
        let events = order.events();
        assert_eq!(events, [format!("OPEN_LINK {link}"), "RETURN".to_owned()]);
        page.is_told("status", "Checking your payment").await?;
        Ok(())
    })
}
