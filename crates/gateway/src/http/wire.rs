//! The shapes of the five calls, as the contract fixes them. Requests are read tolerantly, because
//! old pages and other people's pages call too: unknown fields are ignored, numbers may come where
//! texts are due, and what is optional may be absent, null or empty.

use checkout_core::money::Paise;
use phonepe::collect::PENDING_MESSAGE;
use serde::{Deserialize, Deserializer, Serialize};

use crate::order::{self, Flow, Status};

/// What each of the five calls sends; a call reads the fields that it needs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    /// The order's id.
    #[serde(default, deserialize_with = "tolerant_text")]
    pub(crate) id: String,
    /// What the customer did.
    #[serde(default, deserialize_with = "tolerant_text")]
    pub(crate) content: String,
    /// What the customer typed.
    #[serde(default, deserialize_with = "tolerant_text")]
    pub(crate) user_utr_no: String,
}

/// A text, a number as it was written, or nothing.
fn tolerant_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    use serde_json::Value;
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null => Ok(String::new()),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(serde::de::Error::custom("a text or a number is due"))
        }
    }
}

/// The envelope around every answer.
#[derive(Serialize)]
pub(crate) struct Envelope<M> {
    /// The answer's time, in milliseconds since 1970.
    pub(crate) time: i64,
    /// `0`, or an error code.
    pub(crate) status: &'static str,
    /// The error in words for a customer; empty where there is none.
    pub(crate) message: String,
    /// What was asked for; null where there is nothing.
    pub(crate) model: Option<M>,
}

/// The envelope of an answer that went well, around a model that is JSON already.
pub(crate) fn around(time: i64, model: &str) -> String {
    // Room for all of it, at once.
    let mut json = String::with_capacity(model.len().saturating_add(64));
    let time = time.to_string();
    for part in [
        "{\"time\":",
        &time,
        ",\"status\":\"0\",\"message\":\"\",\"model\":",
        model,
        "}",
    ] {
        json.push_str(part);
    }
    json
}

/// An order, as its customer sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    id: String,
    status: &'static str,
    amount: String,
    card_info: CardInfo,
    upi_id: String,
    deeplink: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    charged_now: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    success_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discount: Option<Discount>,
}

/// The payee.
#[derive(Serialize)]
struct CardInfo {
    name: String,
}

impl From<&order::Order> for Order {
    fn from(order: &order::Order) -> Self {
        let has_discount = matches!(order.discount, order::Discount::Off(_));
        Self {
            id: order.id.to_string(),
            status: order.status.as_str(),
            amount: order.amount.to_rupees(),
            card_info: CardInfo {
                name: order.payee_name.clone(),
            },
            upi_id: upi_id(order),
            deeplink: order.deeplink.clone(),
            qr_data: qr_data(&order.deeplink),
            charged_now: order.charged_now.map(Paise::to_rupees),
            payer: order.payer.clone(),
            success_url: order.success_url.clone(),
            expires_at: order.expires_at_ms,
            message: message(order),
            discount: has_discount.then(|| order.into()),
        }
    }
}

/// What a code holds where the link is for PhonePe's own app on iOS (`ppe:`): every app's camera takes
/// `upi:`, and the query's bytes are the same.
fn qr_data(deeplink: &str) -> Option<String> {
    let rest = deeplink.strip_prefix("ppe:")?;
    Some(format!("upi:{rest}"))
}

/// The payee's UPI id; empty where money that is sent there by hand would not be found.
fn upi_id(order: &order::Order) -> String {
    match order.flow {
        Flow::Upi | Flow::PhonepeAutopay => order.payee.as_str().to_owned(),
        Flow::PhonepeDebit | Flow::PhonepeCollect => String::new(),
    }
}

/// Why it failed; or, while somebody is asked in the app, PhonePe's own words about that.
fn message(order: &order::Order) -> Option<String> {
    match order.status {
        Status::Failed => order.reason.clone(),
        Status::Pending if order.payer.is_some() => Some(PENDING_MESSAGE.to_owned()),
        Status::Pending | Status::Success | Status::Expired => None,
    }
}

/// What the customer pays instead of the order's amount.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Discount {
    id: String,
    status: &'static str,
    amount: String,
    user_pay_amount: String,
    discount_amount: String,
}

impl From<&order::Order> for Discount {
    fn from(order: &order::Order) -> Self {
        Self {
            id: order.id.to_string(),
            status: order.status.as_str(),
            amount: order.amount.to_rupees(),
            user_pay_amount: order.payable().to_rupees(),
            discount_amount: discount_text(order.discount),
        }
    }
}

/// The discount in rupees; `0.00` for none.
pub(crate) fn discount_text(discount: order::Discount) -> String {
    match discount {
        order::Discount::Off(off) => Paise::to_rupees(off),
        order::Discount::NotAsked | order::Discount::NoneLeft => "0.00".to_owned(),
    }
}

/// The answer to a claimed UTR.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UtrAnswer {
    id: String,
    status: &'static str,
    amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    success_url: Option<String>,
}

impl From<&order::Order> for UtrAnswer {
    fn from(order: &order::Order) -> Self {
        Self {
            id: order.id.to_string(),
            status: order.status.as_str(),
            amount: order.amount.to_rupees(),
            success_url: order.success_url.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_the_same_around_what_was_written_before() {
        let envelope = super::super::calls::success(1_800_000_000_000, [1, 2]);
        let whole = serde_json::to_string(&envelope).unwrap();
        assert_eq!(around(1_800_000_000_000, "[1,2]"), whole);
    }
}
