//! Money comes in: which order does it pay?

use serde_json::json;

use crate::harness::{Gateway, OTHER_KEY, PAYEE, START_MS, UTR, UTR_2};

#[tokio::test]
async fn a_credit_pays_the_order_in_its_note() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    gateway.order("499").await;
    let credit = gateway
        .credit(UTR, "499.00", &format!("UPI/{id}/Tea"))
        .await;
    assert_eq!(
        credit,
        json!({
            "utr": UTR, "amount": "499.00", "payeeVpa": PAYEE, "note": format!("UPI/{id}/Tea"),
            "recordedAt": START_MS, "state": "matched", "orderId": id, "matchedBy": "reference",
        })
    );
    assert_eq!(gateway.status(&id).await, "SUCCESS");
    assert_eq!(gateway.news().await, ["order.succeeded"]);
    let cause = format!("credit:{UTR}");
    assert_eq!(gateway.moves(&id).await, [("SUCCESS".to_owned(), cause)]);
}

#[tokio::test]
async fn a_credit_pays_the_only_order_that_expects_its_amount() {
    let gateway = Gateway::start().await;
    let alone = gateway.order("20").await;
    let credit = gateway.credit(UTR, "20", "").await;
    assert_eq!(
        (&credit["matchedBy"], &credit["orderId"]),
        (&json!("amount"), &json!(alone))
    );

    let discounted = gateway.order("499").await;
    gateway.discounted(&discounted).await;
    let plain = gateway.order("499").await;
    // The first may still be paid in full, by its QR code.
    let credit = gateway.credit(UTR_2, "499", "").await;
    assert_eq!(
        (&credit["state"], &credit["reason"]),
        (&json!("unmatched"), &json!("ambiguous"))
    );
    let credit = gateway.credit("435268791236", "498.99", "").await;
    assert_eq!(credit["orderId"], discounted);
    assert_eq!(gateway.status(&plain).await, "PENDING");
    // A discounted order that nobody else's amount meets may be paid in full too.
    let full = gateway.order("700").await;
    gateway.discounted(&full).await;
    assert_eq!(
        gateway.credit("435268791237", "700", "").await["orderId"],
        full
    );
}

#[tokio::test]
async fn what_fits_no_order_is_kept() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    for (utr, amount, note, reason) in [
        ("500000000001", "498.00", "", "no-order"),
        ("500000000002", "498.00", id.as_str(), "amount-differs"),
        ("500000000003", "499.01", id.as_str(), "amount-differs"),
    ] {
        let credit = gateway.credit(utr, amount, note).await;
        assert_eq!(credit["state"], "unmatched");
        assert_eq!(credit["reason"], reason);
    }
    let elsewhere =
        json!({"utr": "500000000004", "amount": "499", "payeeVpa": "else@bank", "note": id});
    let credit = gateway.post("/v1/credits", elsewhere).await.json();
    assert_eq!(credit["reason"], "payee-differs");
    assert_eq!(gateway.status(&id).await, "PENDING");
    assert_eq!(gateway.news().await, ["credit.unmatched"; 4]);

    gateway.credit(UTR, "499", &id).await;
    let twice = gateway.credit(UTR_2, "499", &id).await;
    assert_eq!(twice["reason"], "already-paid");
    let unmatched = gateway.get("/v1/credits?state=unmatched").await.json();
    assert_eq!(unmatched["data"].as_array().unwrap().len(), 5);
    assert_eq!(unmatched["data"][0]["utr"], UTR_2);
}

#[tokio::test]
async fn a_credit_is_taken_once() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    let first = gateway.credit(UTR, "499", &id).await;
    assert_eq!(gateway.credit(UTR, "499", &id).await, first);
    for changed in [
        json!({"utr": UTR, "amount": "499.01", "payeeVpa": PAYEE, "note": id}),
        json!({"utr": UTR, "amount": "499", "payeeVpa": "else@bank", "note": id}),
        json!({"utr": UTR, "amount": "499", "payeeVpa": PAYEE}),
        json!({"utr": UTR, "amount": "499", "payeeVpa": PAYEE, "note": id, "receivedAt": 1}),
    ] {
        let answer = gateway.post("/v1/credits", changed).await;
        assert_eq!(answer.code(), (409, "credit_differs".to_owned()));
    }
    assert_eq!(gateway.news().await.len(), 1);
    assert_eq!(gateway.moves(&id).await.len(), 1);
}

