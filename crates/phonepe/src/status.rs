//! The status check: what became of a payment, or of an auth request?
//!
//! `GET /v3/transaction/{merchantId}/{transactionId}/status` for debit and collect,
//! `GET /v3/recurring/auth/status/{merchantId}/{authRequestId}` for autopay. Both are read into a
//! [`Report`].
//!
//! Source: PhonePe, "Check transaction status" and "Auth request status".

use crate::answer::Unreadable;
use crate::call::{Account, Call, Method};
use crate::limits::{self, FieldError};
use crate::report::Report;

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A debit or a collect request.
    Payment,
    /// A submit auth request.
    Auth,
}

/// The request.
///
/// # Errors
/// Where the id is none.
pub fn call(account: &Account, subject: Subject, id: &str) -> Result<Call, FieldError> {
    let merchant_id = &account.merchant_id;
    let path = match subject {
        Subject::Payment => {
            limits::id("transactionId", id, limits::TRANSACTION_ID_MAX)?;
            format!("/v3/transaction/{merchant_id}/{id}/status")
        }
        Subject::Auth => {
            limits::alphanumeric("authRequestId", id, limits::AUTH_REQUEST_ID_MAX)?;
            format!("/v3/recurring/auth/status/{merchant_id}/{id}")
        }
    };
    Ok(Call::bare(account, Method::Get, path))
}

/// Reads the answer.
///
/// # Errors
/// Where the answer is no JSON of PhonePe's.
pub fn read(body: &[u8]) -> Result<Report, Unreadable> {
    Report::read(body)
}
