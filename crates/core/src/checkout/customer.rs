//! What the customer does.

use super::Checkout;
use super::event::Effect;
use super::offer::Handover;
use super::state::{Copying, Launched, Leaving, PhonePe, Stage, Trip, UtrNote};
use crate::apps::App;
use crate::config::PlainLinks;
use crate::launch;
use crate::link::UpiLink;
use crate::utr::Utr;
use crate::wire::{Call, CallKind};

/// More than anybody types, less than a page full.
const DRAFT_CHARS_MAX: usize = 2_000;

/// How an app is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By a link, which the browser follows at a tap.
    Link(String),
    /// By asking for the discount first.
    Discount,
    /// Not from here.
    None,
}

impl Way {
    pub(super) fn link(self) -> Option<String> {
        match self {
            Way::Link(link) => Some(link),
            Way::Discount | Way::None => None,
        }
    }
}

impl Checkout {
    /// How an app is reached just now.
    ///
    /// PhonePe leads through the discount, unless that is known, or a signed link or a mandate
    /// leaves no room for one. Where no app can be opened, the discount still changes the code.
    pub(super) fn way_to(&self, app: App) -> Way {
        let may_get_discount = app == App::PhonePe
            && self
                .known
                .as_ref()
                .is_some_and(|known| known.order.discount.is_none())
            && self
                .link()
                .is_some_and(|link| !link.is_signed() && link.mandate().is_none());
        if may_get_discount {
            return Way::Discount;
        }
        self.link_for(app).map_or(Way::None, Way::Link)
    }

    /// The address that opens an app on this platform, with the amount that is shown.
    pub(super) fn link_for(&self, app: App) -> Option<String> {
        let link = self.link()?;
        let code_only = self.setup.config.plain_links == PlainLinks::Qr && link.is_plain();
        if code_only || self.setup.config.in_app {
            return None;
        }
        // The way back would take the whole window, and with it the shop around a frame.
        let page = Some(&self.setup.href).filter(|_| !self.setup.framed);
        launch::address(link, app, self.setup.platform, page.map_or("", |page| page))
    }

    pub(super) fn link(&self) -> Option<&UpiLink> {
        self.offer()?.link.as_ref()
    }

    pub(super) fn app_tapped(&mut self, now_ms: u64, app: App) {
        if app != App::PhonePe {
            self.phonepe = PhonePe::Idle;
            self.abort(CallKind::Discount);
        }
        match self.way_to(app) {
            // The browser follows the link by itself.
            Way::Link(link) => self.opened(now_ms, app, link),
            Way::Discount => self.ask_for_discount(now_ms),
            Way::None => {}
        }
    }

    fn ask_for_discount(&mut self, now_ms: u64) {
        match self.phonepe {
            // Already on the way.
            PhonePe::Asking { .. } | PhonePe::AskAgain { .. } | PhonePe::Opening { .. } => {}
            PhonePe::Ready => self.launch(now_ms, App::PhonePe),
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

    /// The customer goes on to the page that takes the payment over, in this very tab.
    pub(super) fn continued_on_web(&mut self) {
        if let Some(page) = self.web_page().map(str::to_owned) {
            self.tell(format!("OPEN_LINK {page}"));
        }
    }

    /// The page that takes the payment over.
    pub(super) fn web_page(&self) -> Option<&str> {
        match self.offer()?.handover.as_ref()? {
            Handover::Page(page) => Some(page),
            Handover::Payer(_) => None,
        }
    }

    /// Who was asked in an app.
    pub(super) fn payer(&self) -> Option<&str> {
        match self.offer()?.handover.as_ref()? {
            Handover::Payer(payer) => Some(payer),
            Handover::Page(_) => None,
        }
    }

    /// The browser took the launch's way back: the app is not there.
    pub(super) fn not_opened(&mut self) {
        if let Some(launched) = &mut self.launched {
            launched.trip = Trip::Missing;
        }
    }

    pub(super) fn copy_tapped(&mut self) {
        let upi_id = self.payee_address();
        if let Some(upi_id) = upi_id.filter(|_| self.offer().is_some()) {
            self.effects.push(Effect::Copy(upi_id));
            self.copying = Copying::UpiId(None);
            self.tell("COPY_UPI_ID".to_owned());
        }
    }

    /// The page's own address, for a browser that can open apps.
    pub(super) fn copy_address_tapped(&mut self) {
        self.effects.push(Effect::Copy(self.setup.href.clone()));
        self.copying = Copying::Address(None);
    }

    pub(super) fn copied(&mut self, worked: bool) {
        self.copying = match self.copying {
            Copying::UpiId(_) => Copying::UpiId(Some(worked)),
            Copying::Address(_) => Copying::Address(Some(worked)),
            Copying::None => Copying::None,
        };
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
            self.open(url, Effect::Go);
            self.close_in_parent();
            self.stage = Stage::Paid(Leaving::Left);
        }
    }
}
