//! The end of an order, and money that comes after it.

use gateway::expiry::{forget, sweep};
use gateway::ledger;
use gateway::order::OrderId;
use gateway::transition::Input;
use serde_json::json;

use crate::database::is_postgres;
use crate::harness::{Gateway, KEY, UTR, UTR_2};

async fn apply(gateway: &Gateway, id: &str, input: Input, key: &str) -> bool {
    let id = OrderId::parse(id).unwrap();
    let mut tx = gateway.app.store.write().await.unwrap();
    let applied = ledger::apply(&mut tx, &id, &input, key, gateway.app.now_ms()).await;
    tx.commit().await.unwrap();
    applied.is_ok()
}

fn declined() -> Input {
    Input::Declined {
        reason: "The bank said no.".to_owned(),
    }
}

#[tokio::test]
async fn an_order_expires_when_somebody_looks() {
    let gateway = Gateway::start().await;
    let id = gateway
        .order_with(json!({"amount": "499", "expiresIn": 60}))
        .await;
    gateway.pass_ms(59_999);
    assert_eq!(gateway.status(&id).await, "PENDING");
    gateway.pass_ms(1);
    let order = gateway.call("info", json!({"id": id})).await.json();
    assert_eq!(order["model"]["status"], "EXPIRED");
    assert_eq!(order["model"]["amount"], "499.00");
    assert_eq!(gateway.status(&id).await, "EXPIRED");
    assert_eq!(gateway.news().await, ["order.expired"]);
    assert_eq!(gateway.moves(&id).await.len(), 1);
}

#[tokio::test]
async fn orders_expire_without_anybody_looking() {
    let gateway = Gateway::start().await;
    for _ in 0..3 {
        gateway
            .order_with(json!({"amount": "499", "expiresIn": 60}))
            .await;
    }
    let patient = gateway
        .order_with(json!({"amount": "499", "expiresIn": 0}))
        .await;
    assert_eq!(sweep(&gateway.app).await.unwrap(), 0);
    gateway.pass_ms(60_000);
    assert_eq!(sweep(&gateway.app).await.unwrap(), 3);
    assert_eq!(sweep(&gateway.app).await.unwrap(), 0);
    assert_eq!(gateway.news().await, ["order.expired"; 3]);
    gateway.pass_ms(i64::from(u32::MAX) * 1_000);
    assert_eq!(sweep(&gateway.app).await.unwrap(), 0);
    assert_eq!(gateway.status(&patient).await, "PENDING");
}

#[tokio::test]
async fn late_money_pays_an_expired_order() {
    let gateway = Gateway::start().await;
    let id = gateway
        .order_with(json!({"amount": "499", "expiresIn": 60}))
        .await;
    gateway.pass_ms(30 * 86_400_000);
    assert_eq!(gateway.status(&id).await, "EXPIRED");
    gateway.credit(UTR, "499", &id).await;
    assert_eq!(gateway.status(&id).await, "SUCCESS");
    assert_eq!(gateway.news().await, ["order.expired", "order.succeeded"]);
}

#[tokio::test]
async fn money_in_time_counts_though_nobody_saw_the_deadline_pass() {
    let gateway = Gateway::start().await;
    let id = gateway
        .order_with(json!({"amount": "499", "expiresIn": 60}))
        .await;
    gateway.pass_ms(60_001);
    gateway.credit(UTR, "499", "").await;
    assert_eq!(gateway.status(&id).await, "SUCCESS");
    assert_eq!(gateway.news().await, ["order.succeeded"]);
}

#[tokio::test]
async fn a_declined_order_says_why_and_can_still_be_paid() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    assert!(apply(&gateway, &id, declined(), "bank:1").await);
    let order = gateway.call("result", json!({"id": id})).await.json();
    assert_eq!(order["model"]["status"], "FAILED");
    assert_eq!(order["model"]["message"], "The bank said no.");
    gateway.credit(UTR, "499", "").await;
    let order = gateway.call("result", json!({"id": id})).await.json();
    assert_eq!(order["model"]["status"], "SUCCESS");
    assert!(order["model"]["message"].is_null());
    assert_eq!(gateway.news().await, ["order.failed", "order.succeeded"]);
}

#[tokio::test]
async fn nothing_takes_a_payment_back() {
    let gateway = Gateway::start().await;
    let id = gateway
        .order_with(json!({"amount": "499", "expiresIn": 60}))
        .await;
    gateway.credit(UTR, "499", &id).await;
    gateway.pass_ms(120_000);
    sweep(&gateway.app).await.unwrap();
    assert!(!apply(&gateway, &id, declined(), "bank:1").await);
    assert!(!apply(&gateway, &id, Input::TimeIsUp, "deadline").await);
    gateway.credit(UTR_2, "499", &id).await;
    let order = gateway.get(&format!("/v1/orders/{id}")).await.json();
    assert_eq!(
        (&order["status"], &order["paidUtr"]),
        (&json!("SUCCESS"), &json!(UTR))
    );
    // Not even by hand.
    for sql in [
        "UPDATE orders SET status = 'FAILED', paid_utr = NULL",
        "DELETE FROM order_events",
        "UPDATE order_events SET detail = ''",
    ] {
        let mut tx = gateway.app.store.write().await.unwrap();
        assert!(sqlx::query(sql).execute(&mut *tx).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn the_same_input_moves_an_order_once() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    assert!(apply(&gateway, &id, declined(), "bank:1").await);
    assert!(apply(&gateway, &id, declined(), "bank:1").await);
    assert!(!apply(&gateway, &id, declined(), "bank:2").await);
    assert_eq!(gateway.moves(&id).await.len(), 1);
    assert_eq!(gateway.news().await, ["order.failed"]);
}

#[tokio::test]
async fn idempotency_keys_are_kept_for_a_day_at_least() {
    let gateway = Gateway::start().await;
    let order = json!({"amount": "1", "reference": "a"});
    let first = gateway
        .post_with(KEY, "k", "/v1/orders", order.clone())
        .await
        .text;
    gateway.pass_ms(24 * 3_600_000);
    forget(&gateway.app).await.unwrap();
    let again = gateway
        .post_with(KEY, "k", "/v1/orders", order.clone())
        .await;
    assert_eq!(again.text, first);
    gateway.pass_ms(25 * 3_600_000);
    forget(&gateway.app).await.unwrap();
    let forgotten = gateway.post_with(KEY, "k", "/v1/orders", order).await;
    assert_eq!(forgotten.code(), (409, "reference_used".to_owned()));
}

/// Every second somebody asks for the next one; a shop may have very many that wait.
#[tokio::test]
async fn the_orders_that_wait_are_not_read_to_find_one_whose_time_is_over() {
    if is_postgres() {
        return;
    }
    let gateway = Gateway::start().await;
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(
        "EXPLAIN QUERY PLAN SELECT id FROM orders WHERE status = 'PENDING' AND expires_at_ms <= $1
         ORDER BY expires_at_ms LIMIT 1",
    )
    .bind(gateway.app.now_ms())
    .fetch_all(&mut *gateway.app.store.read().await.unwrap())
    .await
    .unwrap();
    let steps: Vec<&str> = plan.iter().map(|step| step.3.as_str()).collect();
    let due = "SEARCH orders USING INDEX orders_standing (status=? AND expires_at_ms<?)";
    assert_eq!(steps, [due]);
}
