//! The modes, and how the loader comes and goes.

use super::world::{FOCUS, FRAMES, PAY, SHOP, World};
use end_to_end::browser::{Device, Engine};
use end_to_end::wait::{self, until};
use end_to_end::{Result, Scene, scene};
use serde_json::{Value, json};
use thirtyfour::Key;

/// Keeps each question, and answers no.
const NEVER_LEAVE: &str = "window.asked = []; window.sure = window.confirm;
    window.confirm = (question) => asked.push(question) < 0";

in_each_engine! {
    a_modal_takes_the_focus_and_gives_it_back
    an_open_payment_is_not_closed_without_asking
    an_inline_checkout_is_as_high_as_its_content_within_limits
    two_orders_stand_on_one_page_and_one_order_stands_there_once
    the_script_may_be_there_more_than_once_and_in_both_forms
    a_frame_that_reloads_is_met_again
    what_does_not_load_is_unavailable_and_can_be_tried_again
    a_policy_that_only_reports_changes_nothing
    a_policy_that_shuts_the_checkout_out_is_named_and_auto_goes_round_it
    browsers_without_frames_go_to_the_checkout_and_come_back
    the_checkout_itself_speaks_with_the_loader
}

async fn a_modal_takes_the_focus_and_gives_it_back(scene: &Scene, device: Device) -> Result {
    let world = World::on(scene, device, "/").await?;
    world.opens(json!({"order": "o1", "mode": "modal"})).await?;
    let dialog = "const it = document.querySelector('dialog');
        return [it.matches(':modal'), it.ariaLabel, it.querySelector('iframe').title]";
    assert_eq!(
        world.runs(dialog).await?,
        json!([true, "UPI checkout", "UPI checkout"])
    );
    let heard = world.window.runs_in_frame(0, "return heard").await?;
    let welcome = json!([{"upi_checkout": 1, "type": "welcome", "value": "modal"}]);
    assert_eq!(heard, welcome);
    assert_eq!(
        world
            .runs("return document.activeElement.closest('dialog') !== null")
            .await?,
        true
    );
    world.window.presses(Key::Escape).await?;
    world.ends("o1", "cancelled").await?;
    assert_eq!(world.runs(FRAMES).await?, 0);
    assert_eq!(world.runs(FOCUS).await?, "pay");
    // And once more: nothing was left behind.
    world.opens(json!({"order": "o1", "mode": "modal"})).await?;
    world.window.taps_on("dialog button").await?;
    world.comes_to(FRAMES, json!(0)).await?;
    assert_eq!(world.runs(FOCUS).await?, "pay");
    // Some browsers close it without a word at the second Esc.
    world.opens(json!({"order": "o2", "mode": "modal"})).await?;
    world
        .runs("document.querySelector('dialog').close()")
        .await?;
    world.ends("o2", "cancelled").await?;
    assert_eq!(world.runs(FRAMES).await?, 0);
    world.has_broken_no_rule().await
}

async fn an_open_payment_is_not_closed_without_asking(scene: &Scene, device: Device) -> Result {
    let world = World::on(scene, device, "/").await?;
    world.opens(json!({"order": "o1", "mode": "modal"})).await?;
    world.says("ask", "Leave? Your payment is open.").await?;
    world.has_heard("o1", "pay").await?;
    // The browser's own question would hold up whoever presses a key.
    world.runs(NEVER_LEAVE).await?;
    for leave in ["button", "escape", "page"] {
        match leave {
            "button" => world.window.taps_on("dialog button").await?,
            "escape" => world.window.presses(Key::Escape).await?,
            _ => world.says_close().await?,
        }
        let asked = json!(["Leave? Your payment is open."]);
        world.comes_to("return asked", asked).await?;
        world.runs("asked.length = 0").await?;
        assert_eq!(world.runs(FRAMES).await?, 2, "{leave}");
    }
    world.runs("window.confirm = sure").await?;
    world.window.taps_on("dialog button").await?;
    assert!(world.window.answers_question(true).await?.is_some());
    world.ends("o1", "cancelled").await?;

    // Nothing is asked when there is nothing to lose.
    world.opens(json!({"order": "o2", "mode": "modal"})).await?;
    world.says("ask", "Leave?").await?;
    world.says("ask", "").await?;
    world.has_heard("o2", "paid").await?;
    world.window.taps_on("dialog button").await?;
    world.ends("o2", "concluded").await
}

