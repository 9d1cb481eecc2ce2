//! A customer types the UTR of the payment: a claim, decided by the credit.

use checkout_core::utr::Utr;

use super::credits::settle;
use super::{LedgerError, Refusal, current};
use crate::credit::CreditState;
use crate::order::{Order, OrderId, Status};
use crate::store::events::{self, Kind};
use crate::store::{Lock, Tx, claims, credits, orders};

/// How many different UTRs the customer of one order may type.
const CLAIMS_MAX: usize = 5;

/// Keeps a claim; where the money has come already, it may pay the order at once.
///
/// A corrected claim replaces nothing, and another order's claim of the same UTR is no obstacle:
/// all are kept, and the credit decides. Late claims count too, because late money does.
///
/// # Errors
/// As [`Refusal`] says.
pub async fn claim(
    tx: &mut Tx,
    id: &OrderId,
    utr: &Utr,
    now_ms: i64,
) -> Result<Order, LedgerError> {
    let order = orders::get(tx, id).await?.ok_or(Refusal::OrderNotFound)?;
    // With the credit of this UTR one of the two comes first, and the second one finds it.
    let merchant_id = &order.merchant_id;
    tx.lock(Lock::Matching { merchant_id }).await?;
    let order = current(tx, id, now_ms).await?;
    if order.status == Status::Success {
        return if order.paid_utr.as_ref() == Some(utr) {
            Ok(order)
        } else {
            Err(Refusal::OrderClosed.into())
        };
    }
    let credit = credits::get(tx, &order.merchant_id, utr).await?;
    if let Some(CreditState::Matched { .. }) = credit.as_ref().map(|credit| &credit.state) {
        return Err(Refusal::UtrUsed.into());
    }
    let claimed = claims::of_order(tx, &order).await?;
    if !claimed.contains(utr) {
        if claimed.len() >= CLAIMS_MAX {
            return Err(Refusal::TooManyClaims.into());
        }
        claims::insert(tx, &order, utr, now_ms).await?;
        events::append(tx, id, now_ms, Kind::Claim, utr.as_str()).await?;
    }
    if let Some(credit) = credit {
        settle(tx, &order.merchant_id, &credit.report, now_ms).await?;
    }
    current(tx, id, now_ms).await
}
