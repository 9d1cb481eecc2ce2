//! What the customer does.

use super::Checkout;
use super::event::Effect;
use super::state::{Launched, Leaving, PhonePe, Stage, Trip, UtrNote};
use crate::apps::App;
use crate::utr::Utr;
use crate::wire::{Call, CallKind};

/// More than anybody types, less than a page full.
const DRAFT_CHARS_MAX: usize = 2_000;

impl Checkout {
    /// The link behind an app's button, where it is known before the tap. The browser follows it by
    /// itself, which is what it trusts most.
    ///
    /// PhonePe's is known once the discount is, or where a signed link or a mandate leaves no room
    /// for one.
    pub(super) fn href_for(&self, app: App) -> Option<String> {
        let waits_for_discount = app == App::PhonePe && {
            let known = self.known.as_ref()?;
            let link = self.offer()?.link.as_ref()?;
            known.order.discount.is_none() && !link.is_signed() && link.mandate().is_none()
        };
        if waits_for_discount {
            None
        } else {
            self.link_for(app)
        }
    }

    /// The link that opens an app, with the amount that is shown.
    pub(super) fn link_for(&self, app: App) -> Option<String> {
        self.offer()?.link.as_ref()?.for_app(app)
    }

    pub(super) fn app_tapped(&mut self, now_ms: u64, app: App) {
        if self.offer().is_none() {
            return;
        }
        if app != App::PhonePe {
            self.phonepe = PhonePe::Idle;
            self.abort(CallKind::Discount);
        }
        if let Some(href) = self.href_for(app) {
            return self.opened(now_ms, app, href);
        }
        match self.phonepe {
            // Already on the way.
            PhonePe::Asking { .. } | PhonePe::AskAgain { .. } | PhonePe::Opening { .. } => {}
            PhonePe::Ready => self.launch(now_ms, app),
            PhonePe::Idle | PhonePe::Stuck => {
                self.phonepe = PhonePe::Asking {
                    tapped_ms: now_ms,
                    tries: 1,
                };
                self.send(now_ms, Call::Discount);
            }
        }
    }

    pub(super) fn open_again_tapped(&mut self, now_ms: u64) {
        if let Some(app) = self.chosen() {
            self.app_tapped(now_ms, app);
        }
    }

    /// The app that was opened last, or is about to be.
    pub(super) fn chosen(&self) -> Option<App> {
        if self.phonepe != PhonePe::Idle {
            return Some(App::PhonePe);
        }
        self.launched
            .map(|launched| launched.app)
            .or(self.outbox.app)
    }

    /// An app is being opened by this very link.
    pub(super) fn opened(&mut self, now_ms: u64, app: App, link: String) {
        self.phonepe = PhonePe::Idle;
        self.launched = Some(Launched {
            app,
            at_ms: now_ms,
            trip: Trip::Here,
        });
        self.outbox.app = Some(app);
        self.tell(format!("OPEN_LINK {link}"));
    }

    pub(super) fn qr_tapped(&mut self) {
        self.qr_open = !self.qr_open;
        if self.qr_open && self.offer().is_some() {
            self.tell("SHOW_QR".to_owned());
        }
    }

    pub(super) fn copy_tapped(&mut self) {
        let upi_id = self.payee_address();
        if let Some(upi_id) = upi_id.filter(|_| self.offer().is_some()) {
            self.effects.push(Effect::Copy(upi_id));
            self.tell("COPY_UPI_ID".to_owned());
        }
    }

    /// The payee's UPI id: the order's, else the link's.
    pub(super) fn payee_address(&self) -> Option<String> {
        let known = self.known.as_ref()?;
        let in_link = known
            .offer
            .as_ref()
            .ok()
            .and_then(|offer| offer.link.as_ref())
            .map(|link| link.payee());
        known
            .order
            .upi_id
            .as_ref()
            .or(in_link)
            .map(|vpa| vpa.as_str().to_owned())
    }

    pub(super) fn utr_typed(&mut self, text: String) {
        self.utr.draft = text.chars().take(DRAFT_CHARS_MAX).collect();
        // What was said about the old text does not hold for the new one; a claim stays true.
        self.utr
            .note
            .take_if(|note| !matches!(note, UtrNote::Claimed(_)));
    }

    pub(super) fn utr_submitted(&mut self, now_ms: u64) {
        if self.known.is_none() || self.is_paid() || self.in_flight.is_open(CallKind::Utr) {
            return;
        }
        match Utr::from_pasted(&self.utr.draft) {
            Err(error) => self.utr.note = Some(UtrNote::NotOne(error)),
            Ok(utr) => {
                self.utr.sent = Some(utr.clone());
                self.utr.note = None;
                self.tell("SUBMIT_UTR".to_owned());
                self.send(
                    now_ms,
                    Call::Utr {
                        utr: utr.as_str().to_owned(),
                    },
                );
            }
        }
    }

    pub(super) fn retry_tapped(&mut self, now_ms: u64) {
        if self.is_paid() {
            return;
        }
        self.ask_at_once(now_ms);
    }

    /// Leaves for `successUrl`, at once.
    pub(super) fn continue_tapped(&mut self) {
        if !self.is_paid() {
            return;
        }
        if let Some(url) = self.success_url().map(str::to_owned) {
            self.effects.push(Effect::Go(url));
            self.stage = Stage::Paid(Leaving::Left);
        }
    }
}
