//! A request that is ready to be sent, and what every request shares.
//!
//! A POST's body is `{"request": base64 of the JSON payload}`; the checksum goes over that base64 text
//! and the path. Only checked payloads become calls.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::limits::{self, Checked, FieldError};
use crate::salt::{Salts, X_VERIFY};

/// Where the customer's browser returns to.
pub const X_REDIRECT_URL: &str = "X-REDIRECT-URL";
/// How the browser returns: `GET` or `POST`.
pub const X_REDIRECT_MODE: &str = "X-REDIRECT-MODE";
/// Where PhonePe's server tells the outcome.
pub const X_CALLBACK_URL: &str = "X-CALLBACK-URL";
/// How PhonePe's server tells it: `POST`.
pub const X_CALL_MODE: &str = "X-CALL-MODE";
/// For merchants with several merchant ids.
pub const X_PROVIDER_ID: &str = "X-PROVIDER-ID";

/// A merchant at PhonePe.
#[derive(Clone, Debug)]
pub struct Account {
    /// The merchant's id at PhonePe.
    pub merchant_id: String,
    /// Its keys.
    pub salts: Salts,
    /// For merchants with several merchant ids.
    pub provider_id: Option<String>,
}

/// The HTTP method of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Without a body.
    Get,
    /// With or without a body.
    Post,
}

/// A request, ready to be sent. Redirects must not be followed: debit v3 answers with one.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The path behind PhonePe's base address, as it was signed.
    pub path: String,
    /// Names and values, without those of the connection.
    pub headers: Vec<(&'static str, String)>,
    /// The JSON.
    pub body: Option<String>,
}

/// Holds personal data in its path, headers and body: only the method is printed.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({:?} ***)", self.method)
    }
}

/// Why there is no call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallError {
    /// PhonePe would not take a field.
    Field(FieldError),
    /// The payload is no JSON; it cannot be.
    Encoding,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(error) => error.fmt(f),
            Self::Encoding => f.write_str("the payload cannot be written"),
        }
    }
}

impl std::error::Error for CallError {}

impl From<FieldError> for CallError {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

/// Where PhonePe leads the customer and where it tells the outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack {
    /// Where the browser returns to, by GET; only debit has one.
    pub redirect_url: Option<String>,
    /// Where the outcome is told, by POST.
    pub callback_url: String,
}

impl WayBack {
    fn headers(&self) -> Result<Vec<(&'static str, String)>, FieldError> {
        let mut headers = Vec::new();
        if let Some(url) = &self.redirect_url {
            address(X_REDIRECT_URL, url)?;
            headers.push((X_REDIRECT_URL, url.clone()));
            headers.push((X_REDIRECT_MODE, "GET".to_owned()));
        }
        address(X_CALLBACK_URL, &self.callback_url)?;
        headers.push((X_CALLBACK_URL, self.callback_url.clone()));
        headers.push((X_CALL_MODE, "POST".to_owned()));
        Ok(headers)
    }
}

fn address(field: &'static str, url: &str) -> Checked {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if is_web && url.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(())
    } else {
        limits::broken(field, limits::Rule::BadShape("a web address"))
    }
}

impl Call {
    /// A POST of a payload that was checked.
    pub(crate) fn post(
        account: &Account,
        path: &str,
        payload: &impl Serialize,
        back: &WayBack,
    ) -> Result<Self, CallError> {
        let base64 = encode(payload)?;
        let mut headers = vec![
            ("Content-Type", "application/json".to_owned()),
            (X_VERIFY, account.salts.sign_payload(&base64, path)),
        ];
        headers.extend(back.headers()?);
        headers.extend(provider(account));
        Ok(Self {
            method: Method::Post,
            path: path.to_owned(),
            headers,
            body: Some(envelope(&base64)),
        })
    }

    /// A request without a payload.
    pub(crate) fn bare(account: &Account, method: Method, path: String) -> Self {
        let mut headers = vec![
            ("Content-Type", "application/json".to_owned()),
            (X_VERIFY, account.salts.sign_path(&path)),
        ];
        headers.extend(provider(account));
        Self {
            method,
            path,
            headers,
            body: None,
        }
    }
}

fn provider(account: &Account) -> Option<(&'static str, String)> {
    let id = account.provider_id.clone()?;
    Some((X_PROVIDER_ID, id))
}

fn envelope(base64: &str) -> String {
    // Base64 needs no escaping.
    format!("{{\"request\":\"{base64}\"}}")
}

/// The base64 text of a payload.
///
/// # Errors
/// [`CallError::Encoding`], which no payload of ours meets.
pub fn encode(payload: &impl Serialize) -> Result<String, CallError> {
    let json = serde_json::to_vec(payload).map_err(|_| CallError::Encoding)?;
    Ok(STANDARD.encode(json))
}

/// The bytes of a base64 text; `None`: it is none.
pub fn decode(base64: &str) -> Option<Vec<u8>> {
    STANDARD.decode(base64.trim()).ok()
}
