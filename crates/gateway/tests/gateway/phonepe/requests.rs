//! What a merchant may ask for.

use serde_json::{Value, json};

use super::World;
use crate::harness::OTHER_KEY;

#[tokio::test]
async fn what_phonepe_would_not_take_is_refused_at_once_and_names_the_field() {
    let world = World::start().await;
    let autopay = |changes: Value| {
        let mut ask = json!({"userId": "U1", "subscriptionId": "OMS1", "workflow": "TRANSACTION",
            "instrument": "intent", "os": "ANDROID", "app": "com.phonepe.app"});
        for (name, value) in changes.as_object().unwrap() {
            ask[name] = value.clone();
        }
        ask
    };
    for (flow, phonepe, field, word) in [
        ("card", json!(null), "flow", "phonepe_debit"),
        ("upi", json!({}), "phonepe", "does not use"),
        (
            "phonepe_debit",
            json!({"userId": "a@b"}),
            "phonepe",
            "merchantUserId",
        ),
        (
            "phonepe_debit",
            json!({"mobile": "12"}),
            "phonepe",
            "mobileNumber",
        ),
        (
            "phonepe_debit",
            json!({"amount": 1}),
            "phonepe",
            "unknown field",
        ),
        (
            "phonepe_debit",
            json!({"gst": {"cgst": -1}}),
            "phonepe",
            "invalid value",
        ),
        (
            "phonepe_debit",
            json!({"api": "v3", "gst": {"cgst": 1}}),
            "phonepe",
            "gstBreakup",
        ),
        ("phonepe_collect", json!(null), "phonepe", "mobile"),
        (
            "phonepe_collect",
            json!({"vpa": "a@b", "mobile": "9876543210"}),
            "phonepe",
            "vpa",
        ),
        (
            "phonepe_collect",
            json!({"vpa": "nobody"}),
            "phonepe",
            "instrumentReference",
        ),
        (
            "phonepe_collect",
            json!({"vpa": "a@b", "terminalId": "a,b"}),
            "phonepe",
            "terminalId",
        ),
        ("phonepe_autopay", json!(null), "phonepe", "userId"),
        (
            "phonepe_autopay",
            autopay(json!({"app": "whatsapp"})),
            "phonepe",
            "targetApp",
        ),
        (
            "phonepe_autopay",
            autopay(json!({"os": null})),
            "phonepe",
            "os",
        ),
        (
            "phonepe_autopay",
            autopay(json!({"os": "IOS"})),
            "phonepe",
            "targetApp",
        ),
        (
            "phonepe_autopay",
            autopay(json!({"os": "IOS", "app": "GPAY"})),
            "phonepe",
            "merchantCallBackScheme",
        ),
        (
            "phonepe_autopay",
            autopay(json!({"instrument": "qr"})),
            "phonepe",
            "app",
        ),
        (
            "phonepe_autopay",
            autopay(json!({"instrument": "collect", "app": null, "os": null})),
            "phonepe",
            "vpa",
        ),
        (
            "phonepe_autopay",
            autopay(json!({"vpa": "a@b"})),
            "phonepe",
            "vpa",
        ),
    ] {
        let mut order = json!({"amount": "499", "reference": "a", "flow": flow});
        if !phonepe.is_null() {
            order["phonepe"] = phonepe;
        }
        let answer = world.gateway.post("/v1/orders", order.clone()).await;
        assert_eq!(answer.status, 400, "{order}: {}", answer.text);
        let error = &answer.json()["error"];
        assert_eq!(error["field"], field, "{order}");
        assert!(
            error["message"].as_str().unwrap().contains(word),
            "{order}: {error}"
        );
    }
    let endless = json!({"amount": "1", "reference": "a", "flow": "phonepe_debit", "expiresIn": 0});
    let answer = world.gateway.post("/v1/orders", endless).await;
    assert_eq!(answer.json()["error"]["field"], "expiresIn");
    assert_eq!(world.phonepe.books().payments().count(), 0);
}

#[tokio::test]
async fn a_merchant_without_an_account_has_no_such_flow() {
    let world = World::start().await;
    let order = json!({"amount": "1", "reference": "a", "flow": "phonepe_debit"});
    let answer = world.gateway.post_as(OTHER_KEY, "/v1/orders", order).await;
    assert_eq!(answer.json()["error"]["field"], "flow");
}

#[tokio::test]
async fn the_same_request_again_makes_one_payment() {
    let world = World::start().await;
    let order = json!({"amount": "499", "reference": "a", "flow": "phonepe_collect",
        "phonepe": {"vpa": "customer@ybl"}});
    let key = crate::harness::KEY;
    let send = || {
        world
            .gateway
            .post_with(key, "k", "/v1/orders", order.clone())
    };
    let (first, second) = tokio::join!(send(), send());
    assert_eq!(first.text, second.text);
    assert_eq!(send().await.text, first.text);
    assert_eq!(world.phonepe.books().payments().count(), 1);
}
