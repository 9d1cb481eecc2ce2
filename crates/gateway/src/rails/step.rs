//! One step of one attempt: ask PhonePe for the payment, or ask what became of it.
//!
//! ```text
//! new ──► (stored as unsure) ──call──► open        a link, or the customer was asked
//!                                  ├─► done        refused: the order has failed
//!                                  └─► unsure      no answer, an error, a duplicate
//! unsure ──status──► done                          paid or failed after all
//!                ├─► new                           PhonePe never saw it, or never says: the same id again
//!                └─► open                          it is there; a lost link: one more attempt
//! open ──status, on the ladder──► done
//! ```

use checkout_core::vpa::Vpa;
use phonepe::answer::{Started, Unreadable};
use phonepe::call::Call;
use phonepe::report::{Outcome, Report};
use phonepe::vpa::{self, Verdict};
use phonepe::{ladder, status};

use super::ask::Ask;
use super::attempt::{ATTEMPTS_MAX, Attempt, State};
use super::http::Reply;
use super::numbers::REPORTS;
use super::{PhonePe, pause_ms};
use crate::app::App;
use crate::ledger::{self, Believed, LedgerError};
use crate::merchant::Merchant;
use crate::order::{Order, Status};
use crate::random;
use crate::store::{StoreError, Tx, attempts, orders};
use crate::transition::Input;

/// How long whoever takes an attempt has for its call, before somebody else may look. Longer than
/// two calls, in milliseconds.
pub(super) const LEASE_MS: i64 = 30_000;

/// After so many status checks in a row from which nothing was learnt, the same id is sent again.
const CHECKS_MAX: u32 = 4;

/// What a customer reads where every answer with a link got lost.
const LINK_LOST: &str = "PhonePe could not be reached. Please start again at the shop.";

/// Takes the next step of an attempt that was taken until `lease_ends_ms`.
///
/// # Errors
/// Where the database fails. The attempt is then looked at again after its lease.
pub async fn step(app: &App, transaction_id: &str, lease_ends_ms: i64) -> Result<(), LedgerError> {
    go(app, transaction_id, Who::Worker { lease_ends_ms }).await
}

/// Takes the first step of an attempt, in the request that made its order.
///
/// # Errors
/// As [`step`].
pub async fn begin(app: &App, transaction_id: &str) -> Result<(), LedgerError> {
    go(app, transaction_id, Who::Maker).await
}

/// Who takes a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Whoever looks at what is due, and has taken it until then.
    Worker { lease_ends_ms: i64 },
    /// The request that made the order; it goes first ([`super::attempt::HEAD_START_MS`]).
    Maker,
}

async fn go(app: &App, transaction_id: &str, who: Who) -> Result<(), LedgerError> {
    let Some((attempt, order, was)) = take(app, transaction_id, who).await? else {
        return Ok(());
    };
    let Some((merchant, phonepe)) = app
        .merchant_of(&order)
        .and_then(|merchant| Some((merchant, merchant.phonepe.as_ref()?)))
    else {
        // It has left the configuration; it may come back.
        tracing::warn!(order = ?order.id, "no PhonePe account for an order that waits for PhonePe");
        return Ok(());
    };
    let ask = attempt.ask(order.flow)?;
    let step = Step {
        app,
        phonepe,
        order,
        attempt,
        ask,
    };
    match was {
        State::New => {
            let outcome = step.start().await;
            step.started(outcome).await
        }
        State::Unsure | State::Open => step.check(merchant, was).await,
        State::Done => Ok(()),
    }
}

/// Takes an attempt: says in the database that a call is under way, before it is.
async fn take(
    app: &App,
    transaction_id: &str,
    who: Who,
) -> Result<Option<(Attempt, Order, State)>, LedgerError> {
    let now_ms = app.now_ms();
    let mut tx = app.store.write().await?;
    let Some((mut attempt, _)) = attempts::lock(&mut tx, transaction_id).await? else {
        return Ok(None);
    };
    let is_mine = match who {
        Who::Worker { lease_ends_ms } => attempt.next_at_ms == lease_ends_ms,
        Who::Maker => attempt.state == State::New && attempt.started_at_ms.is_none(),
    };
    if attempt.state == State::Done || !is_mine {
        return Ok(None);
    }
    let order = ledger::current(&mut tx, &attempt.order_id, now_ms).await?;
    let was = attempt.state;
    let is_over = now_ms >= attempt.ends_at_ms
        || order.status == Status::Success
        || (was == State::New && order.status != Status::Pending);
    if is_over {
        attempt.state = State::Done;
        attempts::save(&mut tx, &attempt).await?;
        tx.commit().await?;
        return Ok(None);
    }
    attempt.next_at_ms = now_ms.saturating_add(LEASE_MS);
    if was == State::New {
        attempt.state = State::Unsure;
        attempt.started_at_ms = attempt.started_at_ms.or(Some(now_ms));
    }
    attempts::save(&mut tx, &attempt).await?;
    tx.commit().await?;
    Ok(Some((attempt, order, was)))
}

