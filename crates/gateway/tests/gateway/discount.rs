//! The discount that tells one order from the others.

use std::collections::BTreeSet;

use serde_json::json;

use crate::harness::{Gateway, KEY, UTR, merchant};

#[tokio::test]
async fn fifty_orders_of_one_amount_are_told_apart() {
    let gateway = std::sync::Arc::new(Gateway::start().await);
    let mut ids = Vec::new();
    for _ in 0..50 {
        ids.push(gateway.order("499").await);
    }
    let mut asking = tokio::task::JoinSet::new();
    for id in ids {
        let gateway = gateway.clone();
        asking.spawn(async move { gateway.discounted(&id).await });
    }
    let payable: BTreeSet<String> = asking.join_all().await.into_iter().collect();
    assert_eq!(payable.len(), 50);
    // The full amount is what the orders without a discount would be paid with.
    assert!(!payable.contains("499.00"));
    assert_eq!(payable.first().unwrap(), "498.50");
}

#[tokio::test]
async fn an_order_keeps_its_discount() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    let first = gateway.call("discount", json!({"id": id})).await.text;
    gateway.discounted(&gateway.order("499").await).await;
    assert_eq!(
        gateway.call("discount", json!({"id": id})).await.text,
        first
    );
    let info = gateway.call("info", json!({"id": id})).await.json();
    assert_eq!(info["model"]["discount"]["userPayAmount"], "498.99");
    assert_eq!(info["model"]["amount"], "499.00");
    let link = info["model"]["deeplink"].as_str().unwrap();
    assert!(link.contains("&am=499.00&mam=499.00&"), "{link}");

    gateway.credit(UTR, "498.99", "").await;
    let paid = gateway.call("discount", json!({"id": id})).await.json();
    assert_eq!(paid["model"]["userPayAmount"], "498.99");
    assert_eq!(paid["model"]["status"], "SUCCESS");
}

#[tokio::test]
async fn no_discount_meets_another_orders_amount() {
    let gateway = Gateway::start().await;
    gateway.order("498.99").await;
    let id = gateway.order("499").await;
    assert_eq!(gateway.discounted(&id).await, "498.98");
    // Another payee's orders are on another statement.
    let other = json!({"amount": "499", "reference": "o"});
    let other = gateway
        .post_as("uck_other", "/v1/orders", other)
        .await
        .json();
    assert_eq!(
        gateway.discounted(other["id"].as_str().unwrap()).await,
        "498.99"
    );
}

#[tokio::test]
async fn none_left_is_no_discount_and_stays_so() {
    let gateway = Gateway::with(|app| {
        let mut shop = merchant("shop", "shop@bank", KEY);
        shop.discount_max_paise = 2;
        app.merchants = gateway::merchant::Merchants::new(vec![shop]);
    })
    .await;
    let mut ids = Vec::new();
    for payable in ["498.99", "498.98", "499.00"] {
        let id = gateway.order("499").await;
        assert_eq!(gateway.discounted(&id).await, payable);
        ids.push(id);
    }
    let none = gateway.call("discount", json!({"id": ids[2]})).await.json();
    assert_eq!(none["model"]["discountAmount"], "0.00");
    let info = gateway.call("info", json!({"id": ids[2]})).await.json();
    assert!(info["model"]["discount"].is_null());

    // One amount becomes free, but what was said stays said.
    gateway.credit(UTR, "498.99", "").await;
    assert_eq!(gateway.discounted(&ids[2]).await, "499.00");
    assert_eq!(
        gateway.discounted(&gateway.order("499").await).await,
        "498.99"
    );
    // Something must be left to pay.
    assert_eq!(
        gateway.discounted(&gateway.order("0.01").await).await,
        "0.01"
    );
}

#[tokio::test]
async fn an_expired_order_holds_its_amount_while_money_may_be_late() {
    let gateway = Gateway::start().await;
    let late = gateway
        .order_with(json!({"amount": "499", "expiresIn": 60}))
        .await;
    assert_eq!(gateway.discounted(&late).await, "498.99");
    gateway.pass_ms(61_000);
    assert_eq!(gateway.status(&late).await, "EXPIRED");
    assert_eq!(
        gateway.discounted(&gateway.order("499").await).await,
        "498.98"
    );
    gateway.credit(UTR, "498.99", "").await;
    assert_eq!(gateway.status(&late).await, "SUCCESS");

    let forgotten = gateway
        .order_with(json!({"amount": "300", "expiresIn": 60}))
        .await;
    assert_eq!(gateway.discounted(&forgotten).await, "299.99");
    gateway.pass_ms(61_000);
    assert_eq!(gateway.status(&forgotten).await, "EXPIRED");
    gateway.pass_ms(3_600_000);
    assert_eq!(
        gateway.discounted(&gateway.order("300").await).await,
        "299.99"
    );
}

#[tokio::test]
async fn a_closed_order_gets_none() {
    let gateway = Gateway::start().await;
    let id = gateway
        .order_with(json!({"amount": "499", "expiresIn": 60}))
        .await;
    gateway.pass_ms(61_000);
    let answer = gateway.call("discount", json!({"id": id})).await;
    assert_eq!(answer.code(), (409, "ORDER_CLOSED".to_owned()));
}
