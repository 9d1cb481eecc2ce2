//! What holds for every input: nothing panics, nothing but PhonePe's clear word is a payment, and no
//! link leads elsewhere.

use checkout_core::vpa::Vpa;
use phonepe::answer::Started;
use phonepe::callback::Callback;
use phonepe::collect::read_cancel;
use phonepe::debit;
use phonepe::report::{Outcome, Report};
use phonepe::vpa;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::samples;

const HOST: &str = "https://mercury-uat.phonepe.com";

/// Words that PhonePe uses, and some that it does not.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "SUCCESS",
            "PAYMENT_SUCCESS",
            "PAYMENT_PENDING",
            "PAYMENT_ERROR",
            "COMPLETED",
            "ACTIVE",
            "FAILED",
            "PENDING",
            "CREATED",
            "INTERNAL_SERVER_ERROR",
            "",
        ])
        .prop_map(str::to_owned),
        "[A-Z_]{1,12}",
    ]
}

fn maybe_word() -> impl Strategy<Value = Option<String>> {
    prop::option::of(word())
}

/// Something where a text or a number is due.
fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"utr": 7}])),
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let asked = Vpa::parse("a@b").unwrap();
        let _ = Report::read(&bytes);
        let _ = Callback::take(&bytes);
        let _ = debit::read_v3(200, None, &bytes, HOST);
        let _ = debit::read_v4(&bytes, HOST);
        let _ = vpa::read(&bytes, &asked);
        let _ = read_cancel(&bytes);
        let _ = samples::collect().read(&bytes);
    }

    #[test]
    fn only_a_clear_word_is_a_payment(
        is_auth: bool, code in word(), state in maybe_word(), taken in maybe_word(), allowed in maybe_word(),
    ) {
        let mut data = json!({"merchantId": "M", "amount": 100, "paymentState": state});
        data[if is_auth { "authRequestId" } else { "transactionId" }] = json!("T");
        if is_auth {
            data["transactionDetails"] = json!({"state": taken, "amount": 100});
            data["subscriptionDetails"] = json!({"state": allowed});
        }
        let body = json!({"success": true, "code": code, "data": data}).to_string();
        let outcome = Report::read(body.as_bytes()).unwrap().outcome;
        let is_clear = if is_auth {
            code == "SUCCESS"
                && allowed.as_deref() == Some("ACTIVE")
                && taken.as_deref().is_none_or(|it| it == "COMPLETED")
        } else {
            code == "PAYMENT_SUCCESS" && state.as_deref().is_none_or(|it| it == "COMPLETED")
        };
        prop_assert_eq!(outcome == Outcome::Paid, is_clear, "{}", body);
        if code == "INTERNAL_SERVER_ERROR" || code == "PAYMENT_PENDING" {
            prop_assert!(!matches!(outcome, Outcome::Failed(_)), "{}", body);
        }
    }

    #[test]
    fn a_field_of_another_type_is_no_payment_of_another_amount(amount in anything(), utr in anything()) {
        let body = json!({"code": "PAYMENT_SUCCESS", "data": {
            "merchantId": "M", "transactionId": "T", "amount": amount, "paymentModes": [{"utr": utr}],
        }});
        if let Ok(report) = Report::read(body.to_string().as_bytes()) {
            prop_assert_eq!(report.amount_paise, amount.as_u64());
        }
    }

    #[test]
    fn no_location_leads_away_from_phonepe(location in "[/\\\\a-z:.@?#%\t\n ]{0,24}|(https?:)?//[a-z.@:/\\\\]{0,20}") {
        if let Ok(Started::Open(opening)) = debit::read_v3(302, Some(&location), b"", HOST) {
            let url = url::Url::parse(&opening.link).unwrap();
            prop_assert_eq!(url.origin().ascii_serialization(), HOST, "{:?}", location);
            prop_assert_eq!(url.username(), "");
        }
    }

    #[test]
    fn a_callback_that_was_touched_is_not_phonepes(
        response in "[A-Za-z0-9+/]{8,64}", place in 0_usize..1_000, by in 1_u8..16,
    ) {
        let salts = samples::account("M").salts;
        let signed = salts.sign_callback(&response);
        let touched: String = response
            .bytes()
            .enumerate()
            .map(|(at, b)| char::from(if at == place % response.len() { b ^ by } else { b }))
            .collect();
        prop_assert!(salts.check_callback(&signed, &response).is_ok());
        prop_assert!(salts.check_callback(&signed, &touched).is_err());
        let mut forged = signed.into_bytes();
        let at = place % 64;
        forged[at] = if forged[at] == b'0' { b'1' } else { b'0' };
        let forged = String::from_utf8(forged).unwrap();
        prop_assert!(salts.check_callback(&forged, &response).is_err());
    }
}
