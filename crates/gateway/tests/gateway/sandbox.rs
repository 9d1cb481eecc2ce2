//! The demo shop and the demo bank.

use axum::body::Body;
use axum::http::Request;
use gateway::sandbox;
use gateway::secret::Secret;

use crate::harness::{Answer, Gateway, UTR};

async fn start() -> Gateway {
    Gateway::with(|app| {
        app.is_sandbox = true;
        app.merchants = sandbox::merchants(&Secret::new("uck_sandbox"), None, None, Vec::new());
    })
    .await
}

async fn post(gateway: &Gateway, path: &str, form: &str) -> Answer {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    gateway.send(request).await
}

/// Buys something; the order's id.
async fn buy(gateway: &Gateway, form: &str) -> String {
    let answer = post(gateway, "/demo/orders", form).await;
    assert_eq!(answer.status, 303);
    let id = answer.header("location").strip_prefix("/pay/").unwrap();
    id.to_owned()
}

async fn bank(gateway: &Gateway, id: &str, action: &str) {
    let form = format!("order={id}&action={action}");
    let answer = post(gateway, "/demo/bank/order", &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert!(answer.header("location").starts_with("/demo/bank?said="));
}

#[tokio::test]
async fn the_demo_is_not_there_without_the_sandbox() {
    let gateway = Gateway::start().await;
    for path in [
        "/demo",
        "/demo/bank",
        "/demo/thanks?order=1",
        "/demo/demo.css",
    ] {
        assert_eq!(gateway.open(path).await.status, 404, "{path}");
    }
    let bought = post(&gateway, "/demo/orders", "goods=chai").await;
    assert_eq!(bought.status, 404);
}

#[tokio::test]
async fn something_is_bought_paid_and_thanked_for() {
    let gateway = start().await;
    assert_eq!(gateway.open("/").await.header("location"), "/demo");
    let shop = gateway.open("/demo").await;
    assert!(shop.text.contains("₹1,00,000.00"));
    assert!(!shop.text.contains("<script") && !shop.text.contains("style="));
    assert!(
        shop.header("content-security-policy")
            .starts_with("default-src 'none'")
    );

    let id = buy(&gateway, "goods=shirt&deadline=normal&back=yes").await;
    let order = gateway
        .get_as("uck_sandbox", &format!("/v1/orders/{id}"))
        .await
        .json();
    let thanks = order["successUrl"].as_str().unwrap();
    let thanks = thanks.strip_prefix("https://pay.example").unwrap();
    assert!(
        gateway
            .open(thanks)
            .await
            .text
            .contains("data-status=\"PENDING\"")
    );
    bank(&gateway, &id, "exact").await;
    let page = gateway.open(thanks).await;
    assert!(page.text.contains("data-status=\"SUCCESS\"") && page.text.contains("₹499.00"));
    let unknown = gateway.open("/demo/thanks?order=x").await;
    assert!(unknown.text.contains("do not know this order"));
}

#[tokio::test]
async fn goods_and_deadlines_are_those_that_were_chosen() {
    let gateway = start().await;
    for (form, amount, seconds, returns) in [
        (
            "goods=chai&deadline=normal&back=yes",
            "20.00",
            Some(900),
            true,
        ),
        ("goods=phone&deadline=short", "100000.00", Some(120), false),
        ("goods=shirt&deadline=none", "499.00", None, false),
    ] {
        let id = buy(&gateway, form).await;
        let order = gateway
            .get_as("uck_sandbox", &format!("/v1/orders/{id}"))
            .await
            .json();
        assert_eq!(order["amount"], amount);
        assert_eq!(order["successUrl"].is_string(), returns);
        let waits = order["expiresAt"]
            .as_i64()
            .map(|at| (at - order["createdAt"].as_i64().unwrap()) / 1_000);
        assert_eq!(waits, seconds);
    }
    let nothing = post(&gateway, "/demo/orders", "goods=car").await;
    assert_eq!(nothing.header("location"), "/demo");
}

#[tokio::test]
async fn the_bank_does_everything_that_a_bank_does() {
    let gateway = start().await;
    for (actions, status) in [
        (&["exact"][..], "SUCCESS"),
        (&["amount"], "SUCCESS"),
        (&["wrong"], "PENDING"),
        (&["wrong", "exact"], "SUCCESS"),
        (&["decline"], "FAILED"),
        (&["decline", "exact"], "SUCCESS"),
        (&["expire"], "EXPIRED"),
        (&["expire", "exact"], "SUCCESS"),
        (&["expire", "decline"], "EXPIRED"),
        (&["exact", "expire"], "SUCCESS"),
        (&["nonsense"], "PENDING"),
    ] {
        let id = buy(&gateway, "goods=shirt&deadline=none").await;
        // The discount tells it from the others that are still open.
        gateway.discounted(&id).await;
        for action in actions {
            bank(&gateway, &id, action).await;
        }
        assert_eq!(gateway.status(&id).await, status, "{actions:?}");
    }
    let page = gateway.open("/demo/bank?said=%3Cb%3Ehello").await;
    assert!(page.text.contains("&lt;b&gt;hello"));
    assert!(page.text.contains("kept, amount-differs"));
    assert!(page.text.contains("Pay late"));
}

#[tokio::test]
async fn money_with_a_chosen_utr_is_claimed_on_the_page() {
    let gateway = start().await;
    let id = buy(&gateway, "goods=shirt").await;
    buy(&gateway, "goods=shirt").await;
    let form = format!("utr={UTR}&amount=499&note=");
    let answer = post(&gateway, "/demo/bank/credit", &form).await;
    assert!(answer.header("location").contains("ambiguous"));
    assert_eq!(gateway.claim(&id, UTR).await.1, "SUCCESS");
    for bad in [
        "utr=1&amount=499",
        &format!("utr={UTR}&amount=x"),
        &format!("utr={UTR}&amount=5"),
    ] {
        let answer = post(&gateway, "/demo/bank/credit", bad).await;
        assert_eq!(answer.status, 303, "{bad}");
    }
}
