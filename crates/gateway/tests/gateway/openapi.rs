//! The OpenAPI document is true: its routes are ours, and our answers are what it says.

use std::collections::BTreeSet;

use gateway::http::api_routes;
use serde_json::{Value, json};

use crate::harness::{Answer, Gateway, PAYEE, UTR};

fn document() -> Value {
    serde_json::from_str(gateway::http::openapi::DOCUMENT).unwrap()
}

#[test]
fn its_routes_are_ours() {
    let document = document();
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(|method| (path.clone(), method.to_uppercase()))
        })
        .collect();
    let ours = api_routes()
        .iter()
        .map(|route| (route.path.to_owned(), route.method.to_owned()))
        .collect();
    assert_eq!(described, ours);
}

#[test]
fn every_schema_is_used_and_every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(to)) = fields.get("$ref") {
                    found.insert(to.clone());
                }
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => (),
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        let target = document.pointer(reference.trim_start_matches('#'));
        assert!(target.is_some(), "{reference}");
    }
    for name in document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        assert!(
            found.contains(&format!("#/components/schemas/{name}")),
            "{name}"
        );
    }
}

/// Holds a value against a schema, as far as the document uses schemas.
fn check(document: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).unwrap();
        return check(document, target, value, at);
    }
    match schema["type"].as_str().unwrap() {
        "object" => {
            let Some(properties) = schema["properties"].as_object() else {
                return;
            };
            let fields = value.as_object().unwrap_or_else(|| panic!("{at}: {value}"));
            for (name, field) in fields {
                let property = properties.get(name);
                let property = property.unwrap_or_else(|| panic!("{at}.{name} is not described"));
                check(document, property, field, &format!("{at}.{name}"));
            }
            for name in schema["required"].as_array().unwrap() {
                assert!(
                    fields.contains_key(name.as_str().unwrap()),
                    "{at}.{name} is missing"
                );
            }
        }
        "array" => {
            for item in value.as_array().unwrap() {
                check(document, &schema["items"], item, at);
            }
        }
        "string" => {
            let text = value.as_str().unwrap_or_else(|| panic!("{at}: {value}"));
            if let Some(words) = schema["enum"].as_array() {
                assert!(words.contains(&json!(text)), "{at}: {text}");
            }
        }
        "integer" => assert!(value.is_i64(), "{at}: {value}"),
        "null" => assert!(value.is_null(), "{at}: {value}"),
        other => panic!("{at}: the test does not know the type {other}"),
    }
}

fn check_answer(document: &Value, method: &str, path: &str, answer: &Answer) {
    let status = answer.status.as_str();
    let response = &document["paths"][path][method]["responses"][status];
    assert!(response.is_object(), "{method} {path} may answer {status}");
    let schema = &response["content"]["application/json"]["schema"];
    check(
        document,
        schema,
        &answer.json(),
        &format!("{method} {path} {status}"),
    );
}

#[tokio::test]
async fn real_answers_are_what_it_says() {
    let gateway = Gateway::start().await;
    let document = document();
    let order = json!({
        "amount": "499", "reference": "a", "note": "Tea", "successUrl": "https://shop.example/",
    });
    let made = gateway.post("/v1/orders", order.clone()).await;
    check_answer(&document, "post", "/v1/orders", &made);
    let again = gateway.post("/v1/orders", order).await;
    check_answer(&document, "post", "/v1/orders", &again);
    let bad = gateway
        .post("/v1/orders", json!({"amount": "0", "reference": "b"}))
        .await;
    check_answer(&document, "post", "/v1/orders", &bad);

    let id = made.json()["id"].as_str().unwrap().to_owned();
    for call in ["discount", "info", "event", "utr", "utr", "result"] {
        let body = json!({"id": id, "content": "SHOW_QR", "userUtrNo": UTR});
        let path = format!("/api/order/{call}");
        check_answer(&document, "post", &path, &gateway.call(call, body).await);
        for bad in [
            json!({}),
            json!({"id": "1"}),
            json!({"id": id, "userUtrNo": "x"}),
        ] {
            let answer = gateway.call(call, bad).await;
            check_answer(&document, "post", &path, &answer);
        }
    }
    let credit = json!({
        "utr": UTR, "amount": "499", "payeeVpa": PAYEE, "payerVpa": "a@b", "receivedAt": 1, "note": "n",
    });
    let matched = gateway.post("/v1/credits", credit).await;
    assert_eq!(matched.json()["state"], "matched");
    check_answer(&document, "post", "/v1/credits", &matched);
    let lost = json!({"utr": "500000000001", "amount": "7", "payeeVpa": PAYEE});
    check_answer(
        &document,
        "post",
        "/v1/credits",
        &gateway.post("/v1/credits", lost).await,
    );
    let changed = json!({"utr": UTR, "amount": "7", "payeeVpa": PAYEE});
    check_answer(
        &document,
        "post",
        "/v1/credits",
        &gateway.post("/v1/credits", changed).await,
    );

    let second = gateway.order("7.50").await;
    for body in [
        json!({"orderId": id}),
        json!({"orderId": second}),
        json!({"orderId": "x"}),
        json!({"orderId": second, "acceptAmount": true}),
    ] {
        let answer = gateway.post("/v1/credits/500000000001/assign", body).await;
        check_answer(&document, "post", "/v1/credits/{utr}/assign", &answer);
    }
    for (path, asked) in [
        ("/v1/orders", "/v1/orders?limit=1".to_owned()),
        ("/v1/orders", "/v1/orders?limit=0".to_owned()),
        ("/v1/orders/{id}", format!("/v1/orders/{id}")),
        ("/v1/orders/{id}", "/v1/orders/x".to_owned()),
        ("/v1/orders/{id}/events", format!("/v1/orders/{id}/events")),
        ("/v1/credits", "/v1/credits".to_owned()),
        ("/v1/events", "/v1/events".to_owned()),
        ("/v1/events", "/v1/events?state=lost".to_owned()),
        ("/healthz", "/healthz".to_owned()),
        ("/readyz", "/readyz".to_owned()),
        ("/openapi.json", "/openapi.json".to_owned()),
    ] {
        check_answer(&document, "get", path, &gateway.get(&asked).await);
        if path.starts_with("/v1") {
            check_answer(&document, "get", path, &gateway.open(&asked).await);
        }
    }
    let closed = gateway
        .call("utr", json!({"id": second, "userUtrNo": "500000000009"}))
        .await;
    assert_eq!(closed.code(), (409, "ORDER_CLOSED".to_owned()));
    check_answer(&document, "post", "/api/order/utr", &closed);
}

#[tokio::test]
async fn the_numbers_say_what_happened() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    gateway.order("499").await;
    gateway.credit(UTR, "499", &id).await;
    gateway.status(&id).await;
    let metrics = gateway.open("/metrics").await;
    assert!(metrics.header("content-type").starts_with("text/plain"));
    for line in [
        "gateway_requests_total{route=\"/v1/orders\",method=\"POST\",status=\"201\"} 2",
        "gateway_requests_total{route=\"/api/order/result\",method=\"POST\",status=\"200\"} 1",
        "gateway_orders{status=\"PENDING\"} 1",
        "gateway_orders{status=\"SUCCESS\"} 1",
        "gateway_credits{outcome=\"reference\"} 1",
    ] {
        assert!(
            metrics.text.lines().any(|have| have == line),
            "{line}\n{}",
            metrics.text
        );
    }
    // No order id, no UPI id, no UTR.
    for private in [id.as_str(), PAYEE, UTR] {
        assert!(!metrics.text.contains(private));
    }
}
