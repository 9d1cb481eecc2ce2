//! Making an order, looking at it, its discount, and what its page tells.

use checkout_core::link::PayRequest;
use checkout_core::money::Paise;

use super::{LATE_MONEY_MS, LedgerError, Refusal, apply};
use crate::discount::smallest_free;
use crate::merchant::Merchant;
use crate::order::{Discount, Flow, Order, OrderId, Status};
use crate::rails::ask::Ask;
use crate::rails::attempt::Attempt;
use crate::rails::cancel::{CalledOff, can_be_called_off};
use crate::store::events::{self, Kind};
use crate::store::{Conn, Lock, Store, StoreError, Tx, attempts, orders};
use crate::transition::Input;

/// What a merchant asks for.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// How much.
    pub amount: Paise,
    /// The merchant's own name for it.
    pub reference: String,
    /// Where the customer goes after paying; judged.
    pub success_url: Option<String>,
    /// A note that the customer sees in the app.
    pub note: Option<String>,
    /// How long it waits, in milliseconds; `None`: for ever.
    pub lifetime_ms: Option<i64>,
    /// What PhonePe is asked for; `None`: it is paid by a link of ours.
    pub ask: Option<Ask>,
}

/// Makes an order and its pay link.
///
/// # Errors
/// [`Refusal::ReferenceUsed`].
pub async fn create(
    conn: &mut Conn,
    merchant: &Merchant,
    new: NewOrder,
    now_ms: i64,
) -> Result<Order, LedgerError> {
    let order = draft(merchant, new.clone(), now_ms)?;
    if !orders::insert(conn, &order).await? {
        return Err(Refusal::ReferenceUsed.into());
    }
    let amount = order.amount.to_rupees();
    events::append(conn, &order.id, now_ms, Kind::Created, &amount).await?;
    if let Some(ask) = &new.ask {
        let ask = ask
            .to_json()
            .map_err(|_| StoreError::Corrupt("phonepe_attempts.ask"))?;
        // In the order's own transaction: whoever is killed now finds it again.
        attempts::insert(conn, &Attempt::new(&order, 1, ask, now_ms)).await?;
    }
    Ok(order)
}

/// The order that comes of what a merchant asks for, not kept anywhere yet.
///
/// # Errors
/// Where the operating system has no randomness to give.
pub fn draft(merchant: &Merchant, new: NewOrder, now_ms: i64) -> Result<Order, StoreError> {
    let id = OrderId::random()?;
    let deeplink = match new.ask {
        // PhonePe gives the link.
        Some(_) => String::new(),
        None => PayRequest {
            payee: &merchant.vpa,
            payee_name: &merchant.name,
            merchant_code: merchant.mcc.as_deref(),
            reference: id.as_str(),
            note: new.note.as_deref(),
            amount: new.amount,
        }
        .to_link(),
    };
    let phonepe = merchant.phonepe.as_ref().filter(|_| new.ask.is_some());
    let payee = phonepe
        .and_then(|phonepe| phonepe.vpa.as_ref())
        .unwrap_or(&merchant.vpa);
    Ok(Order {
        id,
        flow: new.ask.as_ref().map_or(Flow::Upi, Ask::flow),
        payer: new.ask.as_ref().and_then(Ask::payer),
        charged_now: new
            .ask
            .as_ref()
            .filter(|ask| ask.charges_mandate_now())
            .map(|_| new.amount),
        merchant_id: merchant.id.clone(),
        reference: new.reference,
        status: Status::Pending,
        amount: new.amount,
        discount: Discount::NotAsked,
        payee: payee.clone(),
        payee_name: merchant.name.clone(),
        deeplink,
        success_url: new.success_url,
        note: new.note,
        reason: None,
        paid_utr: None,
        created_at_ms: now_ms,
        expires_at_ms: new
            .lifetime_ms
            .map(|lifetime| now_ms.saturating_add(lifetime)),
        closed_at_ms: None,
    })
}

/// Reads an order as it stands now. A poll does not wait for a writer, unless it is the first to
/// see that the time is over.
///
/// # Errors
/// [`Refusal::OrderNotFound`].
pub async fn read(store: &Store, id: &OrderId, now_ms: i64) -> Result<Order, LedgerError> {
    let order = orders::get(&mut *store.read().await?, id).await?;
    let order = order.ok_or(Refusal::OrderNotFound)?;
    if !order.is_overdue(now_ms) {
        return Ok(order);
    }
    let mut tx = store.write().await?;
    let order = current(&mut tx, id, now_ms).await?;
    tx.commit().await?;
    Ok(order)
}

