//! The five calls of the page.

use serde_json::{Value, json};

use crate::harness::{Gateway, UTR};

fn golden(text: &str, id: &str) -> Value {
    serde_json::from_str(&text.replace("{id}", id)).unwrap()
}

#[tokio::test]
async fn the_five_answers_have_the_shapes_of_the_contract() {
    let gateway = Gateway::start().await;
    let id = gateway
        .order_with(json!({
            "amount": "499", "note": "Tea", "successUrl": "https://Shop.example/thanks?a=1",
        }))
        .await;
    let info = json!({"id": id, "href": "https://pay.example/", "referrer": ""});
    let opened = json!({"id": id, "content": "OPEN_LINK phonepe://pay?pa=x"});
    for (call, body, shape) in [
        ("info", info, include_str!("../golden/info.json")),
        (
            "discount",
            json!({"id": id}),
            include_str!("../golden/discount.json"),
        ),
        ("event", opened, include_str!("../golden/event.json")),
        (
            "utr",
            json!({"id": id, "userUtrNo": UTR}),
            include_str!("../golden/utr.json"),
        ),
    ] {
        let answer = gateway.call(call, body).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), golden(shape, &id), "{call}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    gateway.credit(UTR, "498.99", "").await;
    let result = gateway.call("result", json!({"id": id})).await.json();
    assert_eq!(result, golden(include_str!("../golden/result.json"), &id));
}

#[tokio::test]
async fn requests_are_read_tolerantly() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    for body in [
        json!({"id": id}),
        json!({"id": id, "href": null, "referrer": 7, "news": {"a": [1]}}),
        json!({"id": id, "content": null, "userUtrNo": ""}),
    ] {
        assert_eq!(
            gateway.call("info", body.clone()).await.status,
            200,
            "{body}"
        );
    }
    let number = json!({"id": id, "userUtrNo": 435_268_791_234_u64});
    assert_eq!(gateway.call("utr", number).await.status, 200);
    for content in [json!(null), json!(""), json!("SHOW_QR")] {
        let body = json!({"id": id, "content": content});
        assert_eq!(
            gateway.call("event", body.clone()).await.status,
            200,
            "{body}"
        );
    }
    let pasted = json!({"id": id, "userUtrNo": "UTR: 4352 6879 1234"});
    assert_eq!(gateway.call("utr", pasted).await.status, 200);
}

#[tokio::test]
async fn bad_requests_are_answered_in_the_envelope() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    let unknown = "0".repeat(32);
    for call in ["info", "discount", "result", "event", "utr"] {
        for (body, code) in [
            (String::new(), (400, "BAD_REQUEST")),
            ("{".to_owned(), (400, "BAD_REQUEST")),
            ("[]".to_owned(), (400, "BAD_REQUEST")),
            ("{}".to_owned(), (400, "BAD_REQUEST")),
            (r#"{"id":""}"#.to_owned(), (400, "BAD_REQUEST")),
            (r#"{"id":{}}"#.to_owned(), (400, "BAD_REQUEST")),
            (
                format!(r#"{{"id":"{}"}}"#, "x".repeat(17_000)),
                (413, "BAD_REQUEST"),
            ),
            (
                json!({"id": unknown, "userUtrNo": UTR}).to_string(),
                (404, "ORDER_NOT_FOUND"),
            ),
            (
                json!({"id": 17, "userUtrNo": UTR}).to_string(),
                (404, "ORDER_NOT_FOUND"),
            ),
            (
                json!({"id": "../x", "userUtrNo": UTR}).to_string(),
                (404, "ORDER_NOT_FOUND"),
            ),
        ] {
            let answer = gateway.call_raw(call, body.clone()).await;
            let json = answer.json();
            assert_eq!(
                answer.code(),
                (code.0, code.1.to_owned()),
                "{call} {body:.60}"
            );
            assert!(json["message"].as_str().unwrap().len() > 10);
            assert!(json["time"].is_i64() && json["model"].is_null());
        }
    }
    for typed in ["", "paid", "9876543210", "000000000000", "4352687912345"] {
        let code = gateway.claim(&id, typed).await;
        assert_eq!(code, (400, "UTR_INVALID".to_owned()), "{typed}");
    }
}

#[tokio::test]
async fn what_the_page_tells_is_kept_as_it_came() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    let link = "OPEN_LINK phonepe://pay?pa=a%40b&pn=SRI%20T&am=498.99&mam=498.99&cu=INR ✓";
    gateway
        .call("event", json!({"id": id, "content": link}))
        .await;
    gateway
        .call("event", json!({"id": id, "content": link}))
        .await;
    let events = gateway.get(&format!("/v1/orders/{id}/events")).await.json();
    let told: Vec<&Value> = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["kind"] == "page")
        .map(|event| &event["detail"])
        .collect();
    assert_eq!(told, [link, link]);
    let long = json!({"id": id, "content": "x".repeat(4_097)});
    assert_eq!(gateway.call("event", long).await.code().0, 413);
}

#[tokio::test]
async fn too_many_calls_are_told_when_to_come_back() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    for _ in 0..10 {
        assert_eq!(gateway.claim(&id, UTR).await.0, 200);
    }
    let body = json!({"id": id, "userUtrNo": UTR});
    let answer = gateway.call("utr", body).await;
    assert_eq!(answer.code(), (429, "TOO_MANY_REQUESTS".to_owned()));
    assert_eq!(answer.header("retry-after"), "7");
    gateway.pass_ms(7_000);
    assert_eq!(gateway.claim(&id, UTR).await.0, 200);
}

#[tokio::test]
async fn a_page_cannot_fill_the_disk() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    let body = json!({"id": id, "content": "SHOW_QR"});
    for _ in 0..500 {
        gateway.pass_ms(1_000);
        assert_eq!(gateway.call("event", body.clone()).await.status, 200);
    }
    gateway.pass_ms(60_000);
    let answer = gateway.call("event", body).await;
    assert_eq!(answer.code(), (429, "TOO_MANY_REQUESTS".to_owned()));
    assert_eq!(answer.header("retry-after"), "3600");
}
