//! Orders paid in a shop's page: the real gateway, the real loader and the real checkout, each engine.

use super::world::{FOCUS, FRAMES, SHOP, Till, World};
use end_to_end::browser::{Device, Sight};
use end_to_end::merchant::Order;
use end_to_end::pay_page::PayPage;
use end_to_end::site::{Served, Site};
use end_to_end::wait::{self, until};
use end_to_end::{Failure, Result, Scene, place, qr, scene};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use thirtyfour::Key;

const UTR: &str = "435268791234";

/// More than there are places for the focus on shop and checkout together.
const TABS_MAX: usize = 30;

/// Whether the customer is asked before the checkout is closed, as far as the shop has been told.
const ASKS: &str = "return (told.findLast(([, type]) => type === 'ask') ?? [])[2] || false";

in_each_engine! {
    a_modal_is_opened_paid_and_left_by_keyboard_alone
    an_open_payment_is_left_by_esc_or_button_after_a_question
    an_inline_checkout_is_paid_and_leads_to_the_thanks
    a_redirect_leads_to_the_checkout_to_the_thanks_and_back_to_the_shop
    two_orders_on_one_page_are_paid_each_for_itself
    a_frame_that_reloads_goes_on_and_is_paid
    whoever_goes_back_from_a_modal_can_come_again_and_pay
}

async fn a_modal_is_opened_paid_and_left_by_keyboard_alone(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::with_gateway(scene, device).await?;
    let order = world.sells("499.00", None).await?;
    world
        .offers(&json!({"order": order.id, "mode": "modal"}))
        .await?;
    world
        .tabs_to("the shop's button", async || {
            Ok(world.runs(FOCUS).await? == "pay")
        })
        .await?;
    world.window.presses(Key::Enter).await?;
    world.is_at(&order, "pay").await?;
    assert_eq!(
        world
            .runs("return document.activeElement.closest('dialog') !== null")
            .await?,
        true
    );

    world
        .tabs_to("the way to the UTR", async || {
            world.has_focus("utr-open").await
        })
        .await?;
    world.window.presses(Key::Enter).await?;
    world
        .tabs_to("the UTR", async || world.has_focus("utr-input").await)
        .await?;
    world.window.presses(UTR).await?;
    world.window.presses(Key::Enter).await?;
    world
        .frame_shows(0, "the UTR's answer", |sight| {
            sight
                .part("utr-message")
                .is_some_and(|words| words.contains(UTR))
        })
        .await?;
    world.is_paid(UTR, &order).await?;
    world
        .frame_shows(0, "paid", |sight| sight.screen.as_deref() == Some("paid"))
        .await?;

    // There is nothing to lose any more, so nothing is asked.
    world.comes_to(ASKS, json!(false)).await?;
    world.window.presses(Key::Escape).await?;
    world.ends(&order.id, "concluded").await?;
    assert_eq!(world.runs(FRAMES).await?, 0);
    assert_eq!(world.runs(FOCUS).await?, "pay");
    world.has_broken_no_rule().await
}

async fn an_open_payment_is_left_by_esc_or_button_after_a_question(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::with_gateway(scene, device).await?;
    let order = world.sells("499.00", None).await?;
    for leave in ["Esc", "button"] {
        world
            .runs("told.length = 0; delete results[next.order]")
            .await?;
        world
            .opens(json!({"order": order.id, "mode": "modal"}))
            .await?;
        let question = world.asks().await?;
        // The browser's own question would hold up whoever presses a key.
        world
            .runs(
                "window.sure = window.confirm; window.asked = [];
            window.confirm = (question) => asked.push(question) < 0",
            )
            .await?;
        match leave {
            "Esc" => world.window.presses(Key::Escape).await?,
            _ => world.window.taps_on("dialog button").await?,
        }
        world.comes_to("return asked", json!([question])).await?;
        assert_eq!(world.runs(FRAMES).await?, 2, "{leave}");
        world
            .runs("window.confirm = (question) => asked.push(question) > 0")
            .await?;
        match leave {
            "Esc" => world.window.presses(Key::Escape).await?,
            _ => world.window.taps_on("dialog button").await?,
        }
        world.ends(&order.id, "cancelled").await?;
        assert_eq!(world.runs(FRAMES).await?, 0, "{leave}");
        assert_eq!(world.runs(FOCUS).await?, "pay", "{leave}");
        world.runs("window.confirm = sure").await?;
    }
    // Left is not failed: nobody but the gateway says what becomes of an order.
    assert_eq!(world.pay.merchant.order(&order.id).await?.status, "PENDING");
    world.has_broken_no_rule().await
}

