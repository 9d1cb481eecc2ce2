//! What is due when: the one place that looks at deadlines and asks for wake-ups.

use super::event::Effect;
use super::state::{Asking, Leaving, PhonePe, Stage, Trip};
use super::{Checkout, OPENED_WITHIN_MS, show};
use crate::apps::App;
use crate::wire::{Call, CallKind};

impl Checkout {
    /// Brings everything that depends on time up to date and asks for the next wake-up.
    pub(super) fn settle(&mut self, now_ms: u64) {
        while let Some((id, kind)) = self.in_flight.take_overdue(now_ms) {
            self.effects.push(Effect::Abort(id));
            self.not_answered(now_ms, kind, None);
        }
        if self.stage == Stage::Open
            && self
                .deadline_ms()
                .is_some_and(|deadline| deadline <= now_ms)
        {
            // Only the server says how it ended: one last look now, a slow watch after it.
            self.close(Stage::Expired);
            self.asking = Asking {
                due_ms: now_ms,
                failures: 0,
            };
        }
        if self.setup.visible {
            self.send_what_is_due(now_ms);
            self.open_phonepe_when_due(now_ms);
            self.leave_when_due(now_ms);
        }
        self.draw_qr();
        self.tell_parent_of_screen();
        let next = self.next_wake_ms(now_ms);
        if next != self.armed {
            self.armed = next;
            self.effects.push(Effect::Wake(next));
        }
    }

    fn send_what_is_due(&mut self, now_ms: u64) {
        if let Some(content) = self.outbox.head() {
            let call = Call::Event {
                content: content.to_owned(),
            };
            if self.outbox.due_ms <= now_ms {
                self.send(now_ms, call);
            }
        }
        if self.is_paid() {
            return;
        }
        if self.asking.due_ms <= now_ms {
            let call = self.next_question();
            self.send(now_ms, call);
        }
        if let PhonePe::AskAgain {
            tapped_ms,
            tries,
            at_ms,
        } = self.phonepe
            && at_ms <= now_ms
        {
            self.phonepe = PhonePe::Asking {
                tapped_ms,
                tries: tries.saturating_add(1),
            };
            self.send(now_ms, Call::Discount);
        }
    }

    /// The order as long as it is not known, its result from then on.
    pub(super) fn next_question(&self) -> Call {
        if self.known.is_some() {
            return Call::Result;
        }
        Call::Info {
            href: self.setup.href.clone(),
            referrer: self.setup.referrer.clone(),
        }
    }

    fn open_phonepe_when_due(&mut self, now_ms: u64) {
        if let PhonePe::Opening { at_ms } = self.phonepe
            && at_ms <= now_ms
        {
            self.launch(now_ms, App::PhonePe);
        }
    }

    fn leave_when_due(&mut self, now_ms: u64) {
        if let Stage::Paid(Leaving::At(at_ms)) = self.stage
            && at_ms <= now_ms
        {
            self.continue_tapped();
        }
    }

    /// The earliest moment at which something is due; nothing is while the page is hidden, and
    /// nothing is after the end.
    fn next_wake_ms(&self, now_ms: u64) -> Option<u64> {
        if !self.setup.visible {
            return None;
        }
        let event = self
            .outbox
            .head()
            .filter(|_| !self.in_flight.is_open(CallKind::Event))
            .map(|_| self.outbox.due_ms);
        let deadline = self.in_flight.next_deadline_ms();
        match self.stage {
            Stage::Paid(Leaving::Left) => return None,
            // Only the events still have to reach the server.
            Stage::Paid(Leaving::Nowhere) => return [event, deadline].into_iter().flatten().min(),
            Stage::Paid(Leaving::At(at_ms)) => {
                return [event, deadline, Some(at_ms)].into_iter().flatten().min();
            }
            Stage::Loading
            | Stage::Unavailable(_)
            | Stage::Open
            | Stage::Expired
            | Stage::Failed => {}
        }
        let asking = if self.in_flight.is_open(self.next_question().kind()) {
            None
        } else {
            Some(self.asking.due_ms).filter(|due| *due != u64::MAX)
        };
        let phonepe = match self.phonepe {
            PhonePe::AskAgain { at_ms, .. } | PhonePe::Opening { at_ms } => Some(at_ms),
            PhonePe::Idle | PhonePe::Asking { .. } | PhonePe::Ready | PhonePe::Stuck => None,
        };
        let doubt = self
            .launched
            .filter(|launched| launched.trip == Trip::Here)
            .map(|launched| launched.at_ms.saturating_add(OPENED_WITHIN_MS));
        [
            deadline,
            asking,
            event,
            phonepe,
            doubt.filter(|at_ms| *at_ms > now_ms),
            self.next_tick_ms(now_ms),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When the countdown shows something else.
    fn next_tick_ms(&self, now_ms: u64) -> Option<u64> {
        let left = self
            .deadline_ms()
            .filter(|_| self.stage == Stage::Open)?
            .checked_sub(now_ms)?;
        let step = if left > show::SECONDS_BELOW_MS {
            60_000
        } else {
            1_000
        };
        let into = left.checked_rem(step).unwrap_or_default();
        Some(now_ms.saturating_add(if into == 0 { step } else { into }))
    }
}
