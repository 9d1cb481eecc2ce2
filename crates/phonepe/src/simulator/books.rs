//! What the simulator knows about each payment, and what its customer does.

use super::{Headers, Simulator, Telling};
use crate::answer::Code;

/// What kind of payment it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// On a page.
    Debit,
    /// Asked in an app.
    Collect,
    /// A mandate.
    Auth,
}

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The customer has not decided.
    Pending,
    /// Paid, or allowed.
    Paid,
    /// Not paid, and why, in PhonePe's word.
    Failed(Code),
}

/// One payment.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The merchant's id of it.
    pub id: String,
    /// What kind it is.
    pub kind: Kind,
    /// How much, in paise; `None` for PENNY_DROP.
    pub amount: Option<u64>,
    /// Where it stands.
    pub state: State,
    /// The subscription, for a mandate.
    pub subscription_id: Option<String>,
    /// Who was asked, for collect requests.
    pub asked: Option<String>,
    /// Opens its page.
    pub token: String,
    /// Where its customer returns to.
    pub redirect_url: Option<String>,
    /// When nobody can pay it any more, in milliseconds since 1970.
    pub expires_at_ms: Option<i64>,
    /// The bank's reference.
    pub utr: String,
    /// PhonePe's own id.
    pub provider_reference_id: String,
    pub(super) callback_url: Option<String>,
}

/// What its customer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Pays, or allows; also after it had failed: money can come late.
    Approve,
    /// Says no.
    Decline,
    /// Something goes wrong at the bank.
    Fail,
    /// Takes too long.
    Expire,
    /// The merchant calls it off.
    Cancel,
}

/// What a subscription's name says: the most that its mandate allows, in paise.
pub(super) fn subscription(id: &str, amount: Option<u64>) -> Result<u64, Code> {
    let name = id.strip_prefix("OMS").ok_or(Code::SubscriptionNotFound)?;
    if name.ends_with("EXPIRED") {
        return Err(Code::SubscriptionExpired);
    }
    if name.ends_with("ACTIVE") {
        return Err(Code::InvalidSubscriptionState);
    }
    match (name.strip_prefix("PENNY"), amount) {
        // The amount is mandatory for TRANSACTION, and must not be passed for PENNY_DROP.
        (None, Some(paise)) => {
            let ceiling = name.strip_prefix("UPTO").and_then(|it| it.parse().ok());
            Ok(ceiling.unwrap_or(paise))
        }
        (Some(ceiling), None) => Ok(ceiling.parse().unwrap_or(100)),
        (None, None) | (Some(_), Some(_)) => Err(Code::BadRequest),
    }
}

impl Simulator {
    pub(super) fn new_payment(
        &mut self,
        kind: Kind,
        merchant_id: &str,
        id: &str,
        headers: &Headers,
    ) -> Result<Payment, Code> {
        if merchant_id != self.account.merchant_id {
            return Err(Code::BadRequest);
        }
        self.serial = self.serial.saturating_add(1);
        let serial = self.serial;
        Ok(Payment {
            id: id.to_owned(),
            kind,
            amount: None,
            state: State::Pending,
            subscription_id: None,
            asked: None,
            token: format!("{id}t{serial}"),
            redirect_url: None,
            expires_at_ms: None,
            utr: format!("7{serial:011}"),
            provider_reference_id: format!("P{serial:021}"),
            callback_url: headers.callback_url.clone(),
        })
    }

    /// Adds a payment; an id is taken once.
    pub(super) fn keep(&mut self, payment: Payment) -> Result<Payment, Code> {
        if self.payments.contains_key(&payment.id) {
            return Err(Code::InvalidTransactionId);
        }
        self.payments.insert(payment.id.clone(), payment.clone());
        Ok(payment)
    }

    /// Its customer does something, and the merchant is told. `false`: there is no such payment, or it
    /// does not take this any more.
    pub fn act(&mut self, now_ms: i64, id: &str, action: Action, telling: Telling) -> bool {
        let Some(payment) = self.payments.get_mut(id) else {
            return false;
        };
        payment.state = match (action, &payment.state) {
            (_, State::Paid) => return false,
            (Action::Approve, State::Pending | State::Failed(_)) => State::Paid,
            (_, State::Failed(_)) => return false,
            (Action::Decline, State::Pending) => State::Failed(Code::PaymentDeclined),
            (Action::Fail, State::Pending) => State::Failed(Code::PaymentError),
            (Action::Expire, State::Pending) => State::Failed(Code::TimedOut),
            (Action::Cancel, State::Pending) => State::Failed(Code::PaymentCancelled),
        };
        self.tell(now_ms, id, telling);
        true
    }

    /// Ends what nobody can pay any more. Every request does this first.
    pub fn pass(&mut self, now_ms: i64) {
        let overdue: Vec<String> = self
            .payments
            .values()
            .filter(|it| it.state == State::Pending)
            .filter(|it| it.expires_at_ms.is_some_and(|at| at <= now_ms))
            .map(|it| it.id.clone())
            .collect();
        for id in overdue {
            self.act(now_ms, &id, Action::Expire, Telling::default());
        }
    }
}
