//! The link vectors: every line of `vectors/links.jsonl` names an input and what must be read from
//! it. The gateway's `inspect link` is held to the same file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

use checkout_core::link::{Deeplink, Kind, UpiLink};
use serde_json::{Value, json};

const VECTORS: &str = include_str!("vectors/links.jsonl");

fn vectors() -> impl Iterator<Item = Value> {
    VECTORS
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
}

/// What a program is told of a link.
fn read(text: &str) -> Value {
    match Deeplink::parse(text) {
        Err(error) => json!({ "error": error.code() }),
        Ok(Deeplink::Page(_)) => json!({ "kind": "web", "scheme": "https" }),
        Ok(Deeplink::Upi(link)) => json!({
            "kind": match link.kind() { Kind::Pay => "pay", Kind::Mandate => "mandate" },
            "scheme": link.scheme(),
            "payee": link.payee().as_str(),
            "payeeName": link.payee_name(),
            "amountPaise": link.amount().map(|amount| amount.get()),
            "minAmountPaise": link.min_amount().map(|amount| amount.get()),
            "editable": link.is_editable(),
            "currency": "INR",
            "reference": link.reference(),
            "note": link.note(),
            "signed": link.is_signed(),
            "expiresAt": link.expires_at_ms(),
            "terms": link.mandate().map(|mandate| mandate.words()),
            "warnings": link.warnings(),
        }),
    }
}

#[test]
fn every_vector_reads_as_it_says() {
    let mut wrong = Vec::new();
    for vector in vectors() {
        let expected = vector.as_object().unwrap();
        let input = vector["input"].as_str().unwrap();
        let found = read(input);
        for (key, value) in expected.iter().filter(|(key, _)| *key != "input") {
            if found.get(key) != Some(value) {
                wrong.push(format!("{input:?}: {key} should be {value}, is {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_enough_vectors_and_none_twice() {
    let mut inputs: Vec<String> = vectors()
        .map(|vector| vector["input"].as_str().unwrap().to_owned())
        .collect();
    let count = inputs.len();
    inputs.sort();
    inputs.dedup();
    assert!(
        count >= 150 && inputs.len() == count,
        "{count} vectors, {} different",
        inputs.len()
    );
}

#[test]
fn signed_vectors_come_back_identical() {
    let signed = vectors().filter(|vector| vector["signed"] == json!(true));
    let mut count = 0;
    for vector in signed {
        let input = vector["input"].as_str().unwrap();
        let link = UpiLink::parse(input).unwrap();
        assert_eq!(link.as_str(), input);
        let other = checkout_core::money::Paise::new(123_456).unwrap();
        assert!(link.with_amount(other).is_err(), "{input}");
        count += 1;
    }
    assert!(count >= 5);
}