async fn an_inline_checkout_is_paid_and_leads_to_the_thanks(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::with_gateway(scene, device).await?;
    let thanks = format!("{}/thanks", world.shop.origin(SHOP));
    let order = world.sells("499.00", Some(&thanks)).await?;
    let before = world.window.history_length().await?;
    world
        .opens(json!({"order": order.id, "container": "#place"}))
        .await?;
    world
        .frame_shows(0, "the amount", |sight| {
            sight.part("amount") == Some("₹499.00")
        })
        .await?;
    let fits = "const { offsetHeight, style } = document.querySelector('#place iframe');
        return style.height === offsetHeight + 'px'";
    world.comes_to(fits, json!(true)).await?;
    world.scans(&order).await?;
    world.is_paid(UTR, &order).await?;
    world
        .window
        .shows("the thanks", |sight| sight.url == thanks)
        .await?;
    assert_eq!(
        world.window.history_length().await?,
        before,
        "replaced, not added"
    );
    Ok(())
}

async fn a_redirect_leads_to_the_checkout_to_the_thanks_and_back_to_the_shop(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::with_gateway(scene, device).await?;
    let thanks = format!("{}/thanks", world.shop.origin(SHOP));
    let order = world.sells("499.00", Some(&thanks)).await?;
    let page = PayPage::in_window(world.window.clone());
    let redirect = json!({"order": order.id, "mode": "redirect"});
    // The first time the customer thinks again.
    for time in ["first", "second"] {
        world.offers(&redirect).await?;
        world.window.taps_on("#pay").await?;
        let sight = page.sees_screen("pay").await?;
        assert!(
            sight.url.starts_with(&order.checkout_url),
            "{time}: {sight}"
        );
        if time == "first" {
            world.window.goes_back().await?;
            world
                .comes_to("return document.title", json!("Shop"))
                .await?;
        }
    }
    assert_eq!(page.scans_qr().await?, order.deeplink);
    world.is_paid(UTR, &order).await?;
    world
        .window
        .shows("the thanks", |sight| sight.url == thanks)
        .await?;
    world.window.goes_back().await?;
    world.comes_to("return document.title", json!("Shop")).await
}

async fn two_orders_on_one_page_are_paid_each_for_itself(scene: &Scene, device: Device) -> Result {
    let world = World::with_gateway(scene, device).await?;
    let inline = world.sells("499.00", None).await?;
    let modal = world.sells("20.00", None).await?;
    world
        .opens(json!({"order": inline.id, "mode": "inline", "container": "#place"}))
        .await?;
    world.is_at(&inline, "pay").await?;
    world
        .opens(json!({"order": modal.id, "mode": "modal"}))
        .await?;
    world
        .frame_shows(1, "the modal's amount", |sight| {
            sight.part("amount") == Some("₹20.00")
        })
        .await?;
    world.is_paid("435268791235", &modal).await?;
    world.is_at(&modal, "paid").await?;
    world
        .frame_shows(0, "the other", |sight| {
            sight.screen.as_deref() == Some("pay") && sight.part("amount") == Some("₹499.00")
        })
        .await?;
    world.window.taps_on("dialog button").await?;
    world.ends(&modal.id, "concluded").await?;
    assert_eq!(world.runs(FRAMES).await?, 1);
    world.is_paid(UTR, &inline).await?;
    world.is_at(&inline, "paid").await?;
    world.has_broken_no_rule().await
}

async fn a_frame_that_reloads_goes_on_and_is_paid(scene: &Scene, device: Device) -> Result {
    let world = World::with_gateway(scene, device).await?;
    let order = world.sells("499.00", None).await?;
    world
        .opens(json!({"order": order.id, "mode": "inline", "container": "#place"}))
        .await?;
    world.is_at(&order, "pay").await?;
    world.runs("told.length = 0").await?;
    world
        .window
        .runs_in_frame(0, "setTimeout(() => location.reload())")
        .await?;
    world
        .is_told(&json!(order.id), "ready", Value::Null)
        .await?;
    world.is_at(&order, "pay").await?;
    world.is_paid(UTR, &order).await?;
    world.is_at(&order, "paid").await?;
    world.comes_to(ASKS, json!(false)).await?;
    world.has_broken_no_rule().await
}

/// On a desktop Back is the shop's own: the modal is part of the shop's page, adds nothing to its history,
/// and goes with it.
async fn whoever_goes_back_from_a_modal_can_come_again_and_pay(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::with_gateway(scene, device).await?;
    let shop = world.shop.origin(SHOP);
    let order = world.sells("499.00", None).await?;
    world.window.goes_to(&format!("{shop}/thanks")).await?;
    world.window.goes_to(&format!("{shop}/")).await?;
    let before = world.window.history_length().await?;
    let modal = json!({"order": order.id, "mode": "modal"});
    world.opens(modal.clone()).await?;
    world.is_at(&order, "pay").await?;
    assert_eq!(
        world.window.history_length().await?,
        before,
        "nothing was added"
    );
    world.window.goes_back().await?;
    world
        .comes_to("return document.title", json!("Thanks"))
        .await?;
    world.window.goes_forward().await?;
    world
        .comes_to("return document.title", json!("Shop"))
        .await?;
    // Some browsers bring the page back as it was left, with the modal open.
    if world.runs(FRAMES).await? == 0 {
        world.opens(modal).await?;
    }
    world
        .frame_shows(0, "the checkout", |sight| {
            sight.screen.as_deref() == Some("pay")
        })
        .await?;
    world.is_paid(UTR, &order).await?;
    world.is_at(&order, "paid").await?;
    world.window.taps_on("dialog button").await?;
    world.ends(&order.id, "concluded").await
}

