//! Debit: the customer continues on a page of PhonePe's (or in its app) and pays there.
//!
//! `POST /v3/debit` answers 302 with a `Location` that goes behind PhonePe's host; redirects must not
//! be followed. `POST /v4/debit` answers with `redirectType` and `redirectURL`, and takes the GST
//! parts and the invoice as well.
//!
//! Source: PhonePe, "Debit" (v3) and "Debit" (v4).

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Opening, Started, Unreadable};
use crate::call::{Account, Call, CallError, WayBack};
use crate::gst::{GstBreakup, InvoiceDetails};
use crate::limits::{self, Checked, Rule, broken, maybe};

/// Which of the two debits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Answers with a `Location`.
    V3,
    /// Answers with JSON; knows GST and invoices.
    V4,
}

impl Version {
    /// Its path, which is signed too.
    pub fn path(self) -> &'static str {
        match self {
            Version::V3 => "/v3/debit",
            Version::V4 => "/v4/debit",
        }
    }
}

/// A debit's payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Debit {
    /// The merchant's id at PhonePe.
    pub merchant_id: String,
    /// The merchant's id of this payment; never used twice.
    pub transaction_id: String,
    /// The merchant's id of the customer, who is then logged in at once. No mail address, no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_user_id: Option<String>,
    /// The token of the OTP flow, which logs the customer in at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_auth_token: Option<String>,
    /// How much, in paise.
    pub amount: u64,
    /// The merchant's id of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_order_id: Option<String>,
    /// The customer's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile_number: Option<String>,
    /// Shown to the customer after paying.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Tells several merchants under one id apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_merchant_id: Option<String>,
    /// The customer's mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The customer's name, filled in for a registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// v4 only: the parts of the tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gst_breakup: Option<GstBreakup>,
    /// v4 only: the invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_details: Option<InvoiceDetails>,
}

impl Debit {
    /// A debit with what it must have.
    pub fn new(
        merchant_id: impl Into<String>,
        transaction_id: impl Into<String>,
        amount_paise: u64,
    ) -> Self {
        Self {
            merchant_id: merchant_id.into(),
            transaction_id: transaction_id.into(),
            merchant_user_id: None,
            user_auth_token: None,
            amount: amount_paise,
            merchant_order_id: None,
            mobile_number: None,
            message: None,
            sub_merchant_id: None,
            email: None,
            short_name: None,
            gst_breakup: None,
            invoice_details: None,
        }
    }

    /// Whether PhonePe would take every field.
    ///
    /// # Errors
    /// The first field that it would not take.
    pub fn check(&self, version: Version) -> Checked {
        limits::id("merchantId", &self.merchant_id, limits::TRANSACTION_ID_MAX)?;
        limits::id(
            "transactionId",
            &self.transaction_id,
            limits::TRANSACTION_ID_MAX,
        )?;
        maybe(self.merchant_user_id.as_deref(), |id| {
            limits::id("merchantUserId", id, limits::USER_ID_MAX)
        })?;
        maybe(self.user_auth_token.as_deref(), |token| {
            limits::text("userAuthToken", token)
        })?;
        limits::amount("amount", self.amount)?;
        maybe(self.merchant_order_id.as_deref(), |id| {
            limits::id("merchantOrderId", id, limits::ORDER_ID_MAX)
        })?;
        maybe(self.mobile_number.as_deref(), |number| {
            limits::mobile("mobileNumber", number)
        })?;
        maybe(self.message.as_deref(), |text| {
            limits::text("message", text)
        })?;
        maybe(self.sub_merchant_id.as_deref(), |id| {
            limits::id("subMerchantId", id, limits::TRANSACTION_ID_MAX)
        })?;
        maybe(self.email.as_deref(), |text| limits::email("email", text))?;
        maybe(self.short_name.as_deref(), |text| {
            limits::text("shortName", text)
        })?;
        self.check_tax(version)
    }

    fn check_tax(&self, version: Version) -> Checked {
        let why = Rule::NotHere("only debit v4 knows it");
        if version == Version::V3 && self.gst_breakup.is_some() {
            return broken("gstBreakup", why);
        }
        if version == Version::V3 && self.invoice_details.is_some() {
            return broken("invoiceDetails", why);
        }
        maybe(self.gst_breakup.as_ref(), GstBreakup::check)?;
        maybe(self.invoice_details.as_ref(), InvoiceDetails::check)
    }

    /// The request.
    ///
    /// # Errors
    /// The field that PhonePe would not take.
    pub fn call(
        &self,
        version: Version,
        account: &Account,
        back: &WayBack,
    ) -> Result<Call, CallError> {
        self.check(version)?;
        Call::post(account, version.path(), self, back)
    }
}

/// Reads the answer to a debit v3.
///
/// `page_url` is PhonePe's host for customers, like `https://mercury-uat.phonepe.com`.
///
/// # Errors
/// Where the answer is no JSON of PhonePe's, or its `Location` leads to another host.
pub fn read_v3(
    http_status: u16,
    location: Option<&str>,
    body: &[u8],
    page_url: &str,
) -> Result<Started, Unreadable> {
    if http_status == 302 {
        let location = location.ok_or(Unreadable("302 without a Location"))?;
        return Ok(Started::Open(Opening::web(absolute(location, page_url)?)));
    }
    Ok(match Answer::read(body)? {
        // A success without a place to go to: it is there, but nobody knows where.
        answer if answer.code.is_success() => Started::Unsure(answer.code),
        answer => Started::refusal(answer.code),
    })
}

/// The location behind the host. An absolute one must be on that host; nothing may lead elsewhere.
fn absolute(location: &str, page_url: &str) -> Result<String, Unreadable> {
    let host = page_url.trim_end_matches('/');
    let is_plain = location.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let path = location.strip_prefix(host).unwrap_or(location);
    if is_plain && path.starts_with('/') && !path.starts_with("//") {
        Ok(format!("{host}{path}"))
    } else {
        Err(Unreadable("a Location on another host"))
    }
}

/// Reads the answer to a debit v4.
///
/// # Errors
/// Where the answer is no JSON of PhonePe's, or leads to where no payment is made.
pub fn read_v4(body: &[u8], page_url: &str) -> Result<Started, Unreadable> {
    crate::answer::read_opening(body, page_url)
}
