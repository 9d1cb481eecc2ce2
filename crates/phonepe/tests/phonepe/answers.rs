//! What answers mean, and above all what they do not mean.

use checkout_core::money::Paise;
use phonepe::answer::{Code, Started};
use phonepe::collect::{Cancelled, read_cancel};
use phonepe::debit;
use phonepe::report::{Expected, Mismatch, Outcome, Report};
use serde_json::{Value, json};

use crate::samples;

const HOST: &str = "https://mercury-uat.phonepe.com";

#[test]
fn a_location_leads_to_phonepe_or_nowhere() {
    for (location, is_good) in [
        ("/transact?token=a", true),
        ("https://mercury-uat.phonepe.com/transact?token=a", true),
        ("https://mercury-uat.phonepe.com.evil.example/", false),
        ("https://evil.example/", false),
        ("//evil.example/", false),
        ("/\\evil.example/", false),
        ("transact", false),
        ("javascript:alert(1)", false),
        ("/transact\r\nx: y", false),
        ("", false),
    ] {
        let started = debit::read_v3(302, Some(location), b"", HOST);
        assert_eq!(started.is_ok(), is_good, "{location:?}");
    }
    assert!(debit::read_v3(302, None, b"", HOST).is_err());
}

#[test]
fn only_a_clear_no_is_a_refusal() {
    use Started::{Duplicate, Refused, Unsure};
    for (code, started) in [
        ("INVALID_TRANSACTION_ID", Duplicate),
        (
            "INVALID_USER_AUTH_TOKEN",
            Refused(Code::InvalidUserAuthToken),
        ),
        ("BAD_REQUEST", Refused(Code::BadRequest)),
        ("AUTHORIZATION_FAILED", Refused(Code::AuthorizationFailed)),
        (
            "SUBSCRIPTION_NOT_FOUND",
            Refused(Code::SubscriptionNotFound),
        ),
        ("SUBSCRIPTION_EXPIRED", Refused(Code::SubscriptionExpired)),
        (
            "INVALID_SUBSCRIPTION_STATE",
            Refused(Code::InvalidSubscriptionState),
        ),
        ("INTERNAL_SERVER_ERROR", Unsure(Code::InternalServerError)),
        ("NEW_WORD", Unsure(Code::Unknown("NEW_WORD".to_owned()))),
    ] {
        let body = json!({"success": false, "code": code, "message": ""}).to_string();
        let body = body.as_bytes();
        assert_eq!(debit::read_v3(400, None, body, HOST).as_ref(), Ok(&started));
        assert_eq!(debit::read_v4(body, HOST).as_ref(), Ok(&started));
        assert_eq!(samples::collect().read(body).as_ref(), Ok(&started));
        for sample in ["collect, TRANSACTION", "QR, PENNY_DROP"] {
            assert_eq!(
                samples::auth(sample).read(body, HOST).as_ref(),
                Ok(&started)
            );
        }
    }
    for body in ["", "<html>", "[]", r#"{"code":7}"#] {
        assert!(debit::read_v3(502, None, body.as_bytes(), HOST).is_err());
        assert!(samples::collect().read(body.as_bytes()).is_err());
    }
}

fn payment(code: &str, data: Value) -> Report {
    let mut all = json!({"merchantId": "M", "transactionId": "T", "amount": 100});
    let (fields, more) = (all.as_object_mut().unwrap(), data);
    fields.extend(more.as_object().unwrap().clone());
    let body = json!({"success": true, "code": code, "data": all}).to_string();
    Report::read(body.as_bytes()).unwrap()
}

#[test]
fn pending_internal_and_unknown_are_neither_success_nor_failure() {
    for (code, data, outcome) in [
        ("PAYMENT_SUCCESS", json!({}), Outcome::Paid),
        (
            "PAYMENT_SUCCESS",
            json!({"paymentState": "COMPLETED"}),
            Outcome::Paid,
        ),
        (
            "PAYMENT_SUCCESS",
            json!({"paymentState": "FAILED"}),
            Outcome::Unsure(Code::PaymentSuccess),
        ),
        (
            "PAYMENT_ERROR",
            json!({}),
            Outcome::Failed("PAYMENT_ERROR".to_owned()),
        ),
        (
            "PAYMENT_DECLINED",
            json!({"payResponseCode": "ZA"}),
            Outcome::Failed("ZA".to_owned()),
        ),
        (
            "PAYMENT_ERROR",
            json!({"paymentState": "COMPLETED"}),
            Outcome::Unsure(Code::PaymentError),
        ),
        ("PAYMENT_PENDING", json!({}), Outcome::Pending),
        ("TRANSACTION_NOT_FOUND", json!({}), Outcome::NotFound),
        (
            "INTERNAL_SERVER_ERROR",
            json!({}),
            Outcome::Unsure(Code::InternalServerError),
        ),
        ("SUCCESS", json!({}), Outcome::Unsure(Code::Success)),
        (
            "NEW_WORD",
            json!({}),
            Outcome::Unsure(Code::Unknown("NEW_WORD".to_owned())),
        ),
    ] {
        assert_eq!(
            payment(code, data.clone()).outcome,
            outcome,
            "{code} {data}"
        );
    }
}