/// A frame written by hand, whose sandbox lets nothing out.
#[test]
fn a_frame_that_lets_no_app_open_shows_every_other_way() -> Result {
    scene(async |scene| {
        let shop = Site::start(None).await?;
        // The same host as the gateway's: to frames of other sites Chromium's driver lends no phone.
        let origin = shop.origin("127.0.0.1");
        let gateway = scene.gateway_for(&origin).await?;
        let merchant = gateway.merchant()?;
        let order = merchant.makes_order(json!({"amount": "499.00"})).await?;
        let page = format!(
            r#"<!doctype html><meta name="viewport" content="width=device-width"><link rel="icon"
            href="data:,"><iframe sandbox="allow-scripts allow-same-origin" width="360" height="1400"
            src="{}"></iframe>"#,
            order.checkout_url
        );
        shop.serves(BTreeMap::from([("/".to_owned(), Served::page(page))]));
        let browser = scene.browser(Device::Phone).await?;
        let window = browser.first_window().await?;
        window.goes_to(&origin).await?;
        let sees = async |parts: &[&str]| {
            until(wait::SOON, &format!("{parts:?}"), async || {
                let sight = window.sight_in_frame(0).await?;
                Ok(if parts.iter().all(|part| sight.has(part)) {
                    Ok(sight)
                } else {
                    Err(sight.to_string())
                })
            })
            .await
        };
        sees(&["app-gpay", "show-qr"]).await?;
        window.taps_in_frame(0, "[data-testid=app-gpay]").await?;
        let sight = sees(&["elsewhere", "show-qr", "copy-upi-id"]).await?;
        let way_out = sight.part("elsewhere").unwrap_or_default();
        assert!(way_out.contains(&order.checkout_url), "{sight}");
        let picture = window.screenshot().await?;
        std::fs::write(place::screenshots()?.join("elsewhere-frame.png"), picture)?;
        browser.forgives("sandbox").await
    })
}

impl World<Till> {
    async fn sells(&self, amount: &str, thanks: Option<&str>) -> Result<Order> {
        let terms = json!({ "amount": amount, "successUrl": thanks });
        self.pay.merchant.makes_order(terms).await
    }

    /// Waits until the shop was told that an order's checkout is on this screen.
    async fn is_at(&self, order: &Order, screen: &str) -> Result {
        let id = json!(order.id);
        self.is_told(&id, "state", json!(screen)).await
    }

    /// The money comes.
    async fn is_paid(&self, utr: &str, order: &Order) -> Result {
        let merchant = &self.pay.merchant;
        let credit = merchant.sees_money(utr, &order.amount, order).await?;
        assert_eq!(credit.order_id.as_ref(), Some(&order.id));
        assert_eq!(merchant.order(&order.id).await?.status, "SUCCESS");
        Ok(())
    }

    /// Waits until the customer would be asked before the checkout is closed, and says what.
    async fn asks(&self) -> Result<Value> {
        until(wait::SOON, "a question", async || {
            let question = self.runs(ASKS).await?;
            Ok(if question.is_string() {
                Ok(question)
            } else {
                Err(question.to_string())
            })
        })
        .await
    }

    /// Waits until what is to be seen in a frame is as it should be.
    async fn frame_shows(&self, frame: u16, what: &str, is_so: impl Fn(&Sight) -> bool) -> Result {
        until(wait::SOON, what, async || {
            // While the frame loads there is nothing to look at.
            Ok(match self.window.sight_in_frame(frame).await {
                Ok(sight) if is_so(&sight) => Ok(()),
                Ok(sight) => Err(sight.to_string()),
                Err(why) => Err(why.to_string()),
            })
        })
        .await
    }

    /// Waits until a camera would read the order's code off the window.
    async fn scans(&self, order: &Order) -> Result {
        self.runs("document.querySelector('iframe').scrollIntoView()")
            .await?;
        let scroll =
            "document.querySelector('[data-testid=qr]').scrollIntoView({ block: 'center' })";
        self.window.runs_in_frame(0, scroll).await?;
        qr::comes_to(&self.window, &order.deeplink).await
    }

    /// Whether a part of the checkout in the first frame has the focus.
    async fn has_focus(&self, part: &str) -> Result<bool> {
        let focus = "return document.hasFocus() && document.activeElement.dataset.testid";
        Ok(self.window.runs_in_frame(0, focus).await? == part)
    }

    /// Presses the tabulator key until the focus is there; not at all where it is there already.
    async fn tabs_to(&self, what: &str, is_there: impl AsyncFn() -> Result<bool>) -> Result {
        for _ in 0..TABS_MAX {
            if is_there().await? {
                return Ok(());
            }
            self.window.presses(Key::Tab).await?;
        }
        Err(Failure::new(format!(
            "{TABS_MAX} tabulators did not reach {what}"
        )))
    }
}