#[tokio::test]
async fn a_merchant_cannot_touch_anothers_orders() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    let theirs = json!({"utr": UTR, "amount": "499", "payeeVpa": PAYEE, "note": id});
    let credit = gateway
        .post_as(OTHER_KEY, "/v1/credits", theirs)
        .await
        .json();
    assert_eq!(credit["reason"], "no-order");
    let assign = format!("/v1/credits/{UTR}/assign");
    let answer = gateway
        .post_as(OTHER_KEY, &assign, json!({"orderId": id}))
        .await;
    assert_eq!(answer.code(), (404, "order_not_found".to_owned()));
    // Nor does it block the UTR: each merchant has its own book.
    assert_eq!(gateway.credit(UTR, "499", "").await["orderId"], id);
    let list = gateway.get_as(OTHER_KEY, "/v1/credits").await.json();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_merchant_says_whose_a_credit_is() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    gateway.credit(UTR, "400", "").await;
    let assign = format!("/v1/credits/{UTR}/assign");
    let missing = gateway
        .post(
            &format!("/v1/credits/{UTR_2}/assign"),
            json!({"orderId": id}),
        )
        .await;
    assert_eq!(missing.code(), (404, "credit_not_found".to_owned()));
    let unknown = gateway
        .post(&assign, json!({"orderId": "0".repeat(32)}))
        .await;
    assert_eq!(unknown.code(), (404, "order_not_found".to_owned()));
    let short = gateway.post(&assign, json!({"orderId": id})).await;
    assert_eq!(short.code(), (409, "amount_differs".to_owned()));
    assert_eq!(gateway.status(&id).await, "PENDING");

    let accept = json!({"orderId": id, "acceptAmount": true});
    let credit = gateway.post(&assign, accept.clone()).await.json();
    assert_eq!(credit["matchedBy"], "merchant");
    assert!(credit["reason"].is_null());
    assert_eq!(gateway.status(&id).await, "SUCCESS");
    assert_eq!(gateway.post(&assign, accept).await.json(), credit);

    let second = gateway.order("499").await;
    let taken = gateway
        .post(&assign, json!({"orderId": second, "acceptAmount": true}))
        .await;
    assert_eq!(taken.code(), (409, "credit_matched".to_owned()));
    gateway.credit(UTR_2, "400", "").await;
    let again = format!("/v1/credits/{UTR_2}/assign");
    let closed = gateway
        .post(&again, json!({"orderId": id, "acceptAmount": true}))
        .await;
    assert_eq!(closed.code(), (409, "order_closed".to_owned()));
    let elsewhere = json!({"utr": "500000000001", "amount": "499", "payeeVpa": "else@bank"});
    gateway.post("/v1/credits", elsewhere).await;
    let differs = gateway
        .post(
            "/v1/credits/500000000001/assign",
            json!({"orderId": second}),
        )
        .await;
    assert_eq!(differs.code(), (409, "payee_differs".to_owned()));
}

#[tokio::test]
async fn bad_credits_are_refused_with_the_field() {
    let gateway = Gateway::start().await;
    for (field, value) in [
        ("utr", json!("4352 6879 1234")),
        ("utr", json!("43526879123")),
        ("amount", json!("1e3")),
        ("payeeVpa", json!("shop")),
        ("payerVpa", json!("@")),
        ("receivedAt", json!(-1)),
        ("note", json!("x".repeat(501))),
    ] {
        let mut credit = json!({"utr": UTR, "amount": "499", "payeeVpa": PAYEE});
        credit[field] = value;
        let answer = gateway.post("/v1/credits", credit).await;
        assert_eq!(answer.code(), (400, "invalid_field".to_owned()), "{field}");
        assert_eq!(answer.json()["error"]["field"], field);
    }
    let answer = gateway.get("/v1/credits?state=open").await;
    assert_eq!(answer.code(), (400, "invalid_field".to_owned()));
}

#[tokio::test]
async fn credits_come_in_pages() {
    let gateway = Gateway::start().await;
    for number in 1..=3 {
        gateway
            .credit(&format!("50000000000{number}"), "7", "")
            .await;
    }
    let first = gateway
        .get("/v1/credits?limit=2&state=unmatched")
        .await
        .json();
    assert_eq!(first["data"][0]["utr"], "500000000003");
    let next = first["next"].as_str().unwrap();
    let second = gateway
        .get(&format!("/v1/credits?limit=2&after={next}"))
        .await
        .json();
    assert_eq!(second["data"].as_array().unwrap().len(), 1);
    assert!(second["next"].is_null());
    let matched = gateway.get("/v1/credits?state=matched").await.json();
    assert_eq!(matched, json!({"data": []}));
}
