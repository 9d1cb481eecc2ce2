//! The words in which the machine thinks.

use std::sync::Arc;

use super::offer::Offer;
use crate::apps::App;
use crate::link::Disagreement;
use crate::qr::Qr;
use crate::utr::{Utr, UtrError};
use crate::wire::Order;

/// Where the checkout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The order is not known yet.
    Loading,
    /// The order is not known, and this is why.
    Unavailable(Trouble),
    /// The order can be paid.
    Open,
    /// The time is over, by the server's word or its deadline; a late success is still watched for.
    Expired,
    /// The server called it failed; a late success is still watched for.
    Failed,
    /// The server called it paid. Nothing leads out of here.
    Paid(Leaving),
}

/// The way from "Paid" to `successUrl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// There is no address to go to, or none that may be opened.
    Nowhere,
    /// The page leaves at this time.
    At(u64),
    /// The page has left, and may have been brought back.
    Left,
}

/// Why an order cannot be shown or paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The address names no order.
    NoOrder,
    /// The back end does not know the order.
    NotFound,
    /// The back end refused to show it.
    Refused,
    /// No answer, or a server error.
    Unreachable,
    /// An answer that is not what the contract says.
    Malformed,
    /// The order has nothing to pay with yet: somebody who takes payments over has not answered.
    NotReady,
    /// The order's link is not a pay link.
    BadLink,
    /// The link pays somebody else or another amount than the order says.
    Mismatch(Disagreement),
}

impl Trouble {
    /// Whether asking again by itself can help.
    pub(super) fn may_pass(self) -> bool {
        matches!(self, Trouble::Unreachable | Trouble::Malformed)
    }
}

/// The order and what follows from it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) order: Order,
    pub(super) offer: Result<Offer, Trouble>,
}

/// When to ask for the order or its result, and how that went lately.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asking {
    pub(super) due_ms: u64,
    pub(super) failures: u32,
}

/// The way to PhonePe, which leads through the discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PhonePe {
    /// Not chosen, or the discount is known.
    Idle,
    /// The discount is asked for.
    Asking { tapped_ms: u64, tries: u32 },
    /// The answer was lost; the question is put again at `at_ms`.
    AskAgain {
        tapped_ms: u64,
        tries: u32,
        at_ms: u64,
    },
    /// The amounts are shown; the app opens at `at_ms`.
    Opening { at_ms: u64 },
    /// The amounts are shown, but the tap is too long ago: another one opens the app.
    Ready,
    /// The discount could not be had; the customer decides.
    Stuck,
}

/// An app that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Launched {
    pub(super) app: App,
    pub(super) at_ms: u64,
    pub(super) trip: Trip,
}

/// What was seen of an app after its launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trip {
    /// The page is still in sight.
    Here,
    /// The page is in sight, but something before it has the focus: most likely the question
    /// whether to open the app.
    Asked,
    /// The browser said that the app is not there.
    Missing,
    /// The page is out of sight.
    Away,
    /// The page is back in sight. That says nothing about the payment.
    Back,
}

/// The code that is in sight, and what it holds. Encoding takes milliseconds on a phone: it is done
/// when the customer wants to see the code, and again only when its text changes.
#[derive(Clone, Debug)]
pub(super) struct DrawnQr {
    pub(super) text: String,
    pub(super) code: Arc<Qr>,
}

/// What became of a picture of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureNote {
    /// It was saved or shared.
    Saved,
    /// The browser did not do it.
    Refused,
}

/// What was put on the clipboard last, and whether that worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copying {
    None,
    UpiId(Option<bool>),
    Address(Option<bool>),
}

/// The UTR form.
#[derive(Clone, Debug, Default)]
pub(super) struct UtrForm {
    pub(super) open: bool,
    pub(super) draft: String,
    pub(super) sent: Option<Utr>,
    pub(super) note: Option<UtrNote>,
}

/// What became of a UTR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum UtrNote {
    NotOne(UtrError),
    Claimed(Utr),
    Invalid,
    Used,
    Closed,
    TooMany,
    Refused(String),
    NotSent,
}
