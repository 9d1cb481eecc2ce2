//! A back end that misbehaves on one call: the page ends on a clear screen with a way on, shows no
//! payment that nobody has made, loses nothing, and recovers once the back end does.
//!
//! Each story opens one window per misbehaviour, so that all of them wait at the same time.

use end_to_end::back_end::{BackEnd, Call, Misbehaviour, Order, Terms};
use end_to_end::browser::{Device, Sight};
use end_to_end::pay_page::PayPage;
use end_to_end::{Failure, Result, Scene, scene};
use serde_json::json;
use std::time::Duration;

const UTR: &str = "435268791234";

/// A silent request is given up after 10 s; three in a row and the pauses between them.
const SILENCE: Duration = Duration::from_secs(45);

/// The page asks again after 5, 10 and 20 s, and gives each request 10.
const POLLS: Duration = Duration::from_secs(60);

/// One window, in which one thing goes wrong.
struct Case {
    name: String,
    how: Misbehaviour,
    order: Order,
    page: PayPage,
}

impl Case {
    /// What follows is about this case.
    fn about(&self, failure: Failure) -> Failure {
        failure.and(format!("the misbehaviour was {}", self.name))
    }

    fn sees(&self, sight: &Sight, what: &str, holds: bool) -> Result {
        if holds {
            return Ok(());
        }
        let words = format!("{what}; instead: {sight}");
        Err(self.about(Failure::new(words)))
    }

    async fn has_never_seen(&self, screen: &str) -> Result {
        let seen = self.page.window().screens_seen().await?;
        if seen.iter().all(|name| name != screen) {
            return Ok(());
        }
        let words = format!("the screen {screen:?} was shown: {seen:?}");
        Err(self.about(Failure::new(words)))
    }

    /// Waits for a screen, in the time that silence takes.
    async fn comes_to(&self, screen: &str) -> Result<Sight> {
        let what = format!("the screen {screen:?}");
        let is_there = |sight: &Sight| sight.screen.as_deref() == Some(screen);
        self.page
            .sees_in(SILENCE, &what, is_there)
            .await
            .map_err(|why| self.about(why))
    }

    async fn is_told(&self, part: &str, words: &str) -> Result<Sight> {
        let what = format!("{part} to say {words:?}");
        let says = |sight: &Sight| sight.part(part).is_some_and(|text| text.contains(words));
        self.page
            .sees_in(SILENCE, &what, says)
            .await
            .map_err(|why| self.about(why))
    }
}

/// Opens a window for each misbehaviour of a call.
async fn cases(scene: &Scene, shop: &BackEnd, call: Call) -> Result<Vec<Case>> {
    let browser = scene.browser(Device::Phone).await?;
    let mut cases = Vec::new();
    for how in Misbehaviour::ALL {
        let order = shop.sells(Terms::default());
        order.misbehaves(call, how);
        let window = browser.new_window().await?;
        // A dozen windows in which something turns would keep two cores busy.
        window.wishes_for("light").await?;
        let page = PayPage::open(window, &order.checkout()).await?;
        let name = format!("{how:?}");
        cases.push(Case {
            name,
            how,
            order,
            page,
        });
    }
    Ok(cases)
}

#[test]
fn a_broken_order_info_is_explained_and_tried_again() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let cases = cases(scene, &shop, Call::Info).await?;
        for case in &cases {
            let sight = case.comes_to("unavailable").await?;
            case.sees(&sight, "a way on", sight.has("retry"))?;
            let words = match case.how {
                Misbehaviour::Status7 => "Order not available",
                Misbehaviour::Status500
                | Misbehaviour::CutConnection
                | Misbehaviour::Silence
                | Misbehaviour::Reset => "No connection to the shop",
                _ => "Something is wrong at the shop",
            };
            case.sees(&sight, words, sight.text.contains(words))?;
            let offers = ["qr", "app-gpay", "utr-input", "amount", "upi-id"];
            let none = offers.iter().all(|part| !sight.has(part));
            case.sees(&sight, "nothing to pay with", none)?;
        }
        for case in &cases {
            case.order.heals();
            // A page that was refused waits to be told; all others ask again by themselves.
            if matches!(case.how, Misbehaviour::Status7) {
                let tapped = case.page.taps("retry").await;
                tapped.map_err(|why| case.about(why))?;
            }
        }
        for case in &cases {
            case.comes_to("pay").await?;
            case.has_never_seen("paid").await?;
        }
        Ok(())
    })
}

#[test]
fn a_broken_pay_result_leaves_every_way_to_pay_and_the_truth_comes_later() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let cases = cases(scene, &shop, Call::Result).await?;
        for case in &cases {
            let sight = case.comes_to("pay").await?;
            case.sees(&sight, "apps", sight.has("app-gpay"))?;
        }
        for case in &cases {
            // Two in a row: once is nothing to talk about.
            case.order.is_asked(Call::Result, 2, POLLS).await?;
            let sight = case.is_told("status", "The connection is poor").await?;
            case.sees(
                &sight,
                "the pay screen",
                sight.screen.as_deref() == Some("pay"),
            )?;
            case.sees(&sight, "apps", sight.has("app-gpay"))?;
            case.has_never_seen("paid").await?;
            case.order.heals();
            case.order.is_paid();
        }
        for case in &cases {
            case.comes_to("paid").await?;
        }
        Ok(())
    })
}

