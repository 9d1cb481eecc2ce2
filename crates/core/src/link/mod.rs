//! UPI links: read leniently, kept byte for byte, changed only where it is safe.
//!
//! Real links are sloppy about case, escaping and empty tags, so those are forgiven. Whom, how
//! much and for what are not: two different payees, amounts or references in one link are refused.
//! A signed link (`sign=`) covers its exact bytes: it is used as it is or not at all. Swapping the
//! scheme leaves the query alone, so that is allowed even there.
//!
//! Sources: UPI Linking Specifications 1.6 §1.2–1.3 as quoted by developers who read it in full,
//! and links collected from public code.

mod address;
mod compose;
mod error;
mod intent;
mod query;

use std::fmt;

use crate::apps::App;
use crate::mandate::{AmountRule, Mandate, Rhythm};
use crate::money::{AmountError, Paise};
use crate::redirect;
use crate::vpa::Vpa;
use crate::when::{Day, moment_ms};
pub use compose::PayRequest;
pub use error::{Disagreement, LinkError};
use query::Query;

/// The longest link that is read, in bytes. The longest one seen in the wild has 591.
pub const LENGTH_MAX: usize = 4_096;

/// More than this is above every limit for payments to merchants (NPCI, September 2025: ₹5 lakh).
const USUAL_LIMIT_PAISE: u64 = 50_000_000;
/// The longest reference that links and Bharat QR hold.
const REFERENCE_MAX: usize = 35;

/// What an order's `deeplink` leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deeplink {
    /// A UPI app.
    Upi(Box<UpiLink>),
    /// A page to continue on (PhonePe's `redirectType: WEB`).
    Page(String),
}

impl Deeplink {
    /// Reads a deeplink: an `https:` page that may be opened, or a UPI link.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let is_page = text
            .get(..6)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
        if !is_page {
            return Ok(Self::Upi(Box::new(UpiLink::parse(text)?)));
        }
        redirect::judge(text, &[]).map_err(LinkError::Page)?;
        Ok(Self::Page(text.to_owned()))
    }
}

/// A link that asks for a payment or a mandate: `upi://pay?…`, or the same with an app's own scheme.
#[derive(Clone, PartialEq, Eq)]
pub struct UpiLink {
    text: String,
    kind: Kind,
    query: Query,
    payee: Vpa,
    amount: Option<Paise>,
    min_amount: Option<Paise>,
    mandate: Option<Mandate>,
}

/// What a link asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A payment.
    Pay,
    /// Autopay: a payment now and others later.
    Mandate,
}

