//! The JSON that the simulator answers and tells, in the documents' shapes.

use serde_json::{Value, json};

use super::{Kind, Payment, Response, State};
use crate::answer::Code;
use crate::autopay::AuthRequest;

/// An answer that is no success.
pub(super) fn no(status: u16, code: &Code) -> Response {
    let body = json!({"success": false, "code": code.as_str(), "message": "see code", "data": {}});
    respond(status, &body)
}

/// The HTTP status that goes with a code.
pub(super) fn http_status(code: &Code) -> u16 {
    match code {
        Code::AuthorizationFailed => 401,
        Code::InvalidTransactionId => 417,
        Code::InternalServerError => 500,
        Code::TransactionNotFound => 404,
        Code::PaymentPending | Code::Success => 200,
        _ => 400,
    }
}

fn respond(status: u16, body: &Value) -> Response {
    Response {
        status,
        location: None,
        body: body.to_string(),
    }
}

fn yes(data: Value) -> Response {
    respond(
        200,
        &json!({
            "success": true,
            "code": "SUCCESS",
            "message": "Your request has been successfully completed.",
            "data": data,
        }),
    )
}

/// Done, without more to say.
pub(super) fn taken() -> Response {
    yes(Value::Null)
}

/// Where the customer continues. `key` is `redirectURL` or `redirectUrl`.
pub(super) fn opening(kind: &str, key: &str, link: &str) -> Response {
    yes(json!({"redirectType": kind, key: link}))
}

/// A collect request was sent.
pub(super) fn collected(merchant_id: &str, payment: &Payment) -> Response {
    yes(json!({
        "transactionId": payment.id,
        "amount": payment.amount,
        "merchantId": merchant_id,
        "providerReferenceId": payment.provider_reference_id,
    }))
}

/// Whether a UPI id exists.
pub(super) fn vpa_answer(vpa: &str, exists: bool) -> Response {
    if exists {
        yes(json!({"exists": true, "vpa": vpa, "name": "Demo Customer"}))
    } else {
        no(400, &Code::InvalidVpa)
    }
}

/// A mandate to allow, as a link for an app or as a code.
pub(super) fn mandate(
    auth: &AuthRequest,
    payment: &Payment,
    payee: &str,
    ceiling_paise: u64,
) -> Response {
    let (id, reference) = (&payment.id, &payment.provider_reference_id);
    let amount = format!("{}.{:02}", ceiling_paise / 100, ceiling_paise % 100);
    if auth.is_qr() {
        let link = format!(
            "upi://mandate?mn=Autopay&ver=01&purpose=14&am={amount}&pa={payee}&cu=INR&mc=5399\
             &mg=ONLINE&pn=Demo%20Shop&Rev=Y&Mode=24&Amrule=MAX&txnType=CREATE\
             &Validitystart=17012026&Validityend=17012036&qrMedium=00&Block=N&Share=Y&Tr={id}\
             &Recur=MONTHLY&orgid=500044&sign=c2ltdWxhdGVk"
        );
        return opening("QR", "redirectUrl", &link);
    }
    let scheme = match auth.target_app() {
        Some("PHONEPE") => "ppe",
        _ => "upi",
    };
    let link = format!(
        "{scheme}://mandate?pn=Demo%20Shop&pa={payee}&tid=YBL{id}&tr={reference}&am={amount}\
         &mam={amount}&cu=INR&mc=5399&tn=Payment%20for%20{id}&utm_campaign=SUBSCRIBE_AUTH"
    );
    opening("INTENT", "redirectUrl", &link)
}

/// The answer to a status check.
pub(super) fn told(merchant_id: &str, payment: &Payment) -> Response {
    respond(200, &content(merchant_id, payment))
}

/// A callback's content.
pub(super) fn callback(merchant_id: &str, payment: &Payment) -> Value {
    let mut content = content(merchant_id, payment);
    // Only the callback of a TRANSACTION names its type.
    if payment.kind == Kind::Auth
        && payment.amount.is_some()
        && let Some(data) = content.get_mut("data").and_then(Value::as_object_mut)
    {
        data.insert("callbackType".to_owned(), "AUTH".into());
    }
    content
}

fn content(merchant_id: &str, payment: &Payment) -> Value {
    if payment.kind == Kind::Auth {
        return auth_content(merchant_id, payment);
    }
    let (code, state, response) = match &payment.state {
        State::Pending => ("PAYMENT_PENDING", "PENDING", "PAYMENT_PENDING"),
        State::Paid => ("PAYMENT_SUCCESS", "COMPLETED", "SUCCESS"),
        State::Failed(code) => (code.as_str(), "FAILED", code.as_str()),
    };
    let mode = json!({"mode": "ACCOUNT", "amount": payment.amount, "utr": payment.utr});
    json!({
        "success": payment.state == State::Paid,
        "code": code,
        "message": "see code",
        "data": {
            "merchantId": merchant_id,
            "transactionId": payment.id,
            "providerReferenceId": payment.provider_reference_id,
            "amount": payment.amount,
            "paymentState": state,
            "payResponseCode": response,
            "paymentModes": if payment.state == State::Paid { json!([mode]) } else { json!([]) },
        },
    })
}

fn auth_content(merchant_id: &str, payment: &Payment) -> Value {
    let (state, subscription, response) = match &payment.state {
        State::Pending => ("PENDING", "CREATED", "PAYMENT_PENDING"),
        State::Paid => ("COMPLETED", "ACTIVE", "SUCCESS"),
        State::Failed(code) => ("FAILED", "FAILED", code.as_str()),
    };
    let mut data = json!({
        "merchantId": merchant_id,
        "authRequestId": payment.id,
        "subscriptionDetails": {"subscriptionId": payment.subscription_id, "state": subscription},
    });
    let has_money = payment.amount.is_some() && payment.state != State::Pending;
    if let (Some(data), true) = (data.as_object_mut(), has_money) {
        let details = json!({
            "providerReferenceId": payment.provider_reference_id,
            "amount": payment.amount,
            "state": state,
            "payResponseCode": response,
            "paymentModes": [{"mode": "ACCOUNT", "amount": payment.amount, "utr": payment.utr}],
        });
        data.insert("transactionDetails".to_owned(), details);
    }
    // As in the documents: the question was answered, whatever the subscription's fate.
    json!({"success": true, "code": "SUCCESS", "message": "see the states", "data": data})
}