/// Reads and locks an order within a transaction, and closes it where its time is over.
///
/// # Errors
/// [`Refusal::OrderNotFound`].
pub async fn current(tx: &mut Tx, id: &OrderId, now_ms: i64) -> Result<Order, LedgerError> {
    let order = orders::lock(tx, id).await?.ok_or(Refusal::OrderNotFound)?;
    if order.is_overdue(now_ms) {
        apply(tx, id, &Input::TimeIsUp, "deadline", now_ms).await
    } else {
        Ok(order)
    }
}

/// Closes an order that its merchant has called off. One that ended unpaid stays as it ended; money
/// that comes all the same is taken.
///
/// # Errors
/// [`Refusal::OrderClosed`] where it is paid; [`Refusal::StillAsked`] where PhonePe may still ask the
/// customer.
pub async fn cancel(
    tx: &mut Tx,
    id: &OrderId,
    called_off: &CalledOff,
    now_ms: i64,
) -> Result<Order, LedgerError> {
    let order = current(tx, id, now_ms).await?;
    match order.status {
        Status::Success => return Err(Refusal::OrderClosed.into()),
        Status::Expired | Status::Failed => return Ok(order),
        Status::Pending => (),
    }
    // PhonePe may have been asked for the payment since.
    let newest = attempts::newest(tx, id).await?;
    let asked = newest.filter(|attempt| can_be_called_off(attempt, &order));
    match (called_off, asked) {
        (CalledOff::PaidAlready, _) => return Err(Refusal::OrderClosed.into()),
        (_, None) => (),
        (CalledOff::Off(id), Some(attempt)) if *id == attempt.transaction_id => (),
        (_, Some(_)) => return Err(Refusal::StillAsked.into()),
    }
    let reason = "The shop has cancelled this order.".to_owned();
    apply(tx, id, &Input::Declined { reason }, "cancelled", now_ms).await
}

/// Grants the discount that makes the payable amount unique among the payee's live orders. What
/// was granted once is the answer for ever, even after the end. `max_paise` says the most that this
/// order's merchant gives.
///
/// # Errors
/// [`Refusal::OrderClosed`] where the order ended before it had one.
pub async fn grant_discount(
    tx: &mut Tx,
    id: &OrderId,
    max_paise: impl FnOnce(&Order) -> u64,
    now_ms: i64,
) -> Result<Order, LedgerError> {
    let order = orders::get(tx, id).await?.ok_or(Refusal::OrderNotFound)?;
    // Two orders that look for a free amount at once must not find the same.
    let merchant_id = &order.merchant_id;
    tx.lock(Lock::Matching { merchant_id }).await?;
    let mut order = current(tx, id, now_ms).await?;
    if order.discount != Discount::NotAsked {
        return Ok(order);
    }
    if order.status != Status::Pending {
        return Err(Refusal::OrderClosed.into());
    }
    // What PhonePe was asked for cannot change any more.
    let max_paise = if order.flow == Flow::Upi {
        max_paise(&order)
    } else {
        0
    };
    order.discount = free_discount(tx, &order, max_paise, now_ms).await?;
    if !orders::set_discount(tx, id, order.discount).await? {
        return Err(Refusal::OrderClosed.into());
    }
    let payable = order.payable().to_rupees();
    events::append(tx, id, now_ms, Kind::Discount, &payable).await?;
    Ok(order)
}

async fn free_discount(
    conn: &mut Conn,
    order: &Order,
    max_paise: u64,
    now_ms: i64,
) -> Result<Discount, StoreError> {
    let live = orders::Live {
        merchant_id: &order.merchant_id,
        payee_key: &order.payee.normalized(),
        ended_after_ms: now_ms.saturating_sub(LATE_MONEY_MS),
    };
    let least = order.amount.get().saturating_sub(max_paise).max(1);
    let least = Paise::new(least).unwrap_or(order.amount);
    let taken = orders::expected_amounts(conn, live, &order.id, least, order.amount).await?;
    Ok(smallest_free(order.amount, max_paise, &taken))
}

/// The most that is kept of what a page tells about one order.
const PAGE_EVENTS_MAX: i64 = 500;

/// Keeps what the page told.
///
/// # Errors
/// [`Refusal::OrderNotFound`], [`Refusal::TooManyEvents`].
pub async fn note_page_event(
    tx: &mut Tx,
    id: &OrderId,
    content: &str,
    now_ms: i64,
) -> Result<(), LedgerError> {
    // Locked, or several at once would each be the last that is let in.
    orders::lock(tx, id).await?.ok_or(Refusal::OrderNotFound)?;
    if events::count(tx, id, Kind::Page).await? >= PAGE_EVENTS_MAX {
        return Err(Refusal::TooManyEvents.into());
    }
    events::append(tx, id, now_ms, Kind::Page, content).await?;
    Ok(())
}
