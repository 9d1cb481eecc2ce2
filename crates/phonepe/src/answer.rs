//! What PhonePe answers: the envelope `{success, code, message, data}` and its codes.
//!
//! Readers ignore what they do not know. `INTERNAL_SERVER_ERROR`, a pending payment and a code that
//! nobody knows are never failures: they mean "ask for the status".

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What happened, in PhonePe's words. New words arrive without notice, so they are kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Code {
    /// The request was taken.
    Success,
    /// The payment was made.
    PaymentSuccess,
    /// The payment is under way.
    PaymentPending,
    /// The payment went wrong.
    PaymentError,
    /// The customer said no.
    PaymentDeclined,
    /// The customer went away.
    PaymentCancelled,
    /// The customer took too long.
    TimedOut,
    /// There is no such payment.
    TransactionNotFound,
    /// The id was used before; for a cancel: there is none.
    InvalidTransactionId,
    /// The payment was made before it could be called off.
    PaymentAlreadyCompleted,
    /// Something went wrong at PhonePe; the payment may have worked.
    InternalServerError,
    /// A field is wrong or missing.
    BadRequest,
    /// The checksum is wrong.
    AuthorizationFailed,
    /// The customer's token is wrong.
    InvalidUserAuthToken,
    /// There is no such subscription.
    SubscriptionNotFound,
    /// The subscription's time to be allowed is over.
    SubscriptionExpired,
    /// The subscription stands where it cannot be allowed.
    InvalidSubscriptionState,
    /// There is no such UPI id.
    InvalidVpa,
    /// A word that is not in the documents.
    Unknown(String),
}

/// The words, for reading and for writing.
const WORDS: [(&str, Code); 18] = [
    ("SUCCESS", Code::Success),
    ("PAYMENT_SUCCESS", Code::PaymentSuccess),
    ("PAYMENT_PENDING", Code::PaymentPending),
    ("PAYMENT_ERROR", Code::PaymentError),
    ("PAYMENT_DECLINED", Code::PaymentDeclined),
    ("PAYMENT_CANCELLED", Code::PaymentCancelled),
    ("TIMED_OUT", Code::TimedOut),
    ("TRANSACTION_NOT_FOUND", Code::TransactionNotFound),
    ("INVALID_TRANSACTION_ID", Code::InvalidTransactionId),
    ("PAYMENT_ALREADY_COMPLETED", Code::PaymentAlreadyCompleted),
    ("INTERNAL_SERVER_ERROR", Code::InternalServerError),
    ("BAD_REQUEST", Code::BadRequest),
    ("AUTHORIZATION_FAILED", Code::AuthorizationFailed),
    ("INVALID_USER_AUTH_TOKEN", Code::InvalidUserAuthToken),
    ("SUBSCRIPTION_NOT_FOUND", Code::SubscriptionNotFound),
    ("SUBSCRIPTION_EXPIRED", Code::SubscriptionExpired),
    ("INVALID_SUBSCRIPTION_STATE", Code::InvalidSubscriptionState),
    ("INVALID_VPA", Code::InvalidVpa),
];

impl Code {
    /// PhonePe's word.
    pub fn as_str(&self) -> &str {
        match self {
            Code::Unknown(word) => word,
            known => WORDS
                .iter()
                .find(|(_, code)| code == known)
                .map_or("", |(word, _)| word),
        }
    }

    /// Whether a request was taken. That says nothing about money.
    pub fn is_success(&self) -> bool {
        *self == Code::Success
    }
}

impl From<String> for Code {
    fn from(word: String) -> Self {
        match WORDS.iter().find(|(known, _)| *known == word) {
            Some((_, code)) => code.clone(),
            None => Code::Unknown(word),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An answer that is not PhonePe's: what is wrong with it. Nothing follows from it, neither success
/// nor failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable(pub &'static str);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhonePe's answer cannot be used: {}", self.0)
    }
}

impl std::error::Error for Unreadable {}

/// The envelope. `data` is read only where the code says what it holds: beside an error it may be
/// empty, or anything.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) code: Code,
    data: Option<Value>,
}

impl Answer {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Unreadable> {
        serde_json::from_slice(body).map_err(|_| Unreadable("it is not the JSON that is due"))
    }

    /// What it holds; `None`: nothing.
    pub(crate) fn data<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Unreadable> {
        self.data
            .take()
            .map(serde_json::from_value)
            .transpose()
            .map_err(|_| Unreadable("its data is not what is due"))
    }
}

/// What became of asking for a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    /// The customer continues there.
    Open(Opening),
    /// The customer was asked in the app.
    Asked,
    /// The id was used before: an earlier call of ours has arrived.
    Duplicate,
    /// PhonePe did not take the request, and no payment came of it.
    Refused(Code),
    /// The answer is about something else than what was asked for: this field differs.
    Differs(&'static str),
    /// Nobody knows: ask for the status.
    Unsure(Code),
}

