//! Answers, good and bad.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn order(model: serde_json::Value) -> Result<Order, WireError> {
    let answer = Json::from(json!({"time": 1, "status": "0", "message": "", "model": model}));
    Envelope::read(&answer)?.order("o1")
}

fn discount(model: serde_json::Value) -> Result<Discount, WireError> {
    let answer = Json::from(json!({"status": "0", "model": model}));
    Envelope::read(&answer)?.discount("o1")
}

#[test]
fn an_order_is_read_whole() {
    let order = order(json!({
        "id": "o1", "status": "PENDING", "amount": "499.00", "cardInfo": {"name": "Shop"},
        "upiId": "shop@bank", "deeplink": "upi://pay?pa=shop@bank&am=499.00",
        "successUrl": "https://shop.example/", "expiresAt": 1_800_000_000_000_u64, "news": [1],
    }))
    .unwrap();
    assert_eq!(order.status, Status::Pending);
    assert_eq!(order.amount.map(Paise::get), Some(49_900));
    assert_eq!(order.payee_name.as_deref(), Some("Shop"));
    assert_eq!(order.expires_at_ms, Some(1_800_000_000_000));
}

#[test]
fn an_order_is_read_tolerantly() {
    let sparse = order(json!({"id": "o1", "status": "PENDING", "amount": 499.5, "successUrl": "", "expiresAt": "17", "cardInfo": null})).unwrap();
    assert_eq!(sparse.amount.map(Paise::get), Some(49_950));
    assert_eq!((sparse.success_url, sparse.expires_at_ms), (None, Some(17)));
    for (word, status) in [
        ("SUCCESS", Status::Success),
        ("EXPIRED", Status::Expired),
        ("FAILED", Status::Failed),
        ("success", Status::Pending),
        ("PAID", Status::Pending),
        ("7", Status::Pending),
    ] {
        assert_eq!(
            order(json!({"status": word})).map(|order| order.status),
            Ok(status),
            "{word}"
        );
    }
}

#[test]
fn what_is_not_an_order_is_malformed() {
    for model in [
        json!(null),
        json!([]),
        json!("PENDING"),
        json!({}),
        json!({"id": "other", "status": "SUCCESS"}),
        json!({"id": "o1", "status": {"code": "SUCCESS"}}),
        json!({"id": "o1", "status": "PENDING", "amount": "1e3"}),
        json!({"id": "o1", "status": "PENDING", "amount": -5}),
        json!({"id": "o1", "status": "PENDING", "upiId": "nobody"}),
    ] {
        assert_eq!(order(model.clone()), Err(WireError::Malformed), "{model}");
    }
}

#[test]
fn a_refusal_keeps_its_code_and_words() {
    for (status, code) in [
        (json!("UTR_USED"), "UTR_USED"),
        (json!(7), "7"),
        (json!("1"), "1"),
    ] {
        let answer = Json::from(json!({"status": status, "message": "no", "model": null}));
        let refused = Envelope::read(&answer).unwrap().order("o1");
        assert_eq!(
            refused,
            Err(WireError::Refused(Refusal {
                code: code.to_owned(),
                message: "no".to_owned()
            }))
        );
    }
    let zero = Json::from(json!({"status": 0, "model": null}));
    assert_eq!(Envelope::read(&zero).unwrap().acknowledged(), Ok(()));
    assert_eq!(
        Envelope::read(&Json::from(json!({"model": {}}))),
        Err(WireError::Malformed)
    );
}

#[test]
fn a_discount_must_add_up() {
    let good =
        json!({"id": "o1", "amount": "100", "userPayAmount": "99.97", "discountAmount": "0.03"});
    let read = discount(good).unwrap();
    assert_eq!(
        (read.payable.get(), read.off.map(Paise::get), read.is_paid),
        (9_997, Some(3), false)
    );
    let none =
        json!({"id": "o1", "amount": "100", "userPayAmount": "100.00", "discountAmount": "0"});
    assert_eq!(discount(none).unwrap().off, None);
    let short = json!({"userPayAmount": 99.97});
    assert_eq!(discount(short).unwrap().payable.get(), 9_997);
    for model in [
        json!({"amount": "100", "userPayAmount": "99", "discountAmount": "0.03"}),
        json!({"amount": "100", "userPayAmount": "101", "discountAmount": "0"}),
        json!({"amount": "100", "userPayAmount": "0", "discountAmount": "100"}),
        json!({"amount": "100", "userPayAmount": "101"}),
        json!({"amount": "100"}),
    ] {
        assert_eq!(
            discount(model.clone()),
            Err(WireError::Malformed),
            "{model}"
        );
    }
}

#[test]
fn a_newer_answer_keeps_what_it_leaves_out() {
    let mut known =
        order(json!({"status": "PENDING", "amount": "5", "deeplink": "upi://pay?pa=a@b"})).unwrap();
    known.update(order(json!({"status": "EXPIRED", "message": "late"})).unwrap());
    assert_eq!(known.status, Status::Expired);
    assert_eq!(known.amount.map(Paise::get), Some(500));
    assert!(known.deeplink.is_some() && known.message.is_some());
}

#[test]
fn requests_are_written_as_the_contract_says() {
    let info = Call::Info {
        href: "http://x/pay/o1".into(),
        referrer: String::new(),
    };
    assert_eq!(
        info.body("o1"),
        r#"{"id":"o1","href":"http://x/pay/o1","referrer":""}"#
    );
    assert_eq!(Call::Discount.body("o1"), r#"{"id":"o1"}"#);
    assert_eq!(
        Call::Utr { utr: "1".into() }.body("o1"),
        r#"{"id":"o1","userUtrNo":"1"}"#
    );
    assert_eq!(
        Call::Event {
            content: "SHOW_QR".into()
        }
        .body("o1"),
        r#"{"id":"o1","content":"SHOW_QR"}"#
    );
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        prop_oneof![Just("SUCCESS"), Just("0"), Just("5.00"), Just("a@b")]
            .prop_map(|value| json!(value)),
        "\\PC{0,6}".prop_map(|value| json!(value)),
    ];
    let key = prop_oneof![
        Just("time"),
        Just("status"),
        Just("model"),
        Just("id"),
        Just("amount"),
        Just("upiId"),
        Just("cardInfo"),
        Just("name"),
        Just("discount"),
        Just("userPayAmount"),
        Just("expiresAt"),
    ];
    leaf.prop_recursive(4, 32, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| json!(items)),
            prop::collection::vec((key.clone(), inner), 0..8).prop_map(|fields| {
                serde_json::Value::Object(
                    fields
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_answer_makes_it_panic(value in any_json()) {
        let answer = Json::from(value);
        if let Ok(envelope) = Envelope::read(&answer) {
            let _ = envelope.clone().order("o1");
            let _ = envelope.clone().discount("o1");
            let _ = envelope.clone().utr("o1");
            let _ = envelope.acknowledged();
        }
    }
}
