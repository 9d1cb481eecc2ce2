//! What PhonePe tells of a payment: believed only where its ids and its amount are the order's.

use phonepe::report::{Outcome, Report};

use super::{LedgerError, Refusal, apply};
use crate::merchant::Merchant;
use crate::rails::attempt::{Attempt, State};
use crate::store::{Tx, attempts};
use crate::transition::Input;
use checkout_core::utr::Utr;

/// What came of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Believed {
    /// The order is paid.
    Paid,
    /// The order had been paid by something else before: somebody is owed money.
    PaidTwice,
    /// The payment did not work.
    Failed,
    /// It is under way.
    Pending,
    /// PhonePe knows no such payment.
    NotFound,
    /// Nothing follows from it.
    Nothing,
    /// It is about another payment, amount or merchant: this field differs. Nothing follows from it.
    Differs(&'static str),
}

impl Believed {
    /// A word for the metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::PaidTwice => "paid-twice",
            Self::Failed => "failed",
            Self::Pending => "pending",
            Self::NotFound => "not-found",
            Self::Nothing => "nothing",
            Self::Differs(_) => "differs",
        }
    }
}

/// Takes a report of one of this merchant's payments. The same one again changes nothing, and neither
/// does an older one.
///
/// # Errors
/// Where the database fails.
pub async fn believe(
    tx: &mut Tx,
    merchant: &Merchant,
    report: &Report,
    now_ms: i64,
) -> Result<Believed, LedgerError> {
    let found = match &report.id {
        Some(id) => attempts::lock(tx, id).await?,
        None => None,
    };
    let (Some((attempt, order)), Some(phonepe)) = (found, &merchant.phonepe) else {
        return Ok(match report.outcome {
            Outcome::NotFound => Believed::NotFound,
            Outcome::Unsure(_) => Believed::Nothing,
            Outcome::Paid | Outcome::Failed(_) | Outcome::Pending => {
                Believed::Differs("transactionId")
            }
        });
    };
    if order.merchant_id != merchant.id {
        return Ok(Believed::Differs("merchantId"));
    }
    let ask = attempt.ask(order.flow)?;
    let expected = ask.expected(&phonepe.account, &order, &attempt.transaction_id);
    if let Err(mismatch) = report.agrees_with(&expected) {
        return Ok(Believed::Differs(mismatch.0));
    }
    match &report.outcome {
        Outcome::Paid => paid(tx, attempt, report, now_ms).await,
        Outcome::Failed(word) => failed(tx, attempt, word, now_ms).await,
        Outcome::Pending => Ok(Believed::Pending),
        Outcome::NotFound => Ok(Believed::NotFound),
        Outcome::Unsure(_) => Ok(Believed::Nothing),
    }
}

async fn paid(
    tx: &mut Tx,
    attempt: Attempt,
    report: &Report,
    now_ms: i64,
) -> Result<Believed, LedgerError> {
    let utr = report.utr.as_deref().and_then(|utr| Utr::parse(utr).ok());
    let key = format!("phonepe:{}:paid", attempt.transaction_id);
    let moved = apply(tx, &attempt.order_id, &Input::Paid { utr }, &key, now_ms).await;
    end(tx, attempt).await?;
    match moved {
        Ok(_) => Ok(Believed::Paid),
        Err(LedgerError::Refused(Refusal::OrderClosed)) => Ok(Believed::PaidTwice),
        Err(error) => Err(error),
    }
}

/// A payment that failed fails its order only where it is the newest: an older one lost its link, and
/// the customer was given another.
async fn failed(
    tx: &mut Tx,
    attempt: Attempt,
    word: &str,
    now_ms: i64,
) -> Result<Believed, LedgerError> {
    let newest = attempts::newest(tx, &attempt.order_id).await?;
    if newest.is_some_and(|newest| newest.number == attempt.number) {
        end_unpaid(tx, &attempt, "failed", &why_unpaid(word), now_ms).await?;
    }
    end(tx, attempt).await?;
    Ok(Believed::Failed)
}

/// Ends an order that is not paid. One that is closed stays as it is.
pub(crate) async fn end_unpaid(
    tx: &mut Tx,
    attempt: &Attempt,
    what: &str,
    input: &Input,
    now_ms: i64,
) -> Result<(), LedgerError> {
    let key = format!("phonepe:{}:{what}", attempt.transaction_id);
    match apply(tx, &attempt.order_id, input, &key, now_ms).await {
        Ok(_) | Err(LedgerError::Refused(Refusal::OrderClosed)) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn end(tx: &mut Tx, mut attempt: Attempt) -> Result<(), LedgerError> {
    attempt.state = State::Done;
    // It was started, whether we saw the answer or not.
    attempt.started_at_ms = attempt.started_at_ms.or(Some(attempt.next_at_ms));
    Ok(attempts::save(tx, &attempt).await?)
}

/// How it ended, and why, for the customer. PhonePe's words are an open set. A request ends a moment
/// before its order does: whoever is first to say so, the time is over.
fn why_unpaid(word: &str) -> Input {
    let reason = match word {
        "TIMED_OUT" | "EXPIRED" => return Input::TimeIsUp,
        "PAYMENT_DECLINED" => "You declined the payment.",
        "PAYMENT_CANCELLED" => "The payment was cancelled.",
        _ => "The payment did not work.",
    };
    let reason = reason.to_owned();
    Input::Declined { reason }
}
