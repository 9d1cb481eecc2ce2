//! What the answers of the five calls change.

use super::event::{CallId, Effect, Reply};
use super::offer::Offer;
use super::state::{Known, Leaving, PhonePe, Stage, Trouble, UtrNote};
use super::{AMOUNTS_PAUSE_MS, Checkout, DISCOUNT_TRIES_MAX, PAID_PAUSE_MS, TAP_COUNTS_MS};
use crate::apps::App;
use crate::poll::{pause_ms, retry_ms};
use crate::redirect;
use crate::wire::{CallKind, Discount, Envelope, Order, Refusal, Status, UtrAnswer, WireError};

/// What an answer comes down to.
enum Outcome<T> {
    Got(T),
    Refused(Refusal),
    /// No answer, or "not now": the request may or may not have been carried out.
    Lost {
        retry_after_ms: Option<u64>,
    },
    Malformed,
}

impl Checkout {
    pub(super) fn answered(&mut self, now_ms: u64, id: CallId, reply: Reply) {
        // An answer that was given up, or comes a second time, changes nothing.
        let Some(kind) = self.in_flight.finish(id) else {
            return;
        };
        match kind {
            CallKind::Info | CallKind::Result => self.order_answered(now_ms, reply),
            CallKind::Discount => self.discount_answered(now_ms, reply),
            CallKind::Event => self.event_answered(now_ms, reply),
            CallKind::Utr => self.utr_answered(now_ms, reply),
        }
    }

    /// A request ran into its deadline.
    pub(super) fn not_answered(
        &mut self,
        now_ms: u64,
        kind: CallKind,
        retry_after_ms: Option<u64>,
    ) {
        match kind {
            CallKind::Info | CallKind::Result => {
                self.order_missed(now_ms, Trouble::Unreachable, retry_after_ms)
            }
            CallKind::Discount => self.discount_missed(now_ms, retry_after_ms),
            CallKind::Event => self.event_missed(now_ms, retry_after_ms),
            CallKind::Utr => self.utr.note = Some(UtrNote::NotSent),
        }
    }

    pub(super) fn order_answered(&mut self, now_ms: u64, reply: Reply) {
        let order_id = self.setup.order_id.clone();
        match self.read(now_ms, reply, |envelope| envelope.order(&order_id)) {
            Outcome::Got(order) => self.order_read(now_ms, order),
            Outcome::Refused(refusal) => {
                let trouble = if refusal.code == "ORDER_NOT_FOUND" {
                    Trouble::NotFound
                } else {
                    Trouble::Refused
                };
                self.order_missed(now_ms, trouble, None);
            }
            Outcome::Lost { retry_after_ms } => {
                self.order_missed(now_ms, Trouble::Unreachable, retry_after_ms)
            }
            Outcome::Malformed => self.order_missed(now_ms, Trouble::Malformed, None),
        }
    }

    fn order_read(&mut self, now_ms: u64, newer: Order) {
        let before = self.known.take();
        let is_first = before.is_none();
        let mut order = newer.clone();
        if let Some(known) = &before {
            order = known.order.clone();
            order.update(newer);
        }
        let offer = match before {
            Some(known) if known.order == order => known.offer,
            Some(_) | None => Offer::derive(&order),
        };
        self.known = Some(Known { order, offer });
        self.follow_status(now_ms);
        if is_first {
            // Where no app can be opened, the code is the way to pay.
            self.qr_open = self
                .setup
                .config
                .apps
                .iter()
                .all(|app| self.link_for(*app).is_none());
        }
        self.asking.failures = 0;
        self.ask_later(now_ms, None);
    }

    /// Goes where the server's status leads.
    fn follow_status(&mut self, now_ms: u64) {
        let Some(status) = self.known.as_ref().map(|known| known.order.status) else {
            return;
        };
        let over = self
            .deadline_ms()
            .is_some_and(|deadline| deadline <= now_ms);
        match status {
            Status::Success => self.paid(now_ms),
            Status::Expired => self.close(Stage::Expired),
            Status::Failed => self.close(Stage::Failed),
            Status::Pending if over => self.close(Stage::Expired),
            Status::Pending => self.stage = Stage::Open,
        }
    }