/// Android's Back asks a dialog to close as Esc does; no driver presses it, so this is Esc on a phone.
/// A browser that has let a page keep the customer once closes the dialog the next time, whatever the
/// page says; so then the customer is not asked.
#[test]
fn androids_back_asks_once_and_then_closes_and_the_shop_is_still_there() -> Result {
    scene(async |scene| {
        let world = World::on(scene, Device::Phone, "/").await?;
        let before = world.window.history_length().await?;
        world.opens(json!({"order": "o1", "mode": "modal"})).await?;
        world.says("ask", "Leave?").await?;
        world.has_heard("o1", "pay").await?;
        world.runs(NEVER_LEAVE).await?;
        // Where Esc goes past the frame, as Back does.
        let focus = "document.querySelector('dialog button').focus()";
        world.runs(focus).await?;
        world.window.presses(Key::Escape).await?;
        world.comes_to("return asked", json!(["Leave?"])).await?;
        assert_eq!(world.runs(FRAMES).await?, 2);
        world.window.presses(Key::Escape).await?;
        world.ends("o1", "cancelled").await?;
        assert_eq!(world.runs("return asked.length").await?, 1, "in vain");
        assert_eq!(world.runs(FRAMES).await?, 0);
        assert_eq!(world.runs(FOCUS).await?, "pay");
        assert_eq!(world.window.history_length().await?, before);
        Ok(())
    })
}

async fn an_inline_checkout_is_as_high_as_its_content_within_limits(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::on(scene, device, "/").await?;
    let options = json!({"order": "o1", "container": "#place"});
    world.opens(options).await?;
    let height = "return document.querySelector('#place iframe').offsetHeight";
    for (said, high) in [("512", 512), ("1", 240), ("9999", 1_840), ("700", 700)] {
        world.says("resize", said).await?;
        world.comes_to(height, json!(high)).await?;
    }
    for nonsense in ["", "-5", "1e9", "12345", "100%", "5px;position:fixed"] {
        world.says("resize", nonsense).await?;
    }
    world.has_heard("o1", "pay").await?;
    assert_eq!(world.runs(height).await?, 700);
    world.has_broken_no_rule().await
}

async fn two_orders_stand_on_one_page_and_one_order_stands_there_once(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::on(scene, device, "/").await?;
    world
        .opens(json!({"order": "o1", "mode": "inline", "container": "#place"}))
        .await?;
    world.opens(json!({"order": "o2", "mode": "modal"})).await?;
    assert_eq!(
        world.runs("return [opens({order: 'o1'}) === opens({order: 'o1'}), opens({order: 'o2'}) === checkout]").await?,
        json!([true, true])
    );
    world.says("state", "pay").await?;
    world.is_told(&json!("o1"), "state", json!("pay")).await?;
    let of_other = "return told.some(([order, type]) => order === 'o2' && type === 'state')";
    assert_eq!(world.runs(of_other).await?, false);
    world.runs("checkout.close(); checkout.close()").await?;
    world.ends("o2", "cancelled").await?;
    assert_eq!(world.runs("return results.o1 ?? null").await?, Value::Null);
    assert_eq!(world.runs(FRAMES).await?, 1);
    Ok(())
}

async fn the_script_may_be_there_more_than_once_and_in_both_forms(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::on(scene, device, "/twice").await?;
    // The element has opened the order before the shop's button does.
    world.comes_to(FRAMES, json!(1)).await?;
    let module = format!("{}/embed/upi-checkout.mjs", world.pay.pay.origin(PAY));
    let same = format!(
        "return import({module:?}).then(({{ open }}) => \
         open({{ order: 'o1' }}) === UpiCheckout.open({{ order: 'o1' }}))"
    );
    assert_eq!(world.runs(&same).await?, true);
    assert_eq!(world.runs(FRAMES).await?, 1);
    // Taken out of the page, it is closed.
    world.runs("UpiCheckout.open({ order: 'o1' }).then(({ outcome }) => (results.o1 = outcome)); document.querySelector('upi-checkout').remove()").await?;
    world
        .comes_to("return results.o1 ?? null", json!("cancelled"))
        .await?;
    world.has_broken_no_rule().await
}

