//! Every link to an app that core makes for a framed page is one that the merchant's loader opens:
//! the loader is held to the same file, in a real browser.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use checkout_core::apps::App;
use checkout_core::launch;
use checkout_core::link::{Deeplink, UpiLink};
use checkout_core::platform::Platform;
use checkout_core::redirect::judge;
use serde_json::Value;

const ADDRESSES: &str = include_str!("../../../embed/tests/addresses.json");

fn addresses(kind: &str) -> Vec<String> {
    let file: Value = serde_json::from_str(ADDRESSES).unwrap();
    let list = file[kind].as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Chrome and Firefox on Android, Safari on an iPhone.
const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
];

#[test]
fn every_link_to_an_app_is_one_that_the_loader_opens() {
    let known = addresses("apps");
    let mut made = 0;
    for link in [
        "upi://pay?pa=shop%40bank&pn=A+B&tr=o1&am=499.00&cu=INR&sign=MEUC/+=",
        "upi://mandate?pa=shop@bank&am=299&recur=MONTHLY",
        "ppe://mandate?pa=shop@bank&am=299&recur=MONTHLY",
    ] {
        let link = UpiLink::parse(link).unwrap();
        for agent in AGENTS {
            for app in App::ALL {
                // In a frame there is no page to come back to.
                let platform = Platform::detect(agent, 5);
                let Some(address) = launch::address(&link, app, platform, "") else {
                    continue;
                };
                assert!(known.contains(&address), "{address}");
                made += 1;
            }
        }
    }
    assert!(made >= 50, "{made}");
}

#[test]
fn what_the_loader_opens_is_a_link_or_a_page_for_core_too() {
    for address in addresses("apps") {
        assert!(Deeplink::parse(&address).is_ok(), "{address}");
    }
    for address in addresses("pages") {
        assert_eq!(judge(&address, &[]), Ok(()), "{address}");
    }
}
