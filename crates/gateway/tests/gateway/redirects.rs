//! `successUrl`: core's own grammar and the `url` crate, which reads addresses as browsers do, come
//! to the same verdict.

use checkout_core::redirect::judge;
use gateway::success_url::normalize;
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use crate::harness::Gateway;

const VECTORS: &str = include_str!("../../../core/tests/vectors/redirects.jsonl");

/// The hosts that the shop has named; core's test has the same.
const HOSTS: [&str; 7] = [
    "shop.example",
    "www.shop.example",
    "xn--11b4c3d.xn--h2brj9c",
    "203.0.113.9",
    "localhost",
    "127.0.0.1",
    "[::1]",
];

fn hosts() -> Vec<String> {
    HOSTS.map(str::to_owned).to_vec()
}

/// Whether a browser that is sent there stays with the shop, and tells nobody on the way.
fn stays(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let loopback = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    is_safe && HOSTS.contains(&host) && url.username().is_empty() && url.password().is_none()
}

#[test]
fn both_readers_come_to_the_same_verdict() {
    for line in VECTORS.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let input = vector["input"].as_str().unwrap();
        match normalize(input, &hosts()) {
            Ok(url) => {
                assert!(vector["why"].is_null(), "{line}");
                assert!(stays(input) && stays(&url), "{line}");
                // What is kept is judged by the page once more.
                assert_eq!(normalize(&url, &hosts()).as_ref(), Ok(&url), "{line}");
                assert_eq!(Url::parse(&url).unwrap().as_str(), url, "{line}");
            }
            Err(error) => assert_eq!(Some(error.code()), vector["why"].as_str(), "{line}"),
        }
    }
}

#[tokio::test]
async fn an_order_with_a_trick_is_not_made() {
    let gateway = Gateway::start().await;
    for trick in [
        "https://user@shop.example/",
        "javascript:alert(1)",
        "https:\\\\evil.example",
        "//evil.example",
    ] {
        let order = json!({"amount": "499", "reference": trick, "successUrl": trick});
        let answer = gateway.post("/v1/orders", order).await;
        assert_eq!(answer.status, 400, "{trick}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_096))]

    /// Whatever passes leads to the shop, in the eyes of the crate as well.
    #[test]
    fn nothing_that_passes_leads_away(parts in prop::collection::vec(part(), 1..9)) {
        let text = parts.concat();
        if judge(&text, &hosts()).is_ok() {
            prop_assert!(stays(&text), "{text:?}");
        }
    }

    /// And an address of a shop passes, whatever stands behind the host.
    #[test]
    fn what_a_shop_writes_passes(host in 0_usize..4, tail in "[/?#][!-\\[\\]-~]{0,40}") {
        let text = format!("https://{}{tail}", HOSTS[host]);
        prop_assert!(judge(&text, &hosts()).is_ok(), "{text:?}");
        prop_assert!(stays(&text), "{text:?}");
    }
}

/// Pieces of addresses and of tricks.
fn part() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "https:",
        "http:",
        "https://",
        "http://",
        "HTTPS://",
        "//",
        "/",
        "\\",
        "@",
        ":",
        "#",
        "?",
        ".",
        "%2f",
        "%40",
        "%00",
        "\t",
        "\n",
        "\u{3002}",
        "\u{ff0f}",
        "shop.example",
        "www.shop.example",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "evil.example",
        "443",
        "x",
        "-",
    ];
    prop_oneof![
        6 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => "\\PC{0,3}",
    ]
}