async fn a_frame_that_reloads_is_met_again(scene: &Scene, device: Device) -> Result {
    let world = World::on(scene, device, "/").await?;
    world
        .opens(json!({"order": "o1", "mode": "inline", "container": "#place"}))
        .await?;
    world.runs("told.length = 0").await?;
    world
        .window
        .runs_in_frame(0, "setTimeout(() => location.reload())")
        .await?;
    world.is_told(&json!("o1"), "ready", Value::Null).await?;
    world.has_heard("o1", "pay").await
}

#[test]
fn a_signal_closes_and_one_that_was_given_before_opens_nothing() -> Result {
    scene(async |scene| {
        let world = World::at(scene, "/").await?;
        world.runs("window.control = new AbortController(); opens({ order: 'o1', mode: 'modal', signal: control.signal })").await?;
        world.is_told(&json!("o1"), "ready", Value::Null).await?;
        world.says("ask", "Leave?").await?;
        world.has_heard("o1", "pay").await?;
        world.runs("control.abort()").await?;
        world.ends("o1", "cancelled").await?;
        for mode in ["modal", "redirect", "auto"] {
            let order = format!("late-{mode}");
            world
                .runs(&format!(
                    "opens({{ order: '{order}', mode: '{mode}', signal: control.signal }})"
                ))
                .await?;
            world.ends(&order, "cancelled").await?;
            assert_eq!(world.runs(FRAMES).await?, 0);
        }
        Ok(())
    })
}

async fn what_does_not_load_is_unavailable_and_can_be_tried_again(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::on(scene, device, "/").await?;
    // The story says when half a minute is over.
    world
        .runs(
            "window.late = [];
            window.opensLate = (order) => {
              const wait = window.setTimeout;
              window.setTimeout = (f) => late.push(f);
              opens({ order, mode: 'modal' });
              window.setTimeout = wait;
              const frame = document.querySelector('iframe');
              frame.addEventListener('load', () => frame.dataset.loaded = 'yes');
            }",
        )
        .await?;
    for _ in 0..2 {
        world
            .runs("delete results.silent; opensLate('silent')")
            .await?;
        let loaded = "return document.querySelector('iframe').dataset.loaded";
        world.comes_to(loaded, json!("yes")).await?;
        assert_eq!(world.runs(FRAMES).await?, 2);
        world.runs("late.pop()()").await?;
        world.ends("silent", "unavailable").await?;
        assert_eq!(world.runs(FRAMES).await?, 0);
    }
    // One that has answered stays, whatever time goes by.
    world.runs("opensLate('o1')").await?;
    world.is_told(&json!("o1"), "ready", Value::Null).await?;
    world.runs("late.pop()()").await?;
    assert_eq!(world.runs(FRAMES).await?, 2);
    world.says("state", "unavailable").await?;
    world.says_close().await?;
    world.ends("o1", "unavailable").await
}

async fn a_policy_that_only_reports_changes_nothing(scene: &Scene, device: Device) -> Result {
    let world = World::on(scene, device, "/report").await?;
    world.opens(json!({"order": "o1", "mode": "modal"})).await?;
    world.has_heard("o1", "pay").await?;
    let told = world.runs("return told.map(([, type]) => type)").await?;
    assert_eq!(told, json!(["ready", "state"]));
    assert_eq!(world.runs("return violations[0]").await?, "frame-src");
    // The browser says so in its console as well.
    if device.engine() == Engine::Chromium {
        world.browser.forgives("report-only").await?;
    }
    Ok(())
}

async fn a_policy_that_shuts_the_checkout_out_is_named_and_auto_goes_round_it(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::on(scene, device, "/shut").await?;
    world.runs("opens({ order: 'o1', mode: 'modal' })").await?;
    world
        .is_told(&json!("o1"), "blocked", json!("frame-src"))
        .await?;
    world.ends("o1", "unavailable").await?;
    world.runs("opens({ order: 'o2' })").await?;
    let there = format!("{}/pay/o2", world.pay.pay.origin(PAY));
    world
        .window
        .shows("the checkout itself", |sight| sight.url.starts_with(&there))
        .await?;
    // The browser says so in its console as well, which is no fault of ours.
    if device.engine() == Engine::Chromium {
        world.browser.forgives("frame-src").await?;
    }
    Ok(())
}

