//! The checkout of one order, as a state machine: events in, effects out, a view beside them.
//!
//! **Contract.** Feed [`Checkout::handle`] one event at a time with the page's clock, draw
//! [`Checkout::view`], then carry out the effects in order. An effect answers with a later event,
//! never from inside.
//!
//! What always holds:
//! - Paid is what the server called `SUCCESS`, and nothing takes it back.
//! - At most one request of each kind is in flight, and none is started while the page is hidden.
//! - Every wait is a deadline in here; the shell holds one timer and no rule.
//! - The amount that is shown is the amount of every link and code that is offered.

mod answers;
mod customer;
mod event;
mod in_flight;
mod offer;
mod outbox;
mod view;

use std::sync::Arc;

use crate::apps::App;
use crate::clock::ServerClock;
use crate::device::Device;
use crate::link::Disagreement;
use crate::qr::Qr;
use crate::utr::{Utr, UtrError};
use crate::wire::{Call, CallKind, Order};
pub use event::{CallId, Effect, Event, Reply, Setup};
use in_flight::InFlight;
use offer::Offer;
use outbox::Outbox;
pub use view::{Amounts, AppButton, Payee, QrView, Screen, Tone, UtrView, View, Waiting};

/// How long "Paid" is shown before the page leaves for `successUrl`, in milliseconds.
pub const PAID_PAUSE_MS: u64 = 3_000;
/// How long the amounts are shown before PhonePe opens, in milliseconds.
pub const AMOUNTS_PAUSE_MS: u64 = 800;
/// How long after a tap a browser still lets the page open an app, in milliseconds. Chrome counts
/// a tap for 5 s; a second is left for the way from here to the browser.
pub const TAP_COUNTS_MS: u64 = 4_000;
/// An app that has not covered the page by then has most likely not opened, in milliseconds.
pub const OPENED_WITHIN_MS: u64 = 2_500;
/// How often a lost discount answer is asked for again by itself.
const DISCOUNT_TRIES_MAX: u32 = 3;

/// One order's checkout.
#[derive(Clone, Debug)]
pub struct Checkout {
    setup: Setup,
    clock: ServerClock,
    stage: Stage,
    known: Option<Known>,
    in_flight: InFlight,
    asking: Asking,
    outbox: Outbox,
    phonepe: PhonePe,
    launched: Option<Launched>,
    utr: UtrForm,
    qr_open: bool,
    qr: Option<DrawnQr>,
    copied: Option<bool>,
    random: u32,
    armed: Option<u64>,
    effects: Vec<Effect>,
}

/// Where the checkout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The order is not known yet.
    Loading,
    /// The order is not known, and this is why.
    Unavailable(Trouble),
    /// The order can be paid.
    Open,
    /// The time is over, by the server's word or its deadline; a late success is still watched for.
    Expired,
    /// The server called it failed; a late success is still watched for.
    Failed,
    /// The server called it paid. Nothing leads out of here.
    Paid(Leaving),
}

/// The way from "Paid" to `successUrl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaving {
    /// There is no address to go to, or none that may be opened.
    Nowhere,
    /// The page leaves at this time.
    At(u64),
    /// The page has left, and may have been brought back.
    Left,
}

/// Why an order cannot be shown or paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The address names no order.
    NoOrder,
    /// The back end does not know the order.
    NotFound,
    /// The back end refused to show it.
    Refused,
    /// No answer, or a server error.
    Unreachable,
    /// An answer that is not what the contract says.
    Malformed,
    /// The order has no link to pay with, or one that is not a pay link.
    BadLink,
    /// The link pays somebody else or another amount than the order says.
    Mismatch(Disagreement),
}

impl Trouble {
    /// Whether asking again by itself can help.
    fn may_pass(self) -> bool {
        matches!(self, Trouble::Unreachable | Trouble::Malformed)
    }
}

/// The order and what follows from it.
#[derive(Clone, Debug)]
struct Known {
    order: Order,
    offer: Result<Offer, Trouble>,
}

/// When to ask for the order or its result, and how that went lately.
#[derive(Clone, Copy, Debug, Default)]
struct Asking {
    due_ms: u64,
    failures: u32,
}

