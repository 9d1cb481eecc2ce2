//! The documents' samples, word for word: payloads, base64 texts, answers, callbacks; and checksums
//! against an independent computation (`sha256sum`; the commands stand beside the values).

use phonepe::answer::{Opening, OpeningKind, Started};
use phonepe::call::{Call, Method, decode, encode};
use phonepe::callback::Callback;
use phonepe::debit::{self, Version};
use phonepe::report::{Expected, Outcome};
use phonepe::status::{self, Subject};
use phonepe::{collect, vpa};
use serde_json::{Value, json};

use crate::samples;

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn requests() -> Value {
    read(include_str!("../vectors/requests.json"))
}

fn callbacks() -> Value {
    read(include_str!("../vectors/callbacks.json"))
}

fn answer(name: &str) -> Value {
    let answers = read(include_str!("../vectors/answers.json"));
    let found = answers.as_array().unwrap().iter();
    let found = found.filter(|it| it["name"] == name).collect::<Vec<_>>();
    found[0]["body"].clone()
}

/// Our payload for a sample, as JSON.
fn ours(name: &str) -> Value {
    let json = |payload: Result<String, _>| decode(&payload.unwrap()).unwrap();
    let bytes = match name {
        "debit v3" => json(encode(&samples::debit_v3())),
        "debit v4" => json(encode(&samples::debit_v4())),
        "request payment" => json(encode(&samples::collect())),
        auth => {
            let name = auth.strip_prefix("submit auth request: ").unwrap();
            json(encode(&samples::auth(name)))
        }
    };
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn each_sample_decodes_to_its_payload_and_ours_encodes_to_an_equal_one() {
    let requests = requests();
    for sample in requests.as_array().unwrap() {
        let name = sample["name"].as_str().unwrap();
        let bytes = decode(sample["base64"].as_str().unwrap()).unwrap();
        // One sample holds no-break spaces between its tokens.
        let text = String::from_utf8(bytes).unwrap().replace('\u{a0}', " ");
        assert_eq!(read(&text), sample["payload"], "{name}");
        assert_eq!(ours(name), sample["payload"], "{name}");
    }
    assert_eq!(requests.as_array().unwrap().len(), 11);
}

#[test]
fn checksums_are_what_sha256sum_computes() {
    let vectors = read(include_str!("../vectors/checksums.json"));
    let salts = samples::account("").salts;
    for case in vectors["cases"].as_array().unwrap() {
        let base64 = |list: Value| {
            let list = list.as_array().unwrap().clone();
            let found = list.into_iter().find(|it| it["name"] == case["name"]);
            found.unwrap()["base64"].as_str().unwrap().to_owned()
        };
        let path = case["path"].as_str().unwrap_or_default();
        let signed = match case["of"].as_str().unwrap() {
            "payload" => salts.sign_payload(&base64(requests()), path),
            "path" => salts.sign_path(path),
            _ => salts.sign_callback(&base64(callbacks())),
        };
        assert_eq!(
            signed,
            format!("{}###1", case["sha256"].as_str().unwrap()),
            "{case}"
        );
    }
}

fn header<'a>(call: &'a Call, name: &str) -> &'a str {
    let found = call.headers.iter().find(|(it, _)| *it == name);
    found.map_or("", |(_, value)| value)
}

#[test]
fn a_call_carries_the_headers_of_the_document_and_a_checksum_that_fits() {
    let account = samples::account("UATMERCHANT");
    // The sample's number is masked, and a masked number is not sent.
    let mut sample = samples::debit_v4();
    sample.mobile_number = samples::text("9999999999");
    let call = sample
        .call(Version::V4, &account, &samples::back())
        .unwrap();
    assert_eq!(
        (call.method, call.path.as_str()),
        (Method::Post, "/v4/debit")
    );
    let body = read(call.body.as_ref().unwrap());
    let base64 = body["request"].as_str().unwrap();
    let given = header(&call, "X-VERIFY");
    assert!(
        account
            .salts
            .check_payload(given, base64, "/v4/debit")
            .is_ok()
    );
    for (name, value) in [
        ("Content-Type", "application/json"),
        ("X-REDIRECT-URL", "https://pay.example/pay/1"),
        ("X-REDIRECT-MODE", "GET"),
        (
            "X-CALLBACK-URL",
            "https://pay.example/callbacks/phonepe/shop",
        ),
        ("X-CALL-MODE", "POST"),
        ("X-PROVIDER-ID", ""),
    ] {
        assert_eq!(header(&call, name), value, "{name}");
    }
    let mut account = account;
    account.provider_id = samples::text("PROVIDER");
    let asked = checkout_core::vpa::Vpa::parse("test-vpa@ybl").unwrap();
    for (call, path) in [
        (
            status::call(&account, Subject::Payment, "TX1").unwrap(),
            "/v3/transaction/UATMERCHANT/TX1/status",
        ),
        (
            status::call(&account, Subject::Auth, "TX1").unwrap(),
            "/v3/recurring/auth/status/UATMERCHANT/TX1",
        ),
        (
            collect::cancel(&account, "TX1").unwrap(),
            "/v3/charge/UATMERCHANT/TX1/cancel",
        ),
        (
            vpa::call(&account, &asked),
            "/v3/vpa/UATMERCHANT/test-vpa@ybl/validate",
        ),
    ] {
        assert_eq!(call.path, path);
        assert_eq!(call.body, None);
        assert_eq!(header(&call, "X-PROVIDER-ID"), "PROVIDER");
        assert!(
            account
                .salts
                .check_path(header(&call, "X-VERIFY"), path)
                .is_ok()
        );
        assert_eq!(format!("{call:?}").matches("TX1").count(), 0);
    }
}