async fn browsers_without_frames_go_to_the_checkout_and_come_back(
    scene: &Scene,
    device: Device,
) -> Result {
    let world = World::on(scene, device, "/").await?;
    for agent in [
        "Mozilla/5.0 (Linux; Android 13; RMX3085 Build/TP1A.220905.001; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/129.0.6668.100 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 352.0.0.23.97",
        "Mozilla/5.0 (Linux; U; Android 13; en-US; RMX3085) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/78.0.3904.108 UCBrowser/13.4.0.1306 Mobile Safari/537.36",
        "Opera/9.80 (Android; Opera Mini/36.2/119.132; U; id) Presto/2.12.423 Version/12.16",
    ] {
        world.runs(&format!("Object.defineProperty(navigator, 'userAgent', {{ value: {agent:?}, configurable: true }}); opens({{ order: 'o1', lang: 'hi', theme: 'dark' }})")).await?;
        let there = format!("{}/pay/o1?lang=hi&theme=dark", world.pay.pay.origin(PAY));
        world
            .window
            .shows("the checkout itself", |sight| sight.url == there)
            .await?;
        world.window.goes_back().await?;
        world
            .comes_to("return document.title", json!("Shop"))
            .await?;
    }
    for agent in [
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    ] {
        world.runs(&format!("Object.defineProperty(navigator, 'userAgent', {{ value: {agent:?}, configurable: true }}); told.length = 0; window.checkout = opens({{ order: 'o1' }})")).await?;
        world.comes_to(FRAMES, json!(2)).await?;
        world.is_told(&json!("o1"), "ready", Value::Null).await?;
        world.runs("checkout.close()").await?;
    }
    Ok(())
}

#[test]
fn a_tap_in_the_frame_opens_an_app_and_the_end_leads_to_the_shop() -> Result {
    scene(async |scene| {
        let world = World::at(scene, "/").await?;
        world.opens(json!({"order": "o1", "mode": "modal"})).await?;
        let link = "upi://pay?pa=shop@bank&am=1";
        world.window.taps_in_frame(0, "#open").await?;
        world.is_told(&json!("o1"), "launch", json!(link)).await?;
        until(wait::SOON, "the app", async || {
            world.window.asked_links().await?;
            let launched = world.window.has_launched(link).await;
            Ok(if launched {
                Ok(())
            } else {
                Err("no app".into())
            })
        })
        .await?;
        assert_eq!(world.runs(FRAMES).await?, 2);
        let before = world.window.history_length().await?;
        let thanks = format!("{}/thanks", world.shop.origin(SHOP));
        // After the script, which would go with its frame otherwise.
        let end = format!(
            "setTimeout(() => {{ say('ask', ''); say('launch', {thanks:?}); say('close') }})"
        );
        world.window.runs_in_frame(0, &end).await?;
        world
            .window
            .shows("the thanks", |sight| sight.url == thanks)
            .await?;
        assert_eq!(world.window.history_length().await?, before);
        Ok(())
    })
}

async fn the_checkout_itself_speaks_with_the_loader(scene: &Scene, device: Device) -> Result {
    let world = World::of_real_checkout(scene, device).await?;
    world.opens(json!({"order": "o1", "mode": "modal"})).await?;
    world.is_told(&json!("o1"), "state", json!("pay")).await?;
    let asks = "return told.some(([, type, value]) => type === 'ask' && value !== '')";
    world.comes_to(asks, json!(true)).await?;
    let grows = "return told.some(([, type, value]) => type === 'resize' && value > 300)";
    world.comes_to(grows, json!(true)).await?;
    // Esc within the frame asks as well.
    world.runs(NEVER_LEAVE).await?;
    world.window.taps_in_frame(0, "h1").await?;
    world.window.presses(Key::Escape).await?;
    world.comes_to("return asked.length", json!(1)).await?;
    assert_eq!(world.runs(FRAMES).await?, 2);
    world.runs("checkout.close()").await?;
    world.ends("o1", "cancelled").await?;
    world.has_broken_no_rule().await
}
