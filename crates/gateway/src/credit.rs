//! Money seen at the bank.

use checkout_core::money::Paise;
use checkout_core::utr::Utr;
use checkout_core::vpa::Vpa;

use crate::order::OrderId;

/// A credit as it was reported. The same UTR with other content is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditReport {
    /// The bank's reference.
    pub utr: Utr,
    /// How much.
    pub amount: Paise,
    /// Whose account it came to, in lower case.
    pub payee_key: String,
    /// Who paid.
    pub payer: Option<Vpa>,
    /// When the bank had it, in milliseconds since 1970.
    pub received_at_ms: Option<i64>,
    /// What the payer or the app wrote to it.
    pub note: Option<String>,
}

/// A credit as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Its place in the list.
    pub seq: i64,
    /// What was reported.
    pub report: CreditReport,
    /// When it was reported, in milliseconds since 1970.
    pub recorded_at_ms: i64,
    /// What became of it.
    pub state: CreditState,
}

/// What became of a credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreditState {
    /// It paid an order.
    Matched {
        /// Which.
        order: OrderId,
        /// How it was found.
        by: MatchedBy,
    },
    /// It waits for somebody to say whose it is.
    Unmatched(Mismatch),
}

/// How the order of a credit was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedBy {
    /// The credit's note names the order.
    Reference,
    /// The customer had typed the credit's UTR.
    Claim,
    /// No other order expects this amount.
    Amount,
    /// The merchant said so.
    Merchant,
}

impl MatchedBy {
    const ALL: [Self; 4] = [Self::Reference, Self::Claim, Self::Amount, Self::Merchant];

    /// The word in answers and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Claim => "claim",
            Self::Amount => "amount",
            Self::Merchant => "merchant",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == word)
    }
}

/// Why a credit pays no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// No order is named, claims it or expects this amount.
    NoOrder,
    /// More than one order may be meant.
    Ambiguous,
    /// The order that is named costs something else.
    AmountDiffers,
    /// The order that is named is paid to another account.
    PayeeDiffers,
    /// The order that is named is paid already.
    AlreadyPaid,
}

impl Mismatch {
    const ALL: [Self; 5] = [
        Self::NoOrder,
        Self::Ambiguous,
        Self::AmountDiffers,
        Self::PayeeDiffers,
        Self::AlreadyPaid,
    ];

    /// The word in answers and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoOrder => "no-order",
            Self::Ambiguous => "ambiguous",
            Self::AmountDiffers => "amount-differs",
            Self::PayeeDiffers => "payee-differs",
            Self::AlreadyPaid => "already-paid",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}
