//! The same POST twice.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::harness::{Gateway, KEY, OTHER_KEY, PAYEE, UTR};

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    let gateway = Gateway::start().await;
    let order = json!({"amount": "499", "reference": "a"});
    let first = gateway
        .post_with(KEY, "k1", "/v1/orders", order.clone())
        .await;
    assert_eq!(first.header("idempotent-replayed"), "");
    gateway.pass_ms(5_000);
    let again = gateway
        .post_with(KEY, "k1", "/v1/orders", order.clone())
        .await;
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    assert_eq!(again.header("idempotent-replayed"), "true");

    let credit = json!({"utr": UTR, "amount": "499", "payeeVpa": PAYEE});
    let first = gateway
        .post_with(KEY, "k2", "/v1/credits", credit.clone())
        .await;
    let again = gateway.post_with(KEY, "k2", "/v1/credits", credit).await;
    assert_eq!(again.text, first.text);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let gateway = Gateway::start().await;
    let order = json!({"amount": "499", "reference": "a"});
    gateway
        .post_with(KEY, "k", "/v1/orders", order.clone())
        .await;
    let other = json!({"amount": "500", "reference": "a"});
    let answer = gateway.post_with(KEY, "k", "/v1/orders", other).await;
    assert_eq!(answer.code(), (409, "idempotency_key_used".to_owned()));
    let credit = json!({"utr": UTR, "amount": "499", "payeeVpa": PAYEE});
    let answer = gateway.post_with(KEY, "k", "/v1/credits", credit).await;
    assert_eq!(answer.code(), (409, "idempotency_key_used".to_owned()));
    // Another merchant's keys are its own.
    let answer = gateway.post_with(OTHER_KEY, "k", "/v1/orders", order).await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let gateway = Gateway::start().await;
    let bad = json!({"amount": "0", "reference": "a"});
    gateway.post_with(KEY, "k", "/v1/orders", bad).await;
    let good = json!({"amount": "1", "reference": "a"});
    assert_eq!(
        gateway.post_with(KEY, "k", "/v1/orders", good).await.status,
        201
    );
}

#[tokio::test]
async fn a_post_needs_a_key() {
    let gateway = Gateway::start().await;
    for path in [
        "/v1/orders",
        "/v1/credits",
        "/v1/credits/435268791234/assign",
    ] {
        for key in [None, Some(String::new()), Some("x".repeat(256))] {
            let mut request = Request::post(path).header("authorization", format!("Bearer {KEY}"));
            if let Some(key) = &key {
                request = request.header("idempotency-key", key);
            }
            let answer = gateway.send(request.body(Body::from("{}")).unwrap()).await;
            assert_eq!(
                answer.code(),
                (400, "idempotency_key_missing".to_owned()),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn twenty_at_once_make_one_order() {
    let gateway = Arc::new(Gateway::start().await);
    let mut posting = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let gateway = gateway.clone();
        posting.spawn(async move {
            let order = json!({"amount": "499", "reference": "a"});
            gateway.post_with(KEY, "k", "/v1/orders", order).await.text
        });
    }
    let mut answers = posting.join_all().await;
    answers.dedup();
    assert_eq!(answers.len(), 1);
    let orders = gateway.get("/v1/orders").await.json();
    assert_eq!(orders["data"].as_array().unwrap().len(), 1);
}