#[test]
fn an_autopay_answer_is_read_by_its_states() {
    use Outcome::{Paid, Pending};
    for (transaction, subscription, outcome) in [
        (Some("COMPLETED"), "ACTIVE", Paid),
        (None, "ACTIVE", Paid),
        (Some("COMPLETED"), "CREATED", Pending),
        // Money was taken: whatever the subscription says, this is no failure.
        (Some("COMPLETED"), "FAILED", Pending),
        (Some("PENDING"), "ACTIVE", Pending),
        (None, "CREATED", Pending),
        (Some("FAILED"), "FAILED", Outcome::Failed("Z9".to_owned())),
        (Some("FAILED"), "ACTIVE", Pending),
        (None, "EXPIRED", Outcome::Failed("EXPIRED".to_owned())),
        (None, "SUSPENDED", Pending),
        (Some("NEW_WORD"), "ACTIVE", Pending),
        (None, "NEW_WORD", Pending),
    ] {
        let details = transaction
            .map(|state| json!({"state": state, "amount": 100, "payResponseCode": "Z9"}));
        let body = json!({"code": "SUCCESS", "data": {
            "authRequestId": "T", "transactionDetails": details,
            "subscriptionDetails": {"subscriptionId": "S", "state": subscription},
        }});
        // `null` is as good as absent.
        let report = Report::read(body.to_string().as_bytes()).unwrap();
        assert_eq!(report.outcome, outcome, "{transaction:?} {subscription}");
    }
    let other = json!({"code": "SUCCESS", "data": {"authRequestId": "T", "callbackType": "DEBIT",
        "subscriptionDetails": {"state": "ACTIVE"}}});
    let report = Report::read(other.to_string().as_bytes()).unwrap();
    assert_eq!(
        report.outcome,
        Outcome::Unsure(Code::Unknown("DEBIT".to_owned()))
    );
}

#[test]
fn a_report_about_something_else_moves_nothing() {
    let expected = Expected {
        merchant_id: "M",
        id: "T",
        amount: Some(Paise::new(100).unwrap()),
        subscription_id: None,
    };
    for (data, verdict) in [
        (json!({}), Ok(())),
        (json!({"amount": 99}), Err(Mismatch("amount"))),
        (json!({"amount": null}), Err(Mismatch("amount"))),
        (json!({"merchantId": "N"}), Err(Mismatch("merchantId"))),
        (json!({"merchantId": null}), Err(Mismatch("merchantId"))),
        (
            json!({"transactionId": "U"}),
            Err(Mismatch("transactionId")),
        ),
    ] {
        let report = payment("PAYMENT_SUCCESS", data.clone());
        assert_eq!(report.agrees_with(&expected), verdict, "{data}");
    }
    let of_a_subscription = Expected {
        subscription_id: Some("S"),
        ..expected
    };
    let report = payment("PAYMENT_SUCCESS", json!({}));
    assert_eq!(
        report.agrees_with(&of_a_subscription),
        Err(Mismatch("subscriptionId"))
    );
    // A failure need not name an amount, but must not name another one.
    let nothing = payment("PAYMENT_ERROR", json!({"amount": null}));
    assert_eq!(nothing.agrees_with(&expected), Ok(()));
    let other = payment("PAYMENT_ERROR", json!({"amount": 5}));
    assert_eq!(other.agrees_with(&expected), Err(Mismatch("amount")));
    let negative = br#"{"code":"PAYMENT_SUCCESS","data":{"amount":-100}}"#;
    assert!(Report::read(negative).is_err());
}

#[test]
fn calling_off_may_come_too_late() {
    for (code, cancelled) in [
        ("SUCCESS", Cancelled::Done),
        ("PAYMENT_ALREADY_COMPLETED", Cancelled::PaidAlready),
        ("INVALID_TRANSACTION_ID", Cancelled::NoSuchRequest),
        (
            "INTERNAL_SERVER_ERROR",
            Cancelled::Unsure(Code::InternalServerError),
        ),
    ] {
        let body = json!({"code": code}).to_string();
        assert_eq!(read_cancel(body.as_bytes()), Ok(cancelled));
    }
}