    fn order_missed(&mut self, now_ms: u64, trouble: Trouble, retry_after_ms: Option<u64>) {
        self.asking.failures = self.asking.failures.saturating_add(1);
        self.ask_later(now_ms, retry_after_ms);
        if self.known.is_none() {
            self.stage = Stage::Unavailable(trouble);
            if !trouble.may_pass() {
                self.asking.due_ms = u64::MAX;
            }
        }
    }

    fn ask_later(&mut self, now_ms: u64, retry_after_ms: Option<u64>) {
        let slow = matches!(self.stage, Stage::Expired | Stage::Failed) || !self.setup.online;
        let random = self.next_random();
        let pause = pause_ms(self.asking.failures, slow, retry_after_ms, random);
        self.asking.due_ms = now_ms.saturating_add(pause);
    }

    /// The order can no longer be paid as offered. What the customer typed stays.
    pub(super) fn close(&mut self, end: Stage) {
        self.stage = end;
        self.phonepe = PhonePe::Idle;
        self.launched = None;
        self.abort(CallKind::Discount);
    }

    fn paid(&mut self, now_ms: u64) {
        for kind in [
            CallKind::Info,
            CallKind::Result,
            CallKind::Discount,
            CallKind::Utr,
        ] {
            self.abort(kind);
        }
        self.phonepe = PhonePe::Idle;
        self.launched = None;
        self.outbox.app = None;
        self.save();
        self.stage = Stage::Paid(match self.success_url() {
            Some(_) => Leaving::At(now_ms.saturating_add(PAID_PAUSE_MS)),
            None => Leaving::Nowhere,
        });
    }

    /// Where the customer goes after paying, if that address may be opened.
    pub(super) fn success_url(&self) -> Option<&str> {
        let url = self.known.as_ref()?.order.success_url.as_deref()?;
        redirect::judge(url, &self.setup.config.redirect_hosts).ok()?;
        Some(url)
    }

    fn discount_answered(&mut self, now_ms: u64, reply: Reply) {
        let order_id = self.setup.order_id.clone();
        match self.read(now_ms, reply, |envelope| envelope.discount(&order_id)) {
            Outcome::Got(discount) => self.discount_read(now_ms, discount),
            Outcome::Refused(refusal) if refusal.code == "ORDER_CLOSED" => {
                self.phonepe = PhonePe::Idle;
                self.ask_at_once(now_ms);
            }
            // No offer today: the full amount is right.
            Outcome::Refused(_) => self.open_phonepe(now_ms),
            Outcome::Lost { retry_after_ms } => self.discount_missed(now_ms, retry_after_ms),
            Outcome::Malformed => self.discount_missed(now_ms, None),
        }
    }

    fn discount_read(&mut self, now_ms: u64, discount: Discount) {
        if discount.is_paid {
            self.phonepe = PhonePe::Idle;
            self.ask_at_once(now_ms);
            return;
        }
        let Some(known) = &mut self.known else { return };
        if known
            .order
            .amount
            .is_some_and(|amount| amount < discount.payable)
        {
            // Nobody pays more for a discount.
            return self.discount_missed(now_ms, None);
        }
        known.order.discount = Some(discount);
        known.offer = Offer::derive(&known.order);
        self.open_phonepe(now_ms);
    }

    /// Opens PhonePe now that its amount is settled: at once, after the customer has seen a new
    /// amount, or with one more tap where the first is too long ago for the browser.
    fn open_phonepe(&mut self, now_ms: u64) {
        let PhonePe::Asking { tapped_ms, .. } = self.phonepe else {
            return;
        };
        if self.link_for(App::PhonePe).is_none() {
            // No app opens from here: the code says the amount now.
            self.phonepe = PhonePe::Idle;
            return;
        }
        let is_new = self.offer().is_some_and(|offer| offer.discount.is_some());
        let at_ms = now_ms.saturating_add(if is_new { AMOUNTS_PAUSE_MS } else { 0 });
        self.phonepe = if !self.setup.visible || at_ms.saturating_sub(tapped_ms) > TAP_COUNTS_MS {
            PhonePe::Ready
        } else {
            PhonePe::Opening { at_ms }
        };
    }

