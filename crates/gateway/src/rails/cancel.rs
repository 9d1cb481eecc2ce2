//! Calls an order off at PhonePe, before it is closed here: only a request in the customer's app can be
//! called off ("Cancel payment request"). A page and a mandate cannot; money that comes all the same is
//! taken.

use phonepe::collect::{self, Cancelled};

use super::attempt::{Attempt, State};
use super::step::{LEASE_MS, step};
use crate::app::App;
use crate::ledger::LedgerError;
use crate::order::Order;
use crate::store::attempts;

/// What PhonePe says to calling an order off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalledOff {
    /// There is nothing that PhonePe could call off.
    NotNeeded,
    /// The attempt of this id is off.
    Off(String),
    /// The customer was quicker.
    PaidAlready,
    /// Nobody knows.
    Unsure,
}

/// Calls an order off at PhonePe. The order itself stays as it is, unless it turns out to be paid.
///
/// # Errors
/// Where the database fails.
pub async fn call_off(app: &App, order: &Order) -> Result<CalledOff, LedgerError> {
    let newest = attempts::newest(&mut *app.store.read().await?, &order.id).await?;
    let Some(attempt) = newest.filter(|attempt| can_be_called_off(attempt, order)) else {
        return Ok(CalledOff::NotNeeded);
    };
    let phonepe = app
        .merchant_of(order)
        .and_then(|merchant| merchant.phonepe.as_ref());
    let id = &attempt.transaction_id;
    let call = phonepe.and_then(|it| Some((it, collect::cancel(&it.account, id).ok()?)));
    let Some((phonepe, call)) = call else {
        return Ok(CalledOff::Unsure);
    };
    let Some(reply) = app.ask_phonepe(phonepe, order, "cancel", &call).await else {
        return Ok(CalledOff::Unsure);
    };
    match collect::read_cancel(&reply.body) {
        // Without such a request the customer was not asked.
        Ok(Cancelled::Done | Cancelled::NoSuchRequest) => {
            Ok(CalledOff::Off(attempt.transaction_id))
        }
        Ok(Cancelled::PaidAlready) => {
            look_at_once(app, &attempt).await?;
            Ok(CalledOff::PaidAlready)
        }
        Ok(Cancelled::Unsure(_)) | Err(_) => Ok(CalledOff::Unsure),
    }
}

/// Whether PhonePe may know an attempt that it calls off when it is asked to.
pub fn can_be_called_off(attempt: &Attempt, order: &Order) -> bool {
    let may_be_known = matches!(attempt.state, State::Unsure | State::Open);
    let ask = attempt.ask(order.flow);
    may_be_known && ask.is_ok_and(|ask| ask.can_be_cancelled())
}

/// Asks for the status now, and not when it would be due: the order is paid.
async fn look_at_once(app: &App, attempt: &Attempt) -> Result<(), LedgerError> {
    let id = &attempt.transaction_id;
    let lease_ends_ms = app.now_ms().saturating_add(LEASE_MS);
    let mut tx = app.store.write().await?;
    let Some((mut attempt, _)) = attempts::lock(&mut tx, id).await? else {
        return Ok(());
    };
    attempt.next_at_ms = lease_ends_ms;
    attempts::save(&mut tx, &attempt).await?;
    tx.commit().await?;
    step(app, id, lease_ends_ms).await
}
