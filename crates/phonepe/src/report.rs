//! What a status answer or a callback says about one payment.
//!
//! The word in `code` is not enough. For autopay it only says that the question was answered: a
//! callback with `success: true` and `SUCCESS` tells of a failed subscription just as well, and the
//! truth is in `transactionDetails.state` and `subscriptionDetails.state`. A report is believed only
//! after [`Report::agrees_with`] has compared its ids and its amount with what was asked for.

use std::fmt;

use checkout_core::money::Paise;
use serde::Deserialize;

use crate::answer::{Answer, Code, Unreadable};

/// What became of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The money was taken; for PENNY_DROP: the subscription is active.
    Paid,
    /// It was not, and will not be. Why, in PhonePe's word.
    Failed(String),
    /// It is under way.
    Pending,
    /// PhonePe has no such payment.
    NotFound,
    /// Nothing follows from this answer.
    Unsure(Code),
}

/// One payment, as PhonePe tells of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    /// The merchant's id at PhonePe.
    pub merchant_id: Option<String>,
    /// `transactionId` or `authRequestId`.
    pub id: Option<String>,
    /// How much, in paise; absent for PENNY_DROP.
    pub amount_paise: Option<u64>,
    /// PhonePe's id of the subscription, for autopay.
    pub subscription_id: Option<String>,
    /// PhonePe's id of the payment.
    pub provider_reference_id: Option<String>,
    /// The bank's reference, where it is told.
    pub utr: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// Holds ids and UTRs: only the outcome is printed.
impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Report({:?})", self.outcome)
    }
}

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The merchant's id at PhonePe.
    pub merchant_id: &'a str,
    /// `transactionId` or `authRequestId`.
    pub id: &'a str,
    /// The amount; `None` for PENNY_DROP, which has none.
    pub amount: Option<Paise>,
    /// PhonePe's id of the subscription, for autopay.
    pub subscription_id: Option<&'a str>,
}

/// A report is about something else: this field differs or is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch(pub &'static str);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhonePe tells of another {}", self.0)
    }
}

impl std::error::Error for Mismatch {}

impl Report {
    /// Reads a status answer, or a callback's content.
    ///
    /// # Errors
    /// Where it is no JSON of PhonePe's.
    pub fn read(json: &[u8]) -> Result<Self, Unreadable> {
        let mut answer = Answer::read(json)?;
        let data = answer.data::<Data>()?.unwrap_or_default();
        let outcome = if data.auth_request_id.is_some() {
            data.auth_outcome(answer.code)
        } else {
            data.payment_outcome(answer.code)
        };
        let (transaction, subscription) = (data.transaction_details, data.subscription_details);
        let own_reference = data.provider_reference_id;
        let modes = transaction
            .iter()
            .flat_map(|it| &it.payment_modes)
            .chain(&data.payment_modes)
            .flatten();
        let utr = modes
            .chain(&data.payment_instrument)
            .find_map(|mode| mode.utr.clone());
        Ok(Self {
            merchant_id: data.merchant_id,
            id: data.auth_request_id.or(data.transaction_id),
            amount_paise: transaction
                .as_ref()
                .and_then(|it| it.amount)
                .or(data.amount),
            subscription_id: subscription.and_then(|it| it.subscription_id),
            provider_reference_id: transaction
                .and_then(|it| it.provider_reference_id)
                .or(own_reference),
            utr,
            outcome,
        })
    }

    /// Whether the report is about what was asked for. Only then may it move an order.
    ///
    /// # Errors
    /// The first field that is missing or differs. An amount is compared where there is one to
    /// compare; a payment that was made must name it.
    pub fn agrees_with(&self, expected: &Expected<'_>) -> Result<(), Mismatch> {
        if self.merchant_id.as_deref() != Some(expected.merchant_id) {
            return Err(Mismatch("merchantId"));
        }
        if self.id.as_deref() != Some(expected.id) {
            return Err(Mismatch("transactionId"));
        }
        if expected.subscription_id.is_some()
            && self.subscription_id.as_deref() != expected.subscription_id
        {
            return Err(Mismatch("subscriptionId"));
        }
        let due = expected.amount.map(Paise::get);
        match (self.amount_paise, due) {
            (Some(told), Some(due)) if told != due => Err(Mismatch("amount")),
            (None, Some(_)) if self.outcome == Outcome::Paid => Err(Mismatch("amount")),
            _ => Ok(()),
        }
    }
}

/// `data` of a status answer or a callback; everything may be absent.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data {
    callback_type: Option<String>,
    merchant_id: Option<String>,
    transaction_id: Option<String>,
    auth_request_id: Option<String>,
    amount: Option<u64>,
    provider_reference_id: Option<String>,
    payment_state: Option<String>,
    pay_response_code: Option<String>,
    payment_modes: Option<Vec<Mode>>,
    payment_instrument: Option<Mode>,
    transaction_details: Option<Transaction>,
    subscription_details: Option<Subscription>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Transaction {
    provider_reference_id: Option<String>,
    amount: Option<u64>,
    state: Option<String>,
    pay_response_code: Option<String>,
    payment_modes: Option<Vec<Mode>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mode {
    utr: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subscription {
    subscription_id: Option<String>,
    state: Option<String>,
}

impl Data {
    fn payment_outcome(&self, code: Code) -> Outcome {
        let is_contradicted = |good: &str| {
            let state = self.payment_state.as_deref();
            state.is_some_and(|state| state != good)
        };
        match code {
            Code::PaymentSuccess if is_contradicted("COMPLETED") => Outcome::Unsure(code),
            Code::PaymentSuccess => Outcome::Paid,
            Code::PaymentError
            | Code::PaymentDeclined
            | Code::PaymentCancelled
            | Code::TimedOut
                if is_contradicted("FAILED") =>
            {
                Outcome::Unsure(code)
            }
            Code::PaymentError
            | Code::PaymentDeclined
            | Code::PaymentCancelled
            | Code::TimedOut => {
                let why = self.pay_response_code.clone();
                Outcome::Failed(why.unwrap_or_else(|| code.to_string()))
            }
            Code::PaymentPending => Outcome::Pending,
            Code::TransactionNotFound => Outcome::NotFound,
            code => Outcome::Unsure(code),
        }
    }

    fn auth_outcome(&self, code: Code) -> Outcome {
        match &self.callback_type {
            Some(kind) if kind != "AUTH" => return Outcome::Unsure(Code::Unknown(kind.clone())),
            _ => (),
        }
        match code {
            Code::Success => (),
            Code::PaymentPending => return Outcome::Pending,
            Code::TransactionNotFound => return Outcome::NotFound,
            code => return Outcome::Unsure(code),
        }
        let transaction = self.transaction_details.as_ref();
        let paid = transaction.and_then(|it| it.state.as_deref());
        let subscription = self.subscription_details.as_ref();
        let allowed = subscription.and_then(|it| it.state.as_deref());
        match (paid, allowed) {
            (Some("COMPLETED") | None, Some("ACTIVE")) => Outcome::Paid,
            // Money was taken: whatever the subscription says, this is no failure.
            (Some("COMPLETED"), _) => Outcome::Pending,
            (Some("FAILED"), Some("FAILED" | "CREATED") | None)
            | (None | Some("PENDING"), Some("FAILED" | "EXPIRED" | "CANCELLED" | "REVOKED")) => {
                let why = transaction.and_then(|it| it.pay_response_code.clone());
                Outcome::Failed(why.or(allowed.map(str::to_owned)).unwrap_or_default())
            }
            (_, None) => Outcome::Unsure(code),
            _ => Outcome::Pending,
        }
    }
}
