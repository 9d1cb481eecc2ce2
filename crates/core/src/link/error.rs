//! Why a text is not a link to pay with, or not the right one.

use std::fmt;

use crate::money::AmountError;
use crate::redirect::RedirectError;
use crate::vpa::VpaError;

/// What a link says about its order that the order does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// It pays somebody else.
    Payee,
    /// It pays another amount.
    Amount,
}

/// Why a text is not a pay link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// More than [`LENGTH_MAX`](super::LENGTH_MAX) bytes.
    TooLong,
    /// A line break, tab or other control character.
    ControlCharacter,
    /// A `#`: what follows it does not reach the app.
    Fragment,
    /// No `?`.
    NoQuery,
    /// A scheme that is not on the list of UPI apps.
    Scheme,
    /// `upi://collect`: it would take money instead of asking for it.
    Collect,
    /// `upiGlobal:`: payments abroad.
    Global,
    /// A UPI link that asks for something other than a payment or a mandate.
    NotPay,
    /// A tag whose name is escaped, to hide it from one reader or the other.
    EscapedKey,
    /// `pa`, `am`, `cu` or `tr` twice, with different values.
    Contradiction(&'static str),
    /// No payee.
    NoPayee,
    /// The payee is not a UPI id.
    Payee(VpaError),
    /// The amount is not rupees.
    Amount(AmountError),
    /// A currency other than `INR`.
    Currency,
    /// The change would break the signature.
    Signed,
    /// A mandate without the amount, rhythm or another tag that says what is agreed to.
    MandateTerms,
    /// An `intent:` link that is not exactly `intent://…?…#Intent;…;end`.
    IntentShape,
    /// An `intent:` link with a component, selector, extra or another key that could reach past
    /// the UPI app.
    IntentKey,
    /// An `intent:` link for an app that is not on the list.
    IntentPackage,
    /// A page that may not be opened.
    Page(RedirectError),
}

impl LinkError {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "link-too-long",
            Self::ControlCharacter => "link-control-character",
            Self::Fragment => "link-fragment",
            Self::NoQuery => "link-no-query",
            Self::Scheme => "link-scheme",
            Self::Collect => "link-collect",
            Self::Global => "link-global",
            Self::NotPay => "link-not-pay",
            Self::EscapedKey => "link-escaped-key",
            Self::Contradiction("pa") => "link-two-payees",
            Self::Contradiction("am") => "link-two-amounts",
            Self::Contradiction("cu") => "link-two-currencies",
            Self::Contradiction(_) => "link-two-references",
            Self::NoPayee => "link-no-payee",
            Self::Payee(error) => error.code(),
            Self::Amount(error) => error.code(),
            Self::Currency => "link-currency",
            Self::Signed => "link-signed",
            Self::MandateTerms => "mandate-terms",
            Self::IntentShape => "intent-shape",
            Self::IntentKey => "intent-key",
            Self::IntentPackage => "intent-package",
            Self::Page(error) => error.code(),
        }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the link is longer than 4096 bytes",
            Self::ControlCharacter => "the link holds a line break, tab or control character",
            Self::Fragment => "the link holds a '#': escape it as %23",
            Self::NoQuery => "the link has no '?', write it like upi://pay?pa=shop@bank",
            Self::Scheme => "the link must begin with upi://pay or a known app's own scheme",
            Self::Collect => "a collect request is not a link to pay",
            Self::Global => "payments abroad (upiGlobal:) are not taken",
            Self::NotPay => "the link asks for neither a payment nor a mandate",
            Self::EscapedKey => "the name of a tag is escaped: write it plainly",
            Self::Contradiction(key) => {
                return write!(f, "the link holds '{key}' twice with different values");
            }
            Self::NoPayee => "the link has no payee: add pa=",
            Self::Payee(error) => return error.fmt(f),
            Self::Amount(error) => return error.fmt(f),
            Self::Currency => "the currency must be INR",
            Self::Signed => "the link is signed: it cannot be changed",
            Self::MandateTerms => "the mandate does not say its amount and rhythm (am, recur)",
            Self::IntentShape => "write the intent as intent://pay?…#Intent;scheme=upi;…;end",
            Self::IntentKey => {
                "the intent may hold scheme, package, action VIEW and a fallback only"
            }
            Self::IntentPackage => "the intent names an app that is not on the list of UPI apps",
            Self::Page(error) => return error.fmt(f),
        })
    }
}

impl std::error::Error for LinkError {}
