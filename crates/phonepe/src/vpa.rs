//! VPA verification: is there such a UPI id, and whose is it?
//!
//! `GET /v3/vpa/{merchantId}/{vpa}/validate`. Submit auth request by collect needs a UPI id that was
//! verified: [`VerifiedVpa`] comes from here and from nowhere else.
//!
//! Source: PhonePe, "Verify VPA"; the duty to call it: "Submit auth request", "Validate VPA".

use std::fmt;

use checkout_core::vpa::Vpa;
use serde::Deserialize;

use crate::answer::{Answer, Code, Unreadable};
use crate::call::{Account, Call, Method};

/// The request. A [`Vpa`] holds nothing that a path must escape.
pub fn call(account: &Account, vpa: &Vpa) -> Call {
    let path = format!("/v3/vpa/{}/{}/validate", account.merchant_id, vpa.as_str());
    Call::bare(account, Method::Get, path)
}

/// A UPI id that PhonePe knows.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedVpa(String);

impl VerifiedVpa {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for VerifiedVpa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifiedVpa(***)")
    }
}

/// What the verification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The UPI id exists.
    Known(VerifiedVpa),
    /// It does not.
    NoSuchVpa,
    /// Nobody knows; it may be asked again.
    Unsure(Code),
}

#[derive(Deserialize)]
struct Data {
    exists: Option<bool>,
    vpa: Option<String>,
}

/// Reads the answer. An answer about another UPI id verifies nothing.
///
/// # Errors
/// Where the answer is no JSON of PhonePe's.
pub fn read(body: &[u8], asked: &Vpa) -> Result<Verdict, Unreadable> {
    let mut answer = Answer::read(body)?;
    let data = answer.data::<Data>()?;
    if let Some(vpa) = data.as_ref().and_then(|data| data.vpa.as_deref())
        && !vpa.eq_ignore_ascii_case(asked.as_str())
    {
        return Err(Unreadable("it is about another UPI id"));
    }
    Ok(match (answer.code, data.and_then(|data| data.exists)) {
        (Code::Success, Some(true)) => Verdict::Known(VerifiedVpa(asked.as_str().to_owned())),
        (Code::Success, Some(false)) | (Code::InvalidVpa, _) => Verdict::NoSuchVpa,
        (code, _) => Verdict::Unsure(code),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_verifies() {
        let asked = Vpa::parse("test-vpa@ybl").unwrap();
        for (body, verdict) in [
            (
                r#"{"success":true,"code":"SUCCESS","data":{"exists":true,"vpa":"test-vpa@YBL","name":"A"}}"#,
                Ok(Verdict::Known(VerifiedVpa("test-vpa@ybl".to_owned()))),
            ),
            (
                r#"{"code":"SUCCESS","data":{"exists":false}}"#,
                Ok(Verdict::NoSuchVpa),
            ),
            (
                r#"{"code":"INVALID_VPA","data":null}"#,
                Ok(Verdict::NoSuchVpa),
            ),
            (
                r#"{"code":"SUCCESS","data":{}}"#,
                Ok(Verdict::Unsure(Code::Success)),
            ),
            (
                r#"{"code":"INTERNAL_SERVER_ERROR"}"#,
                Ok(Verdict::Unsure(Code::InternalServerError)),
            ),
            (
                r#"{"code":"SUCCESS","data":{"exists":true,"vpa":"other@ybl"}}"#,
                Err(Unreadable("it is about another UPI id")),
            ),
        ] {
            assert_eq!(read(body.as_bytes(), &asked), verdict, "{body}");
        }
    }
}