    fn discount_missed(&mut self, now_ms: u64, retry_after_ms: Option<u64>) {
        let PhonePe::Asking { tapped_ms, tries } = self.phonepe else {
            return;
        };
        // The server may have granted it and expect the smaller amount by now: ask again.
        self.phonepe = if tries < DISCOUNT_TRIES_MAX {
            let pause = retry_ms(tries, retry_after_ms, self.next_random());
            PhonePe::AskAgain {
                tapped_ms,
                tries,
                at_ms: now_ms.saturating_add(pause),
            }
        } else {
            PhonePe::Stuck
        };
    }

    fn event_answered(&mut self, now_ms: u64, reply: Reply) {
        match self.read(now_ms, reply, |envelope| envelope.acknowledged()) {
            // A refusal is an answer too: saying it again would block the events behind it.
            Outcome::Got(()) | Outcome::Refused(_) => {
                self.outbox.acknowledge();
                self.save();
            }
            Outcome::Lost { retry_after_ms } => self.event_missed(now_ms, retry_after_ms),
            Outcome::Malformed => self.event_missed(now_ms, None),
        }
    }

    fn event_missed(&mut self, now_ms: u64, retry_after_ms: Option<u64>) {
        self.outbox.failures = self.outbox.failures.saturating_add(1);
        let pause = retry_ms(self.outbox.failures, retry_after_ms, self.next_random());
        self.outbox.due_ms = now_ms.saturating_add(pause);
    }

    fn utr_answered(&mut self, now_ms: u64, reply: Reply) {
        let order_id = self.setup.order_id.clone();
        let is_busy = matches!(reply, Reply::Answer { http: 429, .. });
        self.utr.note = match self.read(now_ms, reply, |envelope| envelope.utr(&order_id)) {
            Outcome::Got(answer) => return self.utr_read(now_ms, &answer),
            Outcome::Refused(refusal) => Some(match refusal.code.as_str() {
                "UTR_INVALID" => UtrNote::Invalid,
                "UTR_USED" => UtrNote::Used,
                "ORDER_CLOSED" => UtrNote::Closed,
                "TOO_MANY_REQUESTS" => UtrNote::TooMany,
                _ => UtrNote::Refused(refusal.message),
            }),
            Outcome::Lost { .. } if is_busy => Some(UtrNote::TooMany),
            Outcome::Lost { .. } | Outcome::Malformed => Some(UtrNote::NotSent),
        };
    }

    fn utr_read(&mut self, now_ms: u64, answer: &UtrAnswer) {
        self.utr.note = self.utr.sent.clone().map(UtrNote::Claimed);
        if let Some(known) = &mut self.known {
            if answer.success_url.is_some() {
                known.order.success_url.clone_from(&answer.success_url);
            }
            if answer.status == Status::Success {
                known.order.status = Status::Success;
                return self.paid(now_ms);
            }
        }
        self.ask_at_once(now_ms);
    }

    /// Opens the app by its link and notes that for the server.
    pub(super) fn launch(&mut self, now_ms: u64, app: App) {
        let Some(link) = self.link_for(app) else {
            return;
        };
        self.open(link.clone(), Effect::Launch);
        self.opened(now_ms, app, link);
    }

    fn read<T>(
        &mut self,
        now_ms: u64,
        reply: Reply,
        read: impl FnOnce(Envelope<'_>) -> Result<T, WireError>,
    ) -> Outcome<T> {
        let Reply::Answer {
            http,
            retry_after_ms,
            body,
        } = reply
        else {
            return Outcome::Lost {
                retry_after_ms: None,
            };
        };
        if matches!(http, 408 | 425 | 429 | 500..) {
            return Outcome::Lost { retry_after_ms };
        }
        let Some(Ok(envelope)) = body.as_ref().map(Envelope::read) else {
            return Outcome::Malformed;
        };
        if let Some(time_ms) = envelope.time_ms {
            self.clock.learn(now_ms, time_ms);
        }
        match read(envelope) {
            Ok(value) if matches!(http, 200..=299) => Outcome::Got(value),
            Err(WireError::Refused(refusal)) => Outcome::Refused(refusal),
            Ok(_) | Err(WireError::Malformed) => Outcome::Malformed,
        }
    }
}