#[test]
fn a_broken_discount_says_so_and_every_other_way_stays_open() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let cases = cases(scene, &shop, Call::Discount).await?;
        for case in &cases {
            case.comes_to("pay").await?;
            case.page
                .taps_app("phonepe")
                .await
                .map_err(|why| case.about(why))?;
        }
        for case in &cases {
            if matches!(case.how, Misbehaviour::Status7) {
                // A clear no is no trouble: the full amount is right.
                let link = case.page.opens_app("phonepe").await?;
                assert!(link.contains("&am=499&mam=499&"), "{link}");
                continue;
            }
            let sight = case
                .is_told("status", "Your price for PhonePe could not be fetched")
                .await?;
            case.sees(&sight, "another app", sight.has("app-gpay"))?;
            let amount = sight.part("amount");
            case.sees(&sight, "the full amount", amount == Some("₹499.00"))?;
            let opened = case.page.asked_links().await?;
            case.sees(&sight, "no link opened", opened.is_empty())?;
            case.has_never_seen("paid").await?;

            case.order.heals();
            case.page
                .taps_app("phonepe")
                .await
                .map_err(|why| case.about(why))?;
            let link = case.page.opens_app("phonepe").await?;
            assert!(link.contains("&am=498.97&mam=498.97&"), "{link}");
        }
        Ok(())
    })
}

#[test]
fn a_broken_pay_event_hinders_nobody_and_is_told_again() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let mut cases = cases(scene, &shop, Call::Event).await?;
        // The right answer to an event has no model.
        cases
            .retain(|case| !matches!(case.how, Misbehaviour::ModelNull | Misbehaviour::WrongModel));
        for case in &cases {
            case.comes_to("pay").await?;
            case.page
                .taps_app("gpay")
                .await
                .map_err(|why| case.about(why))?;
            case.page
                .opens_app("gpay")
                .await
                .map_err(|why| case.about(why))?;
            case.order.is_asked(Call::Event, 1, SILENCE).await?;
        }
        for case in &cases {
            // Nothing opens here, so the code comes up, which moves the rest: a tap waits for that.
            let sight = case.is_told("status", "Google Pay did not open?").await?;
            case.sees(
                &sight,
                "the pay screen",
                sight.screen.as_deref() == Some("pay"),
            )?;
            case.sees(&sight, "apps", sight.has("app-phonepe"))?;
            case.has_never_seen("paid").await?;
            case.order.heals();
            case.page
                .taps("copy-upi-id")
                .await
                .map_err(|why| case.about(why))?;
        }
        for case in &cases {
            case.order
                .is_told("COPY_UPI_ID", SILENCE)
                .await
                .map_err(|why| case.about(why))?;
            let link = case.page.opens_app("gpay").await?;
            let opened = format!("OPEN_LINK {link}");
            // A refusal is an answer too: what was refused is not said again.
            let told = match case.how {
                Misbehaviour::Status7 => vec!["COPY_UPI_ID".to_owned()],
                _ => vec![opened, "COPY_UPI_ID".to_owned()],
            };
            assert_eq!(case.order.events(), told, "{}", case.name);
        }
        Ok(())
    })
}

#[test]
fn a_broken_utr_call_keeps_what_was_typed_and_takes_it_again() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let cases = cases(scene, &shop, Call::Utr).await?;
        for case in &cases {
            case.comes_to("pay").await?;
            case.page
                .sends_utr(UTR)
                .await
                .map_err(|why| case.about(why))?;
        }
        for case in &cases {
            let words = match case.how {
                Misbehaviour::Status7 => "The server is tired.",
                _ => "Your UTR could not be sent. Nothing is lost",
            };
            let sight = case.is_told("utr-message", words).await?;
            let typed = sight.part("utr-input");
            case.sees(&sight, "the UTR as it was typed", typed == Some(UTR))?;
            case.sees(&sight, "apps", sight.has("app-gpay"))?;
            case.has_never_seen("paid").await?;
            case.order.heals();
            case.page
                .taps("utr-submit")
                .await
                .map_err(|why| case.about(why))?;
            case.is_told("utr-message", &format!("payment with UTR {UTR}"))
                .await?;
        }
        Ok(())
    })
}

