//! The use cases: each works in the caller's transaction, and the caller commits.
//!
//! Money, merchants and clocks all change an order through [`apply`] and nowhere else. What a decision
//! rests on is locked before it is read ([`crate::store::tx`]).

mod claims;
mod credits;
mod orders;
mod reports;

use std::fmt;

pub use claims::claim;
pub use credits::{assign, record};
pub use orders::{NewOrder, cancel, create, current, draft, grant_discount, note_page_event, read};
pub(crate) use reports::end_unpaid;
pub use reports::{Believed, believe};

use crate::order::{Order, OrderId};
use crate::store::{StoreError, Tx, events, orders as table, outbox};
use crate::transition::{Input, transition};

/// How long after its end an unpaid order still holds its amount: a bank can take that long to
/// settle a payment, and its money must not be taken for another order's.
pub const LATE_MONEY_MS: i64 = 3_600_000;

/// Moves an order by one input: the order, its event and the merchant's news, all or nothing.
///
/// `key` names the input (`credit:435268791234`): the same one again changes nothing.
///
/// # Errors
/// [`Refusal::OrderClosed`] where the order does not take this input any more.
pub async fn apply(
    tx: &mut Tx,
    id: &OrderId,
    input: &Input,
    key: &str,
    now_ms: i64,
) -> Result<Order, LedgerError> {
    let order = table::lock(tx, id).await?.ok_or(Refusal::OrderNotFound)?;
    if events::has_input(tx, id, key).await? {
        return Ok(order);
    }
    let change = transition(order.status, input).map_err(|_| Refusal::OrderClosed)?;
    let (reason, utr) = match input {
        Input::Paid { utr } => (None, utr.as_ref()),
        Input::Declined { reason } => (Some(reason.as_str()), None),
        Input::TimeIsUp => (None, None),
    };
    let moved = table::set_status(tx, id, order.status, change.to, reason, utr, now_ms).await?;
    if !moved {
        return Err(Refusal::OrderClosed.into());
    }
    events::append_move(tx, id, now_ms, change.to.as_str(), key).await?;
    let about = outbox::About {
        merchant_id: &order.merchant_id,
        order: Some(id),
        utr,
    };
    outbox::insert(tx, change.news, about, now_ms).await?;
    let order = table::get(tx, id).await?.ok_or(Refusal::OrderNotFound)?;
    Ok(order)
}

/// Why the ledger did not do what it was asked.
#[derive(Debug)]
pub enum LedgerError {
    /// It must not.
    Refused(Refusal),
    /// The database failed.
    Store(StoreError),
}

/// What the ledger does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such order.
    OrderNotFound,
    /// The order does not take this any more.
    OrderClosed,
    /// The merchant has an order with this reference.
    ReferenceUsed,
    /// The UTR has paid another order.
    UtrUsed,
    /// The order's customer has typed too many different UTRs.
    TooManyClaims,
    /// The page has told too much about this order.
    TooManyEvents,
    /// There is no such credit.
    CreditNotFound,
    /// The UTR was reported before, with other content.
    CreditDiffers,
    /// The credit pays another order.
    CreditMatched,
    /// The credit came to another account.
    PayeeDiffers,
    /// The credit is not what the order costs.
    AmountDiffers,
    /// PhonePe did not say that it has called the payment off.
    StillAsked,
}

impl From<Refusal> for LedgerError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for LedgerError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "refused: {refusal:?}"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LedgerError {}
