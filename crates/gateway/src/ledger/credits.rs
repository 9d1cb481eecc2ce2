//! Money comes in: a credit is kept, and pays the order that it belongs to.

use checkout_core::utr::Utr;

use super::{LATE_MONEY_MS, LedgerError, Refusal, apply};
use crate::credit::{Credit, CreditReport, CreditState, MatchedBy};
use crate::matching::{Evidence, choose, ids_in_note};
use crate::order::{OrderId, Status};
use crate::store::{Conn, Lock, StoreError, Tx, credits, orders, outbox};
use crate::transition::{Input, News};

/// Keeps a credit and pays its order. The same report again gives the same credit.
///
/// # Errors
/// [`Refusal::CreditDiffers`].
pub async fn record(
    tx: &mut Tx,
    merchant_id: &str,
    report: &CreditReport,
    now_ms: i64,
) -> Result<Credit, LedgerError> {
    tx.lock(Lock::Matching { merchant_id }).await?;
    if let Some(known) = credits::get(tx, merchant_id, &report.utr).await? {
        return if known.report == *report {
            Ok(known)
        } else {
            Err(Refusal::CreditDiffers.into())
        };
    }
    credits::insert(tx, merchant_id, report, now_ms).await?;
    let credit = settle(tx, merchant_id, report, now_ms).await?;
    if let CreditState::Unmatched(_) = credit.state {
        let about = outbox::About {
            merchant_id,
            order: None,
            utr: Some(&report.utr),
        };
        outbox::insert(tx, News::CreditUnmatched, about, now_ms).await?;
    }
    Ok(credit)
}

/// Looks for the order of a credit that pays none yet, by all that is known now.
pub(super) async fn settle(
    tx: &mut Tx,
    merchant_id: &str,
    report: &CreditReport,
    now_ms: i64,
) -> Result<Credit, LedgerError> {
    let evidence = gather(tx, merchant_id, report, now_ms).await?;
    match choose(report, &evidence) {
        Ok((order, by)) => pay(tx, merchant_id, &report.utr, &order, by, now_ms).await,
        Err(why) => {
            credits::set_unmatched(tx, merchant_id, &report.utr, why).await?;
            reread(tx, merchant_id, &report.utr).await
        }
    }
}

/// The merchant says which order an unmatched credit pays. The payee must agree; another amount
/// must be accepted in so many words.
///
/// # Errors
/// As [`Refusal`] says.
pub async fn assign(
    tx: &mut Tx,
    merchant_id: &str,
    utr: &Utr,
    order_id: &OrderId,
    accept_amount: bool,
    now_ms: i64,
) -> Result<Credit, LedgerError> {
    tx.lock(Lock::Matching { merchant_id }).await?;
    let credit = credits::get(tx, merchant_id, utr).await?;
    let credit = credit.ok_or(Refusal::CreditNotFound)?;
    if let CreditState::Matched { order, .. } = &credit.state {
        return if order == order_id {
            Ok(credit)
        } else {
            Err(Refusal::CreditMatched.into())
        };
    }
    let order = orders::lock(tx, order_id)
        .await?
        .filter(|order| order.merchant_id == merchant_id)
        .ok_or(Refusal::OrderNotFound)?;
    if order.status == Status::Success {
        return Err(Refusal::OrderClosed.into());
    }
    if order.payee.normalized() != credit.report.payee_key {
        return Err(Refusal::PayeeDiffers.into());
    }
    if !order.expects(credit.report.amount) && !accept_amount {
        return Err(Refusal::AmountDiffers.into());
    }
    pay(tx, merchant_id, utr, order_id, MatchedBy::Merchant, now_ms).await
}

/// What is known; the orders stay as they are, and so does what they expect.
async fn gather(
    tx: &mut Tx,
    merchant_id: &str,
    report: &CreditReport,
    now_ms: i64,
) -> Result<Evidence, StoreError> {
    let mut named = Vec::new();
    for id in ids_in_note(report.note.as_deref().unwrap_or_default()) {
        let order = orders::lock(tx, &id).await?;
        named.extend(order.filter(|order| order.merchant_id == merchant_id));
    }
    let live = orders::Live {
        merchant_id,
        payee_key: &report.payee_key,
        ended_after_ms: now_ms.saturating_sub(LATE_MONEY_MS),
    };
    let claiming = orders::claiming(tx, merchant_id, &report.utr).await?;
    let mut expecting = Vec::new();
    for id in orders::expecting(tx, live, report.amount).await? {
        expecting.extend(orders::lock(tx, &id).await?);
    }
    Ok(Evidence {
        named,
        claiming,
        expecting,
    })
}

async fn pay(
    tx: &mut Tx,
    merchant_id: &str,
    utr: &Utr,
    order: &OrderId,
    by: MatchedBy,
    now_ms: i64,
) -> Result<Credit, LedgerError> {
    if !credits::set_matched(tx, merchant_id, utr, order, by).await? {
        return Err(Refusal::CreditMatched.into());
    }
    let input = Input::Paid {
        utr: Some(utr.clone()),
    };
    let key = format!("credit:{}", utr.as_str());
    apply(tx, order, &input, &key, now_ms).await?;
    reread(tx, merchant_id, utr).await
}

async fn reread(tx: &mut Conn, merchant_id: &str, utr: &Utr) -> Result<Credit, LedgerError> {
    let credit = credits::get(tx, merchant_id, utr).await?;
    Ok(credit.ok_or(Refusal::CreditNotFound)?)
}