/// What came of asking for a payment.
enum Outset {
    /// The customer can pay: with this link, or in the app.
    Open(Option<String>),
    /// There is no payment and will be none; why, for the customer.
    Refused(&'static str),
    /// PhonePe was not asked for it yet.
    NotYet,
    /// PhonePe says that it knows the id.
    Duplicate,
    /// PhonePe may know it.
    Unsure,
}

struct Step<'a> {
    app: &'a App,
    phonepe: &'a PhonePe,
    order: Order,
    attempt: Attempt,
    ask: Ask,
}

impl Step<'_> {
    async fn call(&self, kind: &'static str, call: &Call) -> Option<Reply> {
        let call = self.app.ask_phonepe(self.phonepe, &self.order, kind, call);
        call.await
    }

    async fn start(&self) -> Outset {
        let address = &self.phonepe.api_url;
        let now_ms = self.app.now_ms();
        if self.app.rails.breakers.is_resting(address, now_ms) {
            return Outset::NotYet;
        }
        let verified = match self.ask.to_verify().map(Vpa::parse) {
            None => None,
            Some(Err(_)) => return Outset::Refused("This UPI ID does not exist."),
            Some(Ok(asked)) => match self.verify(&asked).await {
                Some(Verdict::Known(vpa)) => Some(vpa),
                Some(Verdict::NoSuchVpa) => {
                    return Outset::Refused("This UPI ID does not exist.");
                }
                Some(Verdict::Unsure(_)) | None => return Outset::NotYet,
            },
        };
        let (account, id) = (&self.phonepe.account, &self.attempt.transaction_id);
        let left_s = self.seconds_left(now_ms);
        let ready = self
            .ask
            .ready(account, &self.order, id, left_s, verified.as_ref());
        let call = match ready.call(account, self.app.way_back(&self.order)) {
            Ok(call) => call,
            Err(error) => {
                tracing::error!(order = ?self.order.id, %error, "PhonePe would not take this");
                return Outset::Refused("The payment could not be started.");
            }
        };
        match self.call("start", &call).await {
            None => Outset::Unsure,
            Some(reply) => self.read(ready.read(&reply, &self.phonepe.page_url)),
        }
    }

    fn read(&self, started: Result<Started, Unreadable>) -> Outset {
        match started {
            Ok(Started::Open(opening)) => Outset::Open(Some(opening.link)),
            Ok(Started::Asked) => Outset::Open(None),
            Ok(Started::Refused(code)) => {
                tracing::error!(order = ?self.order.id, %code, "PhonePe refused a payment");
                Outset::Refused("The payment could not be started.")
            }
            Ok(Started::Duplicate) => Outset::Duplicate,
            // Nobody knows: the status check says.
            Ok(Started::Unsure(_)) => Outset::Unsure,
            Ok(Started::Differs(field)) => {
                tracing::error!(order = ?self.order.id, field, "PhonePe answered for another payment");
                Outset::Unsure
            }
            Err(why) => {
                tracing::warn!(order = ?self.order.id, %why, "PhonePe's answer was not read");
                Outset::Unsure
            }
        }
    }

    async fn verify(&self, asked: &Vpa) -> Option<Verdict> {
        let call = vpa::call(&self.phonepe.account, asked);
        let reply = self.call("verify", &call).await?;
        vpa::read(&reply.body, asked).ok()
    }

    fn seconds_left(&self, now_ms: i64) -> u32 {
        let ends_at_ms = self.order.expires_at_ms.unwrap_or(now_ms);
        u32::try_from(ends_at_ms.saturating_sub(now_ms) / 1_000)
            .unwrap_or_default()
            .max(1)
    }

    /// Keeps what came of asking.
    async fn started(mut self, outset: Outset) -> Result<(), LedgerError> {
        let now_ms = self.app.now_ms();
        let mut tx = self.app.store.write().await?;
        if !self.is_still_mine(&mut tx).await? {
            return Ok(());
        }
        match outset {
            Outset::Open(link) => {
                if let Some(link) = link {
                    orders::set_deeplink(&mut tx, &self.order.id, &link).await?;
                }
                self.open(now_ms);
            }
            Outset::Refused(reason) => {
                let reason = reason.to_owned();
                let input = Input::Declined { reason };
                ledger::end_unpaid(&mut tx, &self.attempt, "refused", &input, now_ms).await?;
                self.attempt.state = State::Done;
            }
            Outset::NotYet => {
                self.attempt.state = State::New;
                self.wait(now_ms);
            }
            // An earlier call has arrived. The status check says more, unless it never says anything.
            Outset::Duplicate if self.attempt.tries >= CHECKS_MAX => {
                self.found(&mut tx, now_ms).await?;
            }
            Outset::Duplicate | Outset::Unsure => {
                self.attempt.state = State::Unsure;
                self.wait(now_ms);
            }
        }
        attempts::save(&mut tx, &self.attempt).await?;
        Ok(tx.commit().await?)
    }

    /// Locks the attempt. `false`: the call took longer than the lease, and another has taken it since;
    /// what follows is for that one to say.
    async fn is_still_mine(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let found = attempts::lock(tx, &self.attempt.transaction_id).await?;
        Ok(found.is_some_and(|(attempt, _)| {
            attempt.state == State::Done || attempt.next_at_ms == self.attempt.next_at_ms
        }))
    }

    fn open(&mut self, now_ms: i64) {
        self.attempt.state = State::Open;
        self.attempt.tries = 0;
        let started_at_ms = self.attempt.started_at_ms.unwrap_or(now_ms);
        let first = ladder::first(started_at_ms, random::byte());
        // A link that came late is looked at on the ladder, from where it stands.
        self.attempt.next_at_ms = if first > now_ms {
            first
        } else {
            ladder::next(started_at_ms, now_ms)
        };
    }

    fn wait(&mut self, now_ms: i64) {
        self.attempt.next_at_ms = now_ms.saturating_add(pause_ms(self.attempt.tries));
        self.attempt.tries = self.attempt.tries.saturating_add(1);
    }

    /// Asks what became of it, and keeps that.
    async fn check(mut self, merchant: &Merchant, was: State) -> Result<(), LedgerError> {
        let report = self.ask_status().await;
        let now_ms = self.app.now_ms();
        let mut tx = self.app.store.write().await?;
        let believed = match &report {
            None => Believed::Nothing,
            Some(report) => ledger::believe(&mut tx, merchant, report, now_ms).await?,
        };
        note(self.app, "status", &self.order, believed);
        if !self.is_still_mine(&mut tx).await? {
            return Ok(tx.commit().await?);
        }
        match (believed, was) {
            (Believed::Paid | Believed::PaidTwice | Believed::Failed, _) => {
                self.attempt.state = State::Done;
            }
            (Believed::Pending, State::Unsure) => self.found(&mut tx, now_ms).await?,
            (Believed::NotFound, State::Unsure) => {
                self.attempt.state = State::New;
                self.wait(now_ms);
            }
            (Believed::Nothing, State::Unsure) => {
                // The same id again is safe: PhonePe knows it or takes it.
                if self.attempt.tries >= CHECKS_MAX && self.order.status == Status::Pending {
                    self.attempt.state = State::New;
                }
                self.wait(now_ms);
            }
            (Believed::Differs(_), State::Unsure) => self.wait(now_ms),
            (_, State::New | State::Open | State::Done) => {
                let started_at_ms = self.attempt.started_at_ms.unwrap_or(now_ms);
                self.attempt.next_at_ms = ladder::next(started_at_ms, now_ms);
            }
        }
        attempts::save(&mut tx, &self.attempt).await?;
        Ok(tx.commit().await?)
    }

    /// The answer to a status check, if it is about this attempt.
    async fn ask_status(&self) -> Option<Report> {
        let id = &self.attempt.transaction_id;
        let call = status::call(&self.phonepe.account, self.ask.subject(), id).ok()?;
        let reply = self.call("status", &call).await?;
        let report = status::read(&reply.body).ok()?;
        let is_about_it = report.id.as_ref() == Some(id);
        let needs_no_id = matches!(report.outcome, Outcome::NotFound | Outcome::Unsure(_));
        (is_about_it || needs_no_id).then_some(report)
    }

    /// PhonePe has it, and its answer got lost. Where that held the link, nobody can pay it, so the
    /// customer gets another attempt; this one is watched as well, and any of them may pay the order.
    /// After the last one the order ends: customer and shop had better know than wait.
    async fn found(&mut self, tx: &mut Tx, now_ms: i64) -> Result<(), LedgerError> {
        self.open(now_ms);
        let number = self.attempt.number.saturating_add(1);
        let newest = attempts::newest(tx, &self.order.id).await?;
        let is_newest = newest.is_none_or(|newest| newest.number < number);
        let can_wait = self.order.status == Status::Pending;
        if !self.ask.needs_link() || !is_newest || !can_wait {
            return Ok(());
        }
        if number > ATTEMPTS_MAX {
            let reason = LINK_LOST.to_owned();
            let input = Input::Declined { reason };
            ledger::end_unpaid(tx, &self.attempt, "link-lost", &input, now_ms).await?;
        } else {
            let ask = self.attempt.ask.clone();
            attempts::insert(tx, &Attempt::new(&self.order, number, ask, now_ms)).await?;
            self.app.rails.wake.notify_one();
        }
        Ok(())
    }
}

/// Counts what a report came to, and tells operators what needs a person.
pub(crate) fn note(app: &App, source: &'static str, order: &Order, believed: Believed) {
    app.rails.numbers.count(REPORTS, source, believed.as_str());
    match believed {
        Believed::PaidTwice => {
            tracing::error!(order = ?order.id, source, "an order was paid twice: one payment is owed back");
        }
        Believed::Differs(field) => {
            tracing::error!(order = ?order.id, source, field, "PhonePe tells of something else; ignored");
        }
        Believed::Paid
        | Believed::Failed
        | Believed::Pending
        | Believed::NotFound
        | Believed::Nothing => (),
    }
}
