//! UTRs that customers type: claims, decided by the credit.

use serde_json::json;

use crate::harness::{Gateway, UTR, UTR_2};

fn answer(status: u16, word: &str) -> (u16, String) {
    (status, word.to_owned())
}

#[tokio::test]
async fn a_utr_is_claimed_before_the_money_comes() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    gateway.order("499").await;
    assert_eq!(gateway.claim(&id, UTR).await, answer(200, "PENDING"));
    let credit = gateway.credit(UTR, "499", "").await;
    assert_eq!(
        (&credit["matchedBy"], &credit["orderId"]),
        (&json!("claim"), &json!(id))
    );
    assert_eq!(gateway.claim(&id, UTR).await, answer(200, "SUCCESS"));
}

#[tokio::test]
async fn a_utr_is_claimed_after_the_money_came() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    let other = gateway.order("499").await;
    assert_eq!(gateway.credit(UTR, "499", "").await["reason"], "ambiguous");
    assert_eq!(gateway.claim(&id, UTR).await, answer(200, "SUCCESS"));
    assert_eq!(gateway.status(&other).await, "PENDING");
    assert_eq!(
        gateway.news().await,
        ["credit.unmatched", "order.succeeded"]
    );
    let credits = gateway.get("/v1/credits").await.json();
    assert_eq!(credits["data"][0]["matchedBy"], "claim");
}

#[tokio::test]
async fn a_mistyped_utr_is_corrected() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    gateway.order("499").await;
    assert_eq!(gateway.claim(&id, UTR_2).await, answer(200, "PENDING"));
    assert_eq!(gateway.claim(&id, UTR).await, answer(200, "PENDING"));
    gateway.credit(UTR, "499", "").await;
    assert_eq!(gateway.status(&id).await, "SUCCESS");
    // The mistyped one was somebody's, and still pays its own order.
    let owner = gateway.order("700").await;
    assert_eq!(gateway.credit(UTR_2, "700", "").await["orderId"], owner);
}

#[tokio::test]
async fn a_utr_that_paid_one_order_is_refused_elsewhere() {
    let gateway = Gateway::start().await;
    let paid = gateway.order("499").await;
    gateway.credit(UTR, "499", &paid).await;
    let other = gateway.order("499").await;
    assert_eq!(gateway.claim(&other, UTR).await, answer(409, "UTR_USED"));
    assert_eq!(gateway.status(&other).await, "PENDING");
    // The order that it paid hears that it is paid; with another UTR it is closed.
    assert_eq!(gateway.claim(&paid, UTR).await, answer(200, "SUCCESS"));
    assert_eq!(
        gateway.claim(&paid, UTR_2).await,
        answer(409, "ORDER_CLOSED")
    );
}

#[tokio::test]
async fn a_strangers_claim_takes_nothing_and_blocks_nobody() {
    let gateway = Gateway::start().await;
    // By reference: the bank names the owner.
    let owner = gateway.order("499").await;
    let stranger = gateway.order("499").await;
    assert_eq!(gateway.claim(&stranger, UTR).await, answer(200, "PENDING"));
    assert_eq!(gateway.credit(UTR, "499", &owner).await["orderId"], owner);
    assert_eq!(gateway.claim(&stranger, UTR).await, answer(409, "UTR_USED"));

    // By amount: the stranger's order costs something else.
    let owner = gateway.order("300").await;
    gateway.claim(&stranger, UTR_2).await;
    gateway.claim(&owner, UTR_2).await;
    assert_eq!(gateway.credit(UTR_2, "300", "").await["orderId"], owner);
    assert_eq!(gateway.status(&stranger).await, "PENDING");

    // Discounted amounts tell apart what would be equal.
    let (a, b) = (gateway.order("800").await, gateway.order("800").await);
    gateway.discounted(&a).await;
    let amount = gateway.discounted(&b).await;
    let utr = "500000000001";
    gateway.claim(&a, utr).await;
    gateway.claim(&b, utr).await;
    assert_eq!(gateway.credit(utr, &amount, "").await["orderId"], b);
}

#[tokio::test]
async fn two_equal_claims_wait_for_the_merchant() {
    let gateway = Gateway::start().await;
    let (a, b) = (gateway.order("499").await, gateway.order("499").await);
    gateway.claim(&a, UTR).await;
    gateway.claim(&b, UTR).await;
    assert_eq!(gateway.credit(UTR, "499", "").await["reason"], "ambiguous");
    assert_eq!(gateway.claim(&a, UTR).await, answer(200, "PENDING"));
    let assign = format!("/v1/credits/{UTR}/assign");
    gateway.post(&assign, json!({"orderId": b})).await;
    assert_eq!(gateway.status(&b).await, "SUCCESS");
    assert_eq!(gateway.claim(&a, UTR).await, answer(409, "UTR_USED"));
}

#[tokio::test]
async fn a_claim_of_the_wrong_amount_pays_nothing() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    gateway.credit(UTR, "49", "").await;
    assert_eq!(gateway.claim(&id, UTR).await, answer(200, "PENDING"));
    assert_eq!(gateway.status(&id).await, "PENDING");
}

#[tokio::test]
async fn claims_of_one_order_are_bounded() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    for number in 1..=5 {
        let utr = format!("50000000000{number}");
        assert_eq!(gateway.claim(&id, &utr).await, answer(200, "PENDING"));
    }
    let body = json!({"id": id, "userUtrNo": "500000000006"});
    let refused = gateway.call("utr", body).await;
    assert_eq!(refused.code(), answer(429, "TOO_MANY_REQUESTS"));
    assert_eq!(refused.header("retry-after"), "3600");
    // Those that were taken still count.
    assert_eq!(
        gateway.claim(&id, "500000000001").await,
        answer(200, "PENDING")
    );
    gateway.credit("500000000005", "499", "").await;
    assert_eq!(gateway.status(&id).await, "SUCCESS");
}

#[tokio::test]
async fn late_money_is_claimed_too() {
    let gateway = Gateway::start().await;
    let id = gateway
        .order_with(json!({"amount": "499", "expiresIn": 60}))
        .await;
    gateway.pass_ms(60_000);
    assert_eq!(gateway.status(&id).await, "EXPIRED");
    gateway.pass_ms(24 * 3_600_000);
    // So late, the amount alone decides nothing any more.
    assert_eq!(gateway.credit(UTR, "499", "").await["reason"], "no-order");
    assert_eq!(gateway.claim(&id, UTR).await, answer(200, "SUCCESS"));
    assert_eq!(
        gateway.news().await,
        ["order.expired", "credit.unmatched", "order.succeeded"]
    );
}
