//! Request payment: the customer is asked in the UPI app, by mobile number or by UPI id.
//!
//! `POST /v3/charge`. It always ends within `expiresIn` seconds; without it, only after 30 days. The
//! callback tells of success and failure only: while it is pending, the status must be asked for.
//! `POST /v3/charge/{merchantId}/{transactionId}/cancel` calls it off.
//!
//! Source: PhonePe, "Request payment" and "Cancel payment request".

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Code, Started, Unreadable};
use crate::call::{Account, Call, CallError, Method, WayBack};
use crate::limits::{self, Checked, FieldError, Rule, broken, maybe};

/// Its path, which is signed too.
pub const PATH: &str = "/v3/charge";

/// What the customer is told while it is pending.
///
/// Source: "Request payment", note.
pub const PENDING_MESSAGE: &str = "Payment is in progress, please wait for sometime.";

/// How the customer is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum InstrumentType {
    /// By the ten digits of a mobile number.
    Mobile,
    /// By UPI id.
    Vpa,
}

/// A collect request's payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Collect {
    /// The merchant's id at PhonePe.
    pub merchant_id: String,
    /// The merchant's id of this payment; never used twice.
    pub transaction_id: String,
    /// The merchant's id of the order.
    pub merchant_order_id: String,
    /// How much, in paise.
    pub amount: u64,
    /// How the customer is named.
    pub instrument_type: InstrumentType,
    /// The customer's mobile number or UPI id.
    pub instrument_reference: String,
    /// Shown to the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The customer's mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// How long it waits, in seconds. Without it: 30 days, so we always send it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u32>,
    /// The customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// A sub-category of the merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_merchant: Option<String>,
    /// The store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_id: Option<String>,
    /// The terminal, unique in its store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminal_id: Option<String>,
}

impl Collect {
    /// Whether PhonePe would take every field.
    ///
    /// # Errors
    /// The first field that it would not take.
    pub fn check(&self) -> Checked {
        limits::id("merchantId", &self.merchant_id, limits::TRANSACTION_ID_MAX)?;
        limits::id(
            "transactionId",
            &self.transaction_id,
            limits::TRANSACTION_ID_MAX,
        )?;
        limits::id(
            "merchantOrderId",
            &self.merchant_order_id,
            limits::ORDER_ID_MAX,
        )?;
        limits::amount("amount", self.amount)?;
        match self.instrument_type {
            InstrumentType::Mobile => {
                limits::mobile("instrumentReference", &self.instrument_reference)?;
            }
            InstrumentType::Vpa => limits::vpa("instrumentReference", &self.instrument_reference)?,
        }
        maybe(self.message.as_deref(), |text| {
            limits::text("message", text)
        })?;
        maybe(self.email.as_deref(), |text| limits::email("email", text))?;
        match self.expires_in {
            Some(0) => broken("expiresIn", Rule::Zero)?,
            Some(seconds) if seconds > limits::EXPIRES_IN_MAX_S => {
                broken("expiresIn", Rule::TooLarge)?;
            }
            Some(_) | None => (),
        }
        maybe(self.short_name.as_deref(), |text| {
            limits::text("shortName", text)
        })?;
        maybe(self.sub_merchant.as_deref(), |text| {
            limits::text("subMerchant", text)
        })?;
        maybe(self.store_id.as_deref(), |id| {
            limits::id("storeId", id, limits::STORE_ID_MAX)
        })?;
        maybe(self.terminal_id.as_deref(), |id| {
            limits::id("terminalId", id, limits::STORE_ID_MAX)
        })
    }

    /// The request.
    ///
    /// # Errors
    /// The field that PhonePe would not take.
    pub fn call(&self, account: &Account, back: &WayBack) -> Result<Call, CallError> {
        self.check()?;
        Call::post(account, PATH, self, back)
    }

    /// Reads the answer. What it repeats must be what was asked for.
    ///
    /// # Errors
    /// Where the answer is no JSON of PhonePe's.
    pub fn read(&self, body: &[u8]) -> Result<Started, Unreadable> {
        let mut answer = Answer::read(body)?;
        if !answer.code.is_success() {
            return Ok(Started::refusal(answer.code));
        }
        let Some(sent) = answer.data::<Sent>()? else {
            return Ok(Started::Asked);
        };
        Ok(match self.difference(&sent) {
            Some(field) => Started::Differs(field),
            None => Started::Asked,
        })
    }

    fn difference(&self, sent: &Sent) -> Option<&'static str> {
        let differs = |own: &str, sent: &Option<String>| sent.as_ref().is_some_and(|it| it != own);
        if differs(&self.transaction_id, &sent.transaction_id) {
            return Some("transactionId");
        }
        if differs(&self.merchant_id, &sent.merchant_id) {
            return Some("merchantId");
        }
        let amount = sent.amount.filter(|amount| *amount != self.amount);
        amount.map(|_| "amount")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    transaction_id: Option<String>,
    merchant_id: Option<String>,
    amount: Option<u64>,
}

/// The request that calls a collect request off.
///
/// # Errors
/// Where an id is none.
pub fn cancel(account: &Account, transaction_id: &str) -> Result<Call, FieldError> {
    limits::id("transactionId", transaction_id, limits::TRANSACTION_ID_MAX)?;
    let merchant_id = &account.merchant_id;
    let path = format!("{PATH}/{merchant_id}/{transaction_id}/cancel");
    Ok(Call::bare(account, Method::Post, path))
}

/// What became of calling off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// It is off.
    Done,
    /// The customer was quicker: ask for the status.
    PaidAlready,
    /// There is no such request.
    NoSuchRequest,
    /// Nobody knows: ask for the status.
    Unsure(Code),
}

/// Reads the answer to [`cancel`].
///
/// # Errors
/// Where the answer is no JSON of PhonePe's.
pub fn read_cancel(body: &[u8]) -> Result<Cancelled, Unreadable> {
    Ok(match Answer::read(body)?.code {
        Code::Success => Cancelled::Done,
        Code::PaymentAlreadyCompleted => Cancelled::PaidAlready,
        Code::InvalidTransactionId => Cancelled::NoSuchRequest,
        code => Cancelled::Unsure(code),
    })
}