/// What an answer may say that would send the customer's money or browser somewhere else.
const TRAPS: [Misbehaviour; 4] = [
    Misbehaviour::Doctored("another amount in the link", |answer| {
        answer["model"]["deeplink"] =
            json!("upi://pay?pa=boim-561518330444%40boi&pn=SRINIVASA&tn=BJAA6Z&am=4990&cu=INR");
    }),
    Misbehaviour::Doctored("another payee in the link", |answer| {
        answer["model"]["deeplink"] =
            json!("upi://pay?pa=thief%40boi&pn=SRINIVASA&tn=BJAA6Z&am=499&cu=INR");
    }),
    Misbehaviour::Doctored("a link that is no pay link", |answer| {
        answer["model"]["deeplink"] = json!("javascript:alert(document.domain)");
    }),
    Misbehaviour::Doctored("another payee in the code", |answer| {
        answer["model"]["qrData"] = json!("upi://pay?pa=thief%40boi&pn=SRINIVASA&am=499&cu=INR");
    }),
];

#[test]
fn a_link_that_is_not_the_orders_is_never_offered() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let browser = scene.browser(Device::Desktop).await?;
        let mut cases = Vec::new();
        for call in [Call::Info, Call::Result] {
            for how in TRAPS {
                let order = shop.sells(Terms::default());
                order.misbehaves(call, how);
                // Where the first answer is a trap, so are those after it.
                order.misbehaves(Call::Result, how);
                let page = PayPage::open(browser.new_window().await?, &order.checkout()).await?;
                let case = Case {
                    name: format!("{call:?}, {how:?}"),
                    how,
                    order,
                    page,
                };
                if call == Call::Result {
                    // What was offered is withdrawn.
                    let sight = case.comes_to("pay").await?;
                    case.sees(&sight, "a code", sight.has("qr"))?;
                }
                cases.push(case);
            }
        }
        for case in &cases {
            let sight = case.comes_to("unavailable").await?;
            let warns = ["Please do not pay", "This order cannot be paid here"];
            let warned = warns.iter().any(|words| sight.text.contains(words));
            case.sees(&sight, "a warning", warned)?;
            case.sees(&sight, "a way on", sight.has("retry"))?;
            let offers = ["qr", "app-phonepe", "app-gpay", "app-any", "upi-id"];
            let none = offers.iter().all(|part| !sight.has(part));
            case.sees(&sight, "nothing to pay with", none)?;
        }
        for case in &cases {
            case.order.heals();
            // What an answer leaves out stays as it was, so the right answer must say it.
            let code = json!(Terms::default().deeplink);
            case.order.has_extension("qrData", code);
        }
        for case in &cases {
            case.comes_to("pay").await?;
            case.has_never_seen("paid").await?;
            assert_eq!(case.page.asked_links().await?, [""; 0], "{}", case.name);
        }
        Ok(())
    })
}

#[test]
fn a_discount_that_is_none_is_not_taken() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let browser = scene.browser(Device::Phone).await?;
        let tricks = [
            Misbehaviour::Doctored("more than the order", |answer| {
                answer["model"]["userPayAmount"] = json!("4990");
                answer["model"]["discountAmount"] = json!("0");
                answer["model"]["amount"] = json!("4990");
            }),
            Misbehaviour::Doctored("a sum that does not add up", |answer| {
                answer["model"]["userPayAmount"] = json!("1");
            }),
            Misbehaviour::Doctored("another order's", |answer| {
                answer["model"]["id"] = json!("order-of-somebody");
            }),
        ];
        for how in tricks {
            let order = shop.sells(Terms::default());
            order.misbehaves(Call::Discount, how);
            let page = PayPage::open(browser.new_window().await?, &order.checkout()).await?;
            page.sees_screen("pay").await?;
            page.taps_app("phonepe").await?;
            let sight = page
                .is_told("status", "Your price for PhonePe could not be fetched")
                .await?;
            assert_eq!(sight.part("amount"), Some("₹499.00"), "{how:?}");
            assert_eq!(page.asked_links().await?, [""; 0], "{how:?}");
        }
        Ok(())
    })
}

#[test]
fn a_success_url_that_is_a_script_is_never_opened() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let browser = scene.browser(Device::Phone).await?;
        let urls = [
            "javascript:document.body.append('hijacked')",
            "JaVaScRiPt://shop.example/%0Aalert(1)",
            "data:text/html,<h1>hijacked</h1>",
            "http://shop.example/thanks",
            "https://shop.example@evil.example/",
            "//evil.example/",
        ];
        for url in urls {
            let order = shop.sells(Terms {
                success_url: Some(url.into()),
                ..Terms::default()
            });
            let page = PayPage::open(browser.new_window().await?, &order.checkout()).await?;
            page.sees_screen("pay").await?;
            order.is_paid();
            // The UTR's answer says it is paid, and names the address once more.
            page.sends_utr(UTR).await?;
            let sight = page.sees_screen("paid").await?;
            // The page stays, by its own words, and has no button that leaves.
            assert!(
                sight.text.contains("You can close this page."),
                "{url}: {sight}"
            );
            assert!(!sight.has("continue"), "{url}: {sight}");
            assert_eq!(page.asked_links().await?, [""; 0], "{url}");
            assert_eq!(sight.url, order.checkout(), "{url}");
        }
        Ok(())
    })
}
