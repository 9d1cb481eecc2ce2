//! UPI pay links: read leniently, kept byte for byte, changed only where it is safe.
//!
//! Real links are sloppy about case, escaping and empty tags, so those are forgiven. Whom, how
//! much and for what are not: two different payees, amounts or references in one link are refused.
//! A signed link (`sign=`) covers its exact bytes: it is used as it is or not at all. Swapping the
//! scheme leaves the query alone, so that is allowed even there.
//!
//! Sources: UPI Linking Specifications 1.6 §1.2–1.3 as quoted by developers who read it in full,
//! and links collected from public code.

mod compose;
mod query;

use std::fmt;

use crate::apps::App;
use crate::money::{AmountError, Paise};
use crate::vpa::{Vpa, VpaError};
pub use compose::PayRequest;
use query::Query;

/// The longest link that is read, in bytes. The longest one seen in the wild has 591.
pub const LENGTH_MAX: usize = 4_096;

/// A link that asks to pay: `upi://pay?…`, or the same with an app's own scheme.
#[derive(Clone, PartialEq, Eq)]
pub struct UpiLink {
    text: String,
    query: Query,
    payee: Vpa,
    amount: Option<Paise>,
    min_amount: Option<Paise>,
}

impl UpiLink {
    /// Reads a pay link.
    ///
    /// # Errors
    /// The first rule that the link breaks. The link itself is not repeated in the error.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        if text.len() > LENGTH_MAX {
            return Err(LinkError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(LinkError::ControlCharacter);
        }
        if text.contains('#') {
            return Err(LinkError::Fragment);
        }
        let (address, query) = text.split_once('?').ok_or(LinkError::NoQuery)?;
        check_address(address)?;
        let query = Query::parse(query)?;

        let payee = query
            .single("pa", str::to_ascii_lowercase)?
            .ok_or(LinkError::NoPayee)?;
        let payee = Vpa::parse(&payee).map_err(LinkError::Payee)?;
        // Compared as money: `100` and `100.00` are one amount.
        let amount = query.single("am", |raw| match amount(raw) {
            Ok(Some(paise)) => paise.to_rupees(),
            Ok(None) => String::new(),
            Err(_) => raw.to_owned(),
        })?;
        let amount = amount.as_deref().map_or(Ok(None), self::amount)?;
        let min_amount = query.first_raw("mam").map_or(Ok(None), self::amount)?;
        let currency = query.single("cu", str::to_ascii_uppercase)?;
        if currency.is_some_and(|currency| !currency.eq_ignore_ascii_case("INR")) {
            return Err(LinkError::Currency);
        }
        query.single("tr", str::to_owned)?;
        Ok(Self {
            text: text.to_owned(),
            query,
            payee,
            amount,
            min_amount,
        })
    }

    /// The link, byte for byte as it was read.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Who is paid (`pa`).
    pub fn payee(&self) -> &Vpa {
        &self.payee
    }

    /// The payee's name (`pn`) for a person to read; `None` where it is missing or looks like a
    /// UPI id, which could pass for the real payee.
    pub fn payee_name(&self) -> Option<String> {
        self.query
            .text("pn")
            .filter(|name| !name.contains(['@', '＠']))
    }

    /// What is paid (`am`); `None`: the customer types it.
    pub fn amount(&self) -> Option<Paise> {
        self.amount
    }

    /// The least that may be paid (`mam`).
    pub fn min_amount(&self) -> Option<Paise> {
        self.min_amount
    }

    /// The order's reference (`tr`).
    pub fn reference(&self) -> Option<String> {
        self.query.text("tr")
    }

    /// The note to the payee (`tn`).
    pub fn note(&self) -> Option<String> {
        self.query.text("tn")
    }

    /// Whether a signature covers the link (`sign`).
    pub fn is_signed(&self) -> bool {
        self.query.first_raw("sign").is_some()
    }

    /// The same link with another amount, `am` and where it stands `mam`; nothing else is touched.
    /// A link without an amount gets one at its end.
    ///
    /// # Errors
    /// [`LinkError::Signed`]: a signed link with another amount would be declined after the PIN.
    pub fn with_amount(&self, amount: Paise) -> Result<Self, LinkError> {
        if self.amount == Some(amount) && self.min_amount.is_none_or(|min| min == amount) {
            return Ok(self.clone());
        }
        if self.is_signed() {
            return Err(LinkError::Signed);
        }
        let query = self.query.with_amount(&amount.to_rupees());
        let (address, _) = self.text.split_once('?').ok_or(LinkError::NoQuery)?;
        Self::parse(&format!("{address}?{query}"))
    }

    /// The link that opens one app: its own scheme before the same query bytes.
    pub fn for_app(&self, app: App) -> String {
        let query = self.text.split_once('?').map_or("", |(_, query)| query);
        format!("{}?{query}", app.pay_prefix())
    }

    /// Whether the link pays the order that it came with.
    ///
    /// `payee`: the order's UPI id, where it has one. `amounts`: what the order accepts. A link
    /// without an amount agrees with every one of them.
    ///
    /// # Errors
    /// What the link says otherwise.
    pub fn agrees_with(&self, payee: Option<&Vpa>, amounts: &[Paise]) -> Result<(), Disagreement> {
        if payee.is_some_and(|payee| !payee.is_same(&self.payee)) {
            return Err(Disagreement::Payee);
        }
        if self.amount.is_some_and(|amount| !amounts.contains(&amount)) {
            return Err(Disagreement::Amount);
        }
        if self
            .min_amount
            .is_some_and(|min| amounts.iter().all(|amount| *amount < min))
        {
            return Err(Disagreement::Amount);
        }
        Ok(())
    }
}

/// Links hold personal data: not printed by accident.
impl fmt::Debug for UpiLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UpiLink(***)")
    }
}

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
    /// More than [`LENGTH_MAX`] bytes.
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
    /// A UPI link that does not ask to pay, such as a mandate.
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
            Self::NotPay => "the link does not ask to pay",
            Self::EscapedKey => "the name of a tag is escaped: write it plainly",
            Self::Contradiction(key) => {
                return write!(f, "the link holds '{key}' twice with different values");
            }
            Self::NoPayee => "the link has no payee: add pa=",
            Self::Payee(error) => return error.fmt(f),
            Self::Amount(error) => return error.fmt(f),
            Self::Currency => "the currency must be INR",
            Self::Signed => "the link is signed: it cannot be changed",
        })
    }
}

impl std::error::Error for LinkError {}

/// Checks what stands before the `?`.
fn check_address(address: &str) -> Result<(), LinkError> {
    let address = address.to_ascii_lowercase();
    let address = address.strip_suffix('/').unwrap_or(&address);
    if address == "upi://pay" || App::ALL.iter().any(|app| app.pay_prefix() == address) {
        return Ok(());
    }
    let scheme = address.split(':').next().unwrap_or_default();
    Err(match scheme {
        "upiglobal" => LinkError::Global,
        _ if address.ends_with("collect") => LinkError::Collect,
        "upi" => LinkError::NotPay,
        _ => LinkError::Scheme,
    })
}

/// Reads an amount; zero means that there is none.
fn amount(raw: &str) -> Result<Option<Paise>, LinkError> {
    match Paise::from_rupees(raw) {
        Ok(amount) => Ok(Some(amount)),
        Err(AmountError::Zero) => Ok(None),
        Err(error) => Err(LinkError::Amount(error)),
    }
}

#[cfg(test)]
mod tests;
