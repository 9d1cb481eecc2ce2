//! Whom the loader believes, and what it opens.

use super::world::{PAY, SHOP, World};
use end_to_end::{Result, scene};
use serde_json::{Value, json};

#[test]
fn nobody_but_the_checkout_is_believed() -> Result {
    scene(async |scene| {
        let world = World::at(scene, "/crowd").await?;
        world
            .opens(json!({"order": "o1", "mode": "inline", "container": "#place"}))
            .await?;
        world.runs("window.done = 0; addEventListener('message', ({ data }) => data === 'the stranger is done' && done++)").await?;
        // Origins that end like the checkout's, begin like it, are the shop's own, or none at all;
        // and the checkout's own origin in a frame that is not the checkout.
        let pay = &world.pay.pay;
        let strangers = [
            format!("{}/stranger", pay.origin("evilpay.localhost")),
            format!("{}/stranger", world.pay.lookalike.origin(PAY)),
            format!("{}/stranger", pay.origin(SHOP)),
            format!("{}/stranger", pay.origin(PAY)),
        ];
        for stranger in &strangers {
            let add = format!(
                "const it = document.createElement('iframe'); it.src = {stranger:?}; document.body.append(it)"
            );
            world.runs(&add).await?;
        }
        let opaque = format!(
            "const it = document.createElement('iframe'); it.sandbox = 'allow-scripts'; it.src = {:?}; document.body.append(it)",
            strangers[3]
        );
        world.runs(&opaque).await?;
        world.comes_to("return done", json!(5)).await?;
        // The shop's own window, and what looks like a message of the frame but is none.
        world.runs("for (let i = 0; i < 50; i++) forge(window, location.origin, { upi_checkout: 1, type: 'hello' });
            const frame = document.querySelector('#place iframe');
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => answered.push(data);
            for (const origin of [new URL(frame.src).origin + '0', 'null', '', 'http://evil' + new URL(frame.src).host])
              dispatchEvent(new MessageEvent('message', { data: { upi_checkout: 1, type: 'hello' }, origin, source: frame.contentWindow, ports: [port2] }))").await?;
        world.has_heard("o1", "pay").await?;
        for frame in 1..=5 {
            let answered = world.window.runs_in_frame(frame, "return answered").await?;
            assert_eq!(answered, json!([]), "frame {frame}");
        }
        assert_eq!(world.runs("return answered").await?, json!([]));
        let told = world.runs("return told").await?;
        assert_eq!(told, json!([["o1", "ready", null], ["o1", "state", "pay"]]));
        // The shop cannot speak to the checkout either: it has nothing but its port.
        let script = "document.querySelector('#place iframe').contentWindow.postMessage({ upi_checkout: 1, type: 'welcome', value: 'forged' }, '*')";
        world.runs(script).await?;
        world.has_heard("o1", "paid").await?;
        let heard = world.window.runs_in_frame(0, "return heard.length").await?;
        assert_eq!(heard, 1);
        Ok(())
    })
}

/// Addresses that the loader opens or refuses; core is held to the same file.
fn addresses() -> Result<Value> {
    let file = include_str!("../../../embed/tests/addresses.json");
    Ok(serde_json::from_str(file)?)
}

#[test]
fn a_checkout_gone_bad_gets_nothing_opened() -> Result {
    scene(async |scene| {
        let world = World::at(scene, "/").await?;
        world
            .opens(json!({"order": "o1", "mode": "inline", "container": "#place"}))
            .await?;
        let list = &addresses()?["refused"];
        world
            .window
            .runs_in_frame(0, &format!("for (const it of {list}) say('launch', it)"))
            .await?;
        // Giants, other versions, other shapes, other types.
        world.window.runs_in_frame(0, "
            say('launch', 'upi://pay?pa=' + 'x'.repeat(5_000));
            say('launch', 'https://shop.example/' + 'x'.repeat(5_000_000));
            say('ask', 'x'.repeat(201));
            say('state', 'x'.repeat(33));
            say('state', '<b>');
            say('blocked', 'frame-src; script-src');
            const link = 'upi://pay?pa=a@b';
            for (const version of [undefined, null, 0, 2, '1', 1.5, [1], true]) port.postMessage({ upi_checkout: version, type: 'launch', value: link });
            for (const type of ['constructor', '__proto__', 'toString', 'eval', 'redirect', 'Launch', '', null, 7, {}, ['launch', 'launch']]) port.postMessage({ upi_checkout: 1, type, value: link });
            for (const value of [undefined, null, 7, {}, [link], { href: link }, new Date(), new Map([[link, link]])]) port.postMessage({ upi_checkout: 1, type: 'launch', value });
            for (const whole of [null, undefined, 7, 'launch', [], link]) port.postMessage(whole);").await?;
        world.has_heard("o1", "pay").await?;
        assert_eq!(
            world.runs("return told").await?,
            json!([["o1", "ready", null], ["o1", "state", "pay"]])
        );
        let shop = format!("{}/", world.shop.origin(SHOP));
        assert_eq!(world.runs("return location.href").await?, json!(shop));
        world
            .runs("UpiCheckout.open({ order: 'o1' }).close()")
            .await?;
        world.ends("o1", "cancelled").await
    })
}

#[test]
fn every_link_that_core_makes_is_opened() -> Result {
    scene(async |scene| {
        let world = World::at(scene, "/").await?;
        world
            .opens(json!({"order": "o1", "mode": "inline", "container": "#place"}))
            .await?;
        for link in addresses()?["apps"].as_array().into_iter().flatten() {
            world
                .says("launch", link.as_str().unwrap_or_default())
                .await?;
            world.is_told(&json!("o1"), "launch", link.clone()).await?;
        }
        // Without a tap: the browser keeps them from the apps, and says so.
        world.browser.forgives("user gesture").await
    })
}

#[test]
fn a_flood_ends_in_silence() -> Result {
    scene(async |scene| {
        let world = World::at(scene, "/").await?;
        world.opens(json!({"order": "o1", "mode": "modal"})).await?;
        world.window.runs_in_frame(0, "for (let i = 0; i < 5000; i++) say('state', 'pay'); for (let i = 0; i < 500; i++) hello()").await?;
        world.comes_to("return told.length", json!(999)).await?;
        // The customer is not held by it.
        world.window.taps_on("dialog button").await?;
        world.ends("o1", "cancelled").await
    })
}
