//! The redirect vectors: every line of `vectors/redirects.jsonl` is an address and why it is refused;
//! null where it may be opened. The gateway is held to the same file, with the `url` crate.
//!
//! Tricks: OWASP's cheat sheet on unvalidated redirects, PayloadsAllTheThings ("Open Redirect"), and
//! the ways in which WHATWG's URL standard forgives what people write.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use checkout_core::redirect::judge;
use serde_json::Value;

const VECTORS: &str = include_str!("vectors/redirects.jsonl");

/// The hosts that the shop has named.
const HOSTS: [&str; 7] = [
    "shop.example",
    "www.shop.example",
    "xn--11b4c3d.xn--h2brj9c",
    "203.0.113.9",
    "localhost",
    "127.0.0.1",
    "[::1]",
];

#[test]
fn no_trick_passes_and_every_shop_does() {
    let hosts = HOSTS.map(str::to_owned);
    let (mut tricks, mut shops) = (0, 0);
    for line in VECTORS.lines() {
        let vector: Value = serde_json::from_str(line).expect(line);
        let verdict = judge(vector["input"].as_str().expect(line), &hosts);
        assert_eq!(
            verdict.map_err(|error| error.code()).err(),
            vector["why"].as_str(),
            "{line}"
        );
        match vector["why"].is_null() {
            true => shops += 1,
            false => tricks += 1,
        }
    }
    assert!(tricks >= 200 && shops >= 20, "{tricks} {shops}");
}