/// The way to PhonePe, which leads through the discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PhonePe {
    /// Not chosen, or the discount is known.
    Idle,
    /// The discount is asked for.
    Asking { tapped_ms: u64, tries: u32 },
    /// The answer was lost; the question is put again at `at_ms`.
    AskAgain {
        tapped_ms: u64,
        tries: u32,
        at_ms: u64,
    },
    /// The amounts are shown; the app opens at `at_ms`.
    Opening { at_ms: u64 },
    /// The amounts are shown, but the tap is too long ago: another one opens the app.
    Ready,
    /// The discount could not be had; the customer decides.
    Stuck,
}

/// An app that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Launched {
    app: App,
    at_ms: u64,
    trip: Trip,
}

/// What was seen of an app after its launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trip {
    /// The page is still in sight.
    Here,
    /// The page is out of sight.
    Away,
    /// The page is back in sight. That says nothing about the payment.
    Back,
}

/// The code that is in sight, and what it holds. Encoding takes milliseconds on a phone: it is done
/// when the customer wants to see the code, and again only when its text changes.
#[derive(Clone, Debug)]
struct DrawnQr {
    text: String,
    code: Arc<Qr>,
}

/// The UTR form.
#[derive(Clone, Debug, Default)]
struct UtrForm {
    open: bool,
    draft: String,
    sent: Option<Utr>,
    note: Option<UtrNote>,
}

/// What became of a UTR.
#[derive(Clone, Debug, PartialEq, Eq)]
enum UtrNote {
    NotOne(UtrError),
    Claimed(Utr),
    Invalid,
    Used,
    Closed,
    TooMany,
    Refused(String),
    NotSent,
}

impl Checkout {
    /// A checkout that has not started.
    pub fn new(setup: Setup) -> Self {
        let outbox = setup
            .saved
            .as_deref()
            .map(Outbox::restore)
            .unwrap_or_default();
        Self {
            clock: ServerClock::default(),
            stage: Stage::Loading,
            known: None,
            in_flight: InFlight::default(),
            asking: Asking::default(),
            outbox,
            phonepe: PhonePe::Idle,
            launched: None,
            utr: UtrForm::default(),
            qr_open: setup.device == Device::Desktop,
            qr: None,
            copied: None,
            random: setup.seed | 1,
            armed: None,
            effects: Vec::new(),
            setup,
        }
    }

    /// Takes one event at `now_ms` on the page's clock and returns the work that it asks for.
    pub fn handle(&mut self, now_ms: u64, event: Event) -> Vec<Effect> {
        match event {
            Event::Started { inline } => self.start(now_ms, inline),
            Event::Woke => self.armed = None,
            Event::Answered { id, reply } => self.answered(now_ms, id, reply),
            Event::Hidden => self.hidden(),
            Event::Shown => self.shown(now_ms),
            Event::Online(online) => self.online_changed(now_ms, online),
            Event::AppTapped(app) => self.app_tapped(now_ms, app),
            Event::OpenAgainTapped => self.open_again_tapped(now_ms),
            Event::QrTapped => self.qr_tapped(),
            Event::CopyTapped => self.copy_tapped(),
            Event::Copied(worked) => self.copied = Some(worked),
            Event::UtrTapped => self.utr.open = !self.utr.open,
            Event::UtrTyped(text) => self.utr_typed(text),
            Event::UtrSubmitted => self.utr_submitted(now_ms),
            Event::RetryTapped => self.retry_tapped(now_ms),
            Event::ContinueTapped => self.continue_tapped(),
        }
        self.settle(now_ms);
        std::mem::take(&mut self.effects)
    }

    fn start(&mut self, now_ms: u64, inline: Option<crate::json::Json>) {
        if self.setup.order_id.is_empty() {
            self.stage = Stage::Unavailable(Trouble::NoOrder);
            self.asking.due_ms = u64::MAX;
            return;
        }
        self.asking.due_ms = now_ms;
        if let Some(body) = inline {
            self.order_answered(
                now_ms,
                Reply::Answer {
                    http: 200,
                    retry_after_ms: None,
                    body: Some(body),
                },
            );
            // An inline answer that cannot be read costs nothing: the call is made after all.
            if self.known.is_none() {
                self.stage = Stage::Loading;
                self.asking = Asking {
                    due_ms: now_ms,
                    failures: 0,
                };
            }
        }
    }