impl UpiLink {
    /// Reads a link. An `intent:` link is read as the link that it wraps.
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
        let is_intent = text
            .get(..7)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("intent:"));
        let text = if is_intent {
            intent::unwrap(text)?
        } else {
            text.to_owned()
        };
        if text.contains('#') {
            return Err(LinkError::Fragment);
        }
        let (address, query) = text.split_once('?').ok_or(LinkError::NoQuery)?;
        let kind = address::kind(address)?;
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
        let mandate = match kind {
            Kind::Pay => None,
            Kind::Mandate => Some(mandate(&query, amount)?),
        };
        Ok(Self {
            kind,
            payee,
            amount,
            min_amount,
            mandate,
            query,
            text,
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
            .filter(|name| !name.contains(ADDRESS_SIGNS))
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

    /// What the link asks for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The scheme in lower case, such as `upi`.
    pub fn scheme(&self) -> String {
        self.text
            .split(':')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    }

    /// The terms of a mandate.
    pub fn mandate(&self) -> Option<&Mandate> {
        self.mandate.as_ref()
    }

    /// What is charged now: a mandate's first amount, or the amount of a payment.
    pub fn charged_now(&self) -> Option<Paise> {
        match &self.mandate {
            Some(mandate) => mandate.first,
            None => self.amount,
        }
    }

    /// Whether the customer can change the amount in the app: there is none, or a lower floor.
    pub fn is_editable(&self) -> bool {
        let floor_is_lower = self
            .min_amount
            .is_some_and(|floor| self.amount.is_some_and(|amount| floor < amount));
        self.kind == Kind::Pay && (self.amount.is_none() || floor_is_lower)
    }

    /// When the code expires (`QRexpire`), in milliseconds since 1970.
    pub fn expires_at_ms(&self) -> Option<u64> {
        moment_ms(&self.query.value("qrexpire")?)
    }

    /// Whether no app can tell that a merchant made the link: it has neither category nor reference.
    pub fn is_plain(&self) -> bool {
        let has = |key| self.query.first_raw(key).is_some();
        self.kind == Kind::Pay && !has("mc") && !has("tr")
    }

    /// Whether the link is the content of a code (`mode` says QR): launched as an intent, PhonePe
    /// takes it for a code from the gallery and applies that limit. Source: Juspay's table of
    /// initiation modes, and reports from public code.
    pub fn is_for_scanning(&self) -> bool {
        let mode = self.query.value("mode").unwrap_or_default();
        matches!(
            mode.as_str(),
            "01" | "02"
                | "03"
                | "13"
                | "15"
                | "16"
                | "17"
                | "18"
                | "19"
                | "20"
                | "21"
                | "22"
                | "23"
                | "24"
        )
    }

    /// What is odd about the link but does not forbid to use it, as stable words for programs.
    pub fn warnings(&self) -> Vec<&'static str> {
        let has = |key| self.query.first_raw(key).is_some();
        let is_hidden = |key| {
            self.query
                .value(key)
                .is_some_and(|value| value.chars().any(query::is_hidden))
        };
        let names_an_address = self
            .query
            .text("pn")
            .is_some_and(|name| name.contains(ADDRESS_SIGNS));
        let too_much = self
            .amount
            .is_some_and(|amount| amount.get() > USUAL_LIMIT_PAISE);
        let first_too_large = self
            .mandate
            .is_some_and(|terms| terms.first.is_some_and(|first| first > terms.amount));
        [
            // Some apps refuse links of which they cannot tell that a merchant made them.
            (self.is_plain(), "unverified-intent"),
            (self.is_for_scanning(), "scan-only"),
            (
                self.is_signed() && !self.query.ends_with("sign"),
                "tag-after-sign",
            ),
            (too_much, "amount-above-limit"),
            (names_an_address, "name-is-an-address"),
            (is_hidden("pn") || is_hidden("tn"), "hidden-characters"),
            (
                self.reference()
                    .is_some_and(|reference| reference.len() > REFERENCE_MAX),
                "reference-too-long",
            ),
            (self.is_editable(), "amount-editable"),
            (
                has("qrexpire") && self.expires_at_ms().is_none(),
                "bad-expiry",
            ),
            (first_too_large, "first-above-ceiling"),
        ]
        .into_iter()
        .filter_map(|(holds, code)| holds.then_some(code))
        .collect()
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
    /// [`LinkError::MandateTerms`]: a mandate's terms are the merchant's.
    pub fn with_amount(&self, amount: Paise) -> Result<Self, LinkError> {
        if self.charged_now() == Some(amount) {
            return Ok(self.clone());
        }
        if self.is_signed() {
            return Err(LinkError::Signed);
        }
        if self.kind == Kind::Mandate {
            return Err(LinkError::MandateTerms);
        }
        let query = self.query.with_amount(&amount.to_rupees());
        let (address, _) = self.text.split_once('?').ok_or(LinkError::NoQuery)?;
        Self::parse(&format!("{address}?{query}"))
    }

    /// The query's bytes, as they were read.
    pub fn query(&self) -> &str {
        self.text.split_once('?').map_or("", |(_, query)| query)
    }

    /// The link that opens one app: its own scheme before the same query bytes. `None`: the app is
    /// not known to take mandates.
    pub fn for_app(&self, app: App) -> Option<String> {
        let facts = app.facts();
        let prefix = match self.kind {
            Kind::Pay => facts.pay,
            Kind::Mandate => facts.mandate?,
        };
        Some(format!("{prefix}?{}", self.query()))
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
        // A mandate may be ordered by what it costs now or by its ceiling.
        let named = [self.charged_now(), self.amount];
        let agrees = named
            .iter()
            .flatten()
            .any(|amount| amounts.contains(amount));
        if !agrees && named.iter().any(Option::is_some) {
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

/// A plain and a full-width `@`: with either, a name looks like a UPI id.
const ADDRESS_SIGNS: [char; 2] = ['@', '＠'];

/// Reads the terms of a mandate.
fn mandate(query: &Query, amount: Option<Paise>) -> Result<Mandate, LinkError> {
    let word = |key| query.value(key);
    let day = |key| query.first_raw(key).and_then(Day::from_ddmmyyyy);
    let rhythm = Rhythm::read(&word("recur").unwrap_or_default()).ok_or(LinkError::MandateTerms)?;
    Ok(Mandate {
        first: query.first_raw("fam").map_or(Ok(None), self::amount)?,
        amount: amount.ok_or(LinkError::MandateTerms)?,
        rule: AmountRule::read(word("amrule").as_deref()),
        rhythm,
        from: day("validitystart"),
        until: day("validityend"),
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
