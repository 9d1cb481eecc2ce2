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
mod code;
mod customer;
mod event;
mod in_flight;
mod offer;
mod outbox;
mod parent;
mod schedule;
mod show;
mod state;
mod view;
mod ways;

use crate::clock::ServerClock;
use crate::link::UpiLink;
use crate::wire::{Call, CallKind};
pub use event::{CallId, Effect, Event, Picture, Reply, Setup};
use in_flight::InFlight;
use offer::Offer;
use outbox::Outbox;
pub use parent::Message;
use state::{Asking, Copying, DrawnQr, Known, Launched, Leaving, PhonePe, Stage, Trip, UtrForm};
pub use state::{PictureNote, Trouble};
pub use view::{
    Amounts, AppButton, Elsewhere, Payee, QrView, Screen, Tone, UtrView, View, Waiting,
};

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
    qr_large: bool,
    is_awake: bool,
    picture: Option<PictureNote>,
    qr: Option<DrawnQr>,
    copying: Copying,
    /// What the merchant's loader was told last; `None` without a loader.
    parent: Option<Option<Screen>>,
    random: u32,
    armed: Option<u64>,
    effects: Vec<Effect>,
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
            qr_open: false,
            qr_large: false,
            is_awake: false,
            picture: None,
            qr: None,
            copying: Copying::None,
            parent: None,
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
            Event::NotOpened => self.not_opened(),
            Event::ContinuedOnWeb => self.continued_on_web(),
            Event::ParentAnswered => self.parent_answered(),
            Event::EscPressed => self.esc_pressed(),
            Event::Resized(room) => self.setup.room = room,
            Event::Focused(focused) => self.focus_changed(now_ms, focused),
            Event::QrTapped => self.qr_tapped(),
            Event::QrEnlarged(large) => self.qr_enlarged(large),
            Event::QrSaveTapped => self.qr_save_tapped(),
            Event::QrShareTapped => self.qr_share_tapped(),
            Event::QrSaved(true) => self.picture = Some(PictureNote::Saved),
            Event::QrSaved(false) => self.picture = Some(PictureNote::Refused),
            Event::CopyTapped => self.copy_tapped(),
            Event::CopyAddressTapped => self.copy_address_tapped(),
            Event::Copied(worked) => self.copied(worked),
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
            .filter(|launched| matches!(launched.trip, Trip::Here | Trip::Asked))
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

    /// While the browser or the phone asks whether to open the app, the page waits; a customer who
    /// says no gets the other ways soon after.
    fn focus_changed(&mut self, now_ms: u64, focused: bool) {
        if let Some(launched) = &mut self.launched {
            match (launched.trip, focused) {
                (Trip::Here, false) => launched.trip = Trip::Asked,
                (Trip::Asked, true) => {
                    launched.trip = Trip::Here;
                    launched.at_ms = now_ms;
                }
                (Trip::Here | Trip::Asked | Trip::Missing | Trip::Away | Trip::Back, _) => {}
            }
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

    /// The order's deadline on the page's clock: its own, or its code's where that is sooner.
    fn deadline_ms(&self) -> Option<u64> {
        let known = self.known.as_ref()?;
        let link = known
            .offer
            .as_ref()
            .ok()
            .and_then(|offer| offer.link.as_ref());
        let in_link = link.and_then(UpiLink::expires_at_ms);
        let server_ms = known.order.expires_at_ms.into_iter().chain(in_link).min()?;
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