    fn hidden(&mut self) {
        self.setup.visible = false;
        // Phones kill requests of pages that they put away: better to ask anew on return.
        self.abort(CallKind::Info);
        self.abort(CallKind::Result);
        if let Some(launched) = self
            .launched
            .as_mut()
            .filter(|launched| launched.trip == Trip::Here)
        {
            launched.trip = Trip::Away;
        }
    }

    fn shown(&mut self, now_ms: u64) {
        if std::mem::replace(&mut self.setup.visible, true) {
            return;
        }
        self.ask_at_once(now_ms);
        if let Stage::Paid(Leaving::At(_)) = self.stage {
            self.stage = Stage::Paid(Leaving::At(now_ms.saturating_add(PAID_PAUSE_MS)));
        }
        if let Some(launched) = self
            .launched
            .as_mut()
            .filter(|launched| launched.trip == Trip::Away)
        {
            launched.trip = Trip::Back;
            self.tell("RETURN".to_owned());
        }
        if let PhonePe::Opening { .. } = self.phonepe {
            self.phonepe = PhonePe::Ready;
        }
    }

    fn online_changed(&mut self, now_ms: u64, online: bool) {
        self.setup.online = online;
        if online {
            self.ask_at_once(now_ms);
        }
    }

    /// Makes whatever waits for a better moment due now.
    fn ask_at_once(&mut self, now_ms: u64) {
        if self.setup.order_id.is_empty() {
            return;
        }
        self.asking = Asking {
            due_ms: now_ms,
            failures: 0,
        };
        self.outbox.due_ms = 0;
    }

    /// Brings everything that depends on time up to date and asks for the next wake-up.
    fn settle(&mut self, now_ms: u64) {
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

    /// Encodes the code that is to be seen, unless that is done.
    fn draw_qr(&mut self) {
        let text = self
            .offer()
            .filter(|_| self.qr_open)
            .and_then(|offer| offer.qr_text.clone());
        if self.qr.as_ref().map(|drawn| &drawn.text) != text.as_ref() {
            self.qr = text.and_then(|text| {
                Some(DrawnQr {
                    code: Arc::new(Qr::encode(&text)?),
                    text,
                })
            });
        }
    }

    /// The order as long as it is not known, its result from then on.
    fn next_question(&self) -> Call {
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
        let step = if left > view::SECONDS_BELOW_MS {
            60_000
        } else {
            1_000
        };
        let into = left.checked_rem(step).unwrap_or_default();
        Some(now_ms.saturating_add(if into == 0 { step } else { into }))
    }

    /// The order's deadline on the page's clock.
    fn deadline_ms(&self) -> Option<u64> {
        let server_ms = self.known.as_ref()?.order.expires_at_ms?;
        Some(self.clock.local_ms(server_ms))
    }

    fn is_paid(&self) -> bool {
        matches!(self.stage, Stage::Paid(_))
    }

    fn offer(&self) -> Option<&Offer> {
        self.known
            .as_ref()?
            .offer
            .as_ref()
            .ok()
            .filter(|_| self.stage == Stage::Open)
    }

    fn send(&mut self, now_ms: u64, call: Call) {
        if let Some(id) = self.in_flight.start(now_ms, call.kind()) {
            self.effects.push(Effect::Send { id, call });
        }
    }

    fn abort(&mut self, kind: CallKind) {
        if let Some(id) = self.in_flight.abandon(kind) {
            self.effects.push(Effect::Abort(id));
        }
    }

    /// Queues an event for the server and keeps it until the server has it.
    fn tell(&mut self, content: String) {
        self.outbox.push(content);
        self.save();
    }

    fn save(&mut self) {
        self.effects.push(Effect::Save(self.outbox.save()));
    }

    /// A small random number (xorshift): enough to spread requests, good for nothing else.
    fn next_random(&mut self) -> u32 {
        let mut x = self.random;
        x ^= x.wrapping_shl(13);
        x ^= x.wrapping_shr(17);
        x ^= x.wrapping_shl(5);
        self.random = x;
        x
    }
}

#[cfg(test)]
mod tests;