#[test]
fn the_sample_answers_lead_where_they_say() {
    let location = answer("debit v3");
    let location = location.as_str().unwrap();
    let host = "https://mercury-uat.phonepe.com";
    let started = debit::read_v3(302, Some(location), b"Found.", host);
    assert_eq!(
        started,
        Ok(open(OpeningKind::Web, &format!("{host}{location}")))
    );

    let v4 = answer("debit v4");
    let started = debit::read_v4(v4.to_string().as_bytes(), host);
    let link = v4["data"]["redirectURL"].as_str().unwrap();
    assert_eq!(started, Ok(open(OpeningKind::Web, link)));

    for (name, sample, kind, scheme) in [
        (
            "auth intent, Android",
            "intent, Android, TRANSACTION",
            OpeningKind::Intent,
            "upi",
        ),
        (
            "auth intent, iOS",
            "intent, iOS, TRANSACTION",
            OpeningKind::Intent,
            "ppe",
        ),
        ("auth QR", "QR, TRANSACTION", OpeningKind::Qr, "upi"),
    ] {
        let body = answer(name);
        let started = samples::auth(sample).read(body.to_string().as_bytes(), host);
        let link = body["data"]["redirectUrl"].as_str().unwrap();
        assert!(link.starts_with(&format!("{scheme}://mandate?")), "{link}");
        assert_eq!(started, Ok(open(kind, link)), "{name}");
    }
    let body = answer("auth collect").to_string();
    let started = samples::auth("collect, TRANSACTION").read(body.as_bytes(), host);
    assert_eq!(started, Ok(Started::Asked));

    // The document's sample answer repeats another id and amount than its sample request.
    let mut body = answer("request payment");
    let read = |body: &Value| samples::collect().read(body.to_string().as_bytes());
    assert_eq!(read(&body), Ok(Started::Differs("transactionId")));
    body["data"]["transactionId"] = json!("TX123456789");
    assert_eq!(read(&body), Ok(Started::Differs("amount")));
    body["data"]["amount"] = json!(100);
    assert_eq!(read(&body), Ok(Started::Asked));
}

fn open(kind: OpeningKind, link: &str) -> Started {
    let link = link.to_owned();
    Started::Open(Opening { kind, link })
}

#[test]
fn the_sample_callbacks_say_what_became_of_the_subscription() {
    let salts = samples::account("").salts;
    for (sample, outcome, amount, utr) in [
        (
            "ACTIVE, TRANSACTION",
            Outcome::Paid,
            Some(39_900),
            Some("816626521616"),
        ),
        ("ACTIVE, PENNY_DROP", Outcome::Paid, None, None),
        // `success: true` and `SUCCESS` stand in these two as well.
        (
            "FAILED, TRANSACTION",
            Outcome::Failed("AUTHORIZATION_FAILED".to_owned()),
            Some(39_900),
            Some("816626521616"),
        ),
        (
            "FAILED, PENNY_DROP",
            Outcome::Failed("FAILED".to_owned()),
            None,
            None,
        ),
    ] {
        let callbacks = callbacks();
        let mut list = callbacks.as_array().unwrap().iter();
        let vector = list.find(|it| it["name"] == sample).unwrap();
        let base64 = vector["base64"].as_str().unwrap();
        let decoded = String::from_utf8(decode(base64).unwrap()).unwrap();
        assert_eq!(read(&decoded), vector["payload"], "{sample}");

        let body = json!({ "response": base64 }).to_string();
        let take = || Callback::take(body.as_bytes()).unwrap();
        assert!(take().prove(&salts, "0###1").is_err());
        let proven = take().prove(&salts, &salts.sign_callback(base64)).unwrap();
        let report = proven.report().unwrap();
        assert_eq!(report.outcome, outcome, "{sample}");
        assert_eq!(report.amount_paise, amount, "{sample}");
        assert_eq!(report.utr.as_deref(), utr, "{sample}");
        let expected = Expected {
            merchant_id: "MID12345",
            id: "TX123456789",
            amount: amount.map(|paise| checkout_core::money::Paise::new(paise).unwrap()),
            subscription_id: Some("OMS2006110139450123456789"),
        };
        assert_eq!(report.agrees_with(&expected), Ok(()), "{sample}");
    }
}