impl Started {
    /// What a code other than success means.
    pub(crate) fn refusal(code: Code) -> Self {
        match code {
            Code::InvalidTransactionId => Self::Duplicate,
            Code::BadRequest
            | Code::AuthorizationFailed
            | Code::InvalidUserAuthToken
            | Code::SubscriptionNotFound
            | Code::SubscriptionExpired
            | Code::InvalidSubscriptionState
            | Code::InvalidVpa => Self::Refused(code),
            Code::Success
            | Code::PaymentSuccess
            | Code::PaymentPending
            | Code::PaymentError
            | Code::PaymentDeclined
            | Code::PaymentCancelled
            | Code::TimedOut
            | Code::TransactionNotFound
            | Code::PaymentAlreadyCompleted
            | Code::InternalServerError
            | Code::Unknown(_) => Self::Unsure(code),
        }
    }
}

/// How the customer continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningKind {
    /// On a page.
    Web,
    /// In an app on the same phone.
    Intent,
    /// By scanning.
    Qr,
}

/// Where the customer continues. The link is kept byte for byte: it may be signed.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    /// How.
    pub kind: OpeningKind,
    /// Where.
    pub link: String,
}

/// The link opens the payment, so it is not printed.
impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opening({:?} ***)", self.kind)
    }
}

impl Opening {
    pub(crate) fn web(link: String) -> Self {
        let kind = OpeningKind::Web;
        Self { kind, link }
    }
}

#[derive(Deserialize)]
struct Redirect {
    #[serde(rename = "redirectType")]
    kind: String,
    // Debit v4 writes the one, submit auth request the other.
    #[serde(rename = "redirectURL", alias = "redirectUrl")]
    link: String,
}

/// Schemes of links that pay. PhonePe's own stand beside UPI's.
const PAY_SCHEMES: [&str; 3] = ["upi://", "ppe://", "phonepe://"];

/// Reads an answer whose `data` holds `redirectType` and `redirectURL`.
pub(crate) fn read_opening(body: &[u8], page_url: &str) -> Result<Started, Unreadable> {
    let mut answer = Answer::read(body)?;
    if !answer.code.is_success() {
        return Ok(Started::refusal(answer.code));
    }
    let Some(Redirect { kind, link }) = answer.data()? else {
        return Ok(Started::Unsure(answer.code));
    };
    let kind = match kind.as_str() {
        "WEB" => OpeningKind::Web,
        "INTENT" => OpeningKind::Intent,
        "QR" => OpeningKind::Qr,
        _ => return Err(Unreadable("a redirectType that nobody knows")),
    };
    let page = format!("{}/", page_url.trim_end_matches('/'));
    let leads_there = match kind {
        // `page_url` is another scheme only where the simulator stands in for PhonePe.
        OpeningKind::Web => link.starts_with("https://") || link.starts_with(&page),
        OpeningKind::Intent | OpeningKind::Qr => {
            PAY_SCHEMES.iter().any(|scheme| link.starts_with(scheme))
        }
    };
    if !leads_there || link.chars().any(|c| c.is_control() || c == ' ') {
        return Err(Unreadable("a link that pays nothing"));
    }
    Ok(Started::Open(Opening { kind, link }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_as_it_is_written() {
        for (word, code) in WORDS {
            assert_eq!(Code::from(word.to_owned()), code);
            assert_eq!(code.as_str(), word);
        }
        let new = Code::from("PAYMENT_TELEPORTED".to_owned());
        assert_eq!(new.as_str(), "PAYMENT_TELEPORTED");
        assert_eq!(Started::refusal(new.clone()), Started::Unsure(new));
    }

    #[test]
    fn only_links_that_pay_are_opened() {
        let read = |kind: &str, link: &str| {
            let body = format!(
                r#"{{"code":"SUCCESS","data":{{"redirectType":"{kind}","redirectURL":"{link}"}}}}"#
            );
            read_opening(body.as_bytes(), "http://127.0.0.1:9")
        };
        for (kind, link, is_good) in [
            (
                "WEB",
                "https://mercury-t2.phonepe.com/transact?token=a",
                true,
            ),
            ("WEB", "http://127.0.0.1:9/transact", true),
            ("WEB", "http://mercury-t2.phonepe.com/transact", false),
            ("WEB", "http://127.0.0.1:99/transact", false),
            ("WEB", "javascript:alert(1)", false),
            ("INTENT", "upi://mandate?pa=a@b", true),
            ("INTENT", "ppe://mandate?pa=a@b", true),
            ("INTENT", "https://phonepe.com", false),
            ("QR", "upi://mandate?pn=a b", false),
            ("POST", "https://phonepe.com", false),
        ] {
            assert_eq!(read(kind, link).is_ok(), is_good, "{kind} {link}");
        }
        assert!(read_opening(b"<html>", "https://p").is_err());
        let empty = read_opening(br#"{"code":"SUCCESS","data":null}"#, "https://p");
        assert_eq!(empty, Ok(Started::Unsure(Code::Success)));
    }
}
