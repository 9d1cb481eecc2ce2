//! The laws, checked from outside: only what the page sends, shows and asks for counts.

use std::collections::BTreeMap;

use checkout_core::checkout::{CallId, Effect, Event, Reply, Screen, View};
use checkout_core::json::Json;
use checkout_core::link::UpiLink;
use checkout_core::wire::CallKind;

use crate::server::Server;

/// More wake-ups than this within a second are a busy loop.
const WAKES_A_SECOND_MAX: usize = 6;

/// What has been seen so far.
#[derive(Default)]
pub(crate) struct Laws {
    in_flight: BTreeMap<CallId, CallKind>,
    told_paid: bool,
    was_paid: bool,
    has_left: bool,
    is_awake: bool,
    wakes: Vec<u64>,
    /// The pay events that must reach the server, `RETURN` aside.
    expected: Vec<String>,
}

impl Laws {
    /// The page asks for something.
    pub(crate) fn asked(&mut self, effect: &Effect, visible: bool) {
        match effect {
            Effect::Send { id, call } => {
                let kind = call.kind();
                assert!(visible, "a {kind:?} request while hidden");
                assert!(
                    !self.in_flight.values().any(|other| *other == kind),
                    "two {kind:?} requests in flight"
                );
                assert!(
                    !self.was_paid || kind == CallKind::Event,
                    "a {kind:?} request after the end"
                );
                if kind == CallKind::Utr {
                    self.expected.push("SUBMIT_UTR".to_owned());
                }
                self.in_flight.insert(*id, kind);
            }
            Effect::Abort(id) => assert!(
                self.in_flight.remove(id).is_some(),
                "a request given up twice"
            ),
            Effect::Launch(link) => {
                assert!(visible, "an app opened while hidden");
                self.expected.push(format!("OPEN_LINK {link}"));
            }
            Effect::Go(_) => {
                assert!(self.was_paid && visible, "left before Paid was seen");
                self.has_left = true;
            }
            Effect::SaveQr(picture) | Effect::ShareQr(picture) => {
                assert!(
                    !picture.lines.is_empty(),
                    "a picture without payee and amount"
                );
                self.expected.push("SAVE_QR".to_owned());
            }
            Effect::StayAwake(awake) => {
                assert!(visible || !awake, "kept awake while hidden");
                self.is_awake = *awake;
            }
            Effect::Wake(_) | Effect::Copy(_) | Effect::Save(_) | Effect::TellParent(_) => {}
        }
    }

    /// An answer arrives; false where the page has given the request up.
    pub(crate) fn answered(&mut self, id: CallId, reply: &Reply) -> bool {
        let Some(kind) = self.in_flight.remove(&id) else {
            return false;
        };
        self.told_paid |= kind != CallKind::Discount && says_paid(reply);
        true
    }

    /// The customer is about to do something that must be told to the server.
    pub(crate) fn expects(&mut self, event: &Event, view: &View) {
        let opened = match event {
            Event::AppTapped(app) => view
                .apps
                .iter()
                .find(|button| button.app == *app)
                .and_then(|button| button.href.clone()),
            Event::OpenAgainTapped => view
                .waiting
                .as_ref()
                .and_then(|waiting| waiting.href.clone()),
            _ => None,
        };
        if let Some(link) = opened {
            self.expected.push(format!("OPEN_LINK {link}"));
        }
        let has_address = view
            .payee
            .as_ref()
            .is_some_and(|payee| payee.upi_id.is_some());
        match event {
            Event::CopyTapped if has_address => self.expected.push("COPY_UPI_ID".to_owned()),
            Event::QrTapped if view.qr.as_ref().is_some_and(|qr| qr.drawn.is_none()) => {
                self.expected.push("SHOW_QR".to_owned());
            }
            _ => {}
        }
    }

    /// A timer has fired.
    pub(crate) fn woken(&mut self, now_ms: u64) {
        self.wakes.retain(|at_ms| at_ms + 1_000 > now_ms);
        self.wakes.push(now_ms);
        assert!(
            self.wakes.len() <= WAKES_A_SECOND_MAX,
            "a busy loop of wake-ups"
        );
    }

    /// The page is loaded anew: its requests are gone, and so is what it showed.
    pub(crate) fn reloaded(&mut self) {
        *self = Self {
            expected: std::mem::take(&mut self.expected),
            ..Self::default()
        };
    }

    /// What must hold after every step.
    pub(crate) fn check(&mut self, view: &View, wake_ms: Option<u64>, visible: bool) {
        let polls = |kind: &CallKind| matches!(kind, CallKind::Info | CallKind::Result);
        assert!(
            visible || !self.in_flight.values().any(polls),
            "a poll is kept open while hidden"
        );
        let code_is_seen = visible && view.qr.as_ref().is_some_and(|qr| qr.drawn.is_some());
        assert!(code_is_seen || !self.is_awake, "awake without a code");
        assert!(visible || wake_ms.is_none(), "a timer while hidden");
        let paid = view.screen == Screen::Paid;
        assert!(!paid || self.told_paid, "paid without the server's word");
        assert!(paid || !self.was_paid, "once paid, no longer paid");
        self.was_paid = paid;
        assert!(!self.has_left || wake_ms.is_none(), "a timer after the end");
        for button in &view.apps {
            check_amount(view, button.href.as_deref());
        }
        check_amount(
            view,
            view.waiting
                .as_ref()
                .and_then(|waiting| waiting.href.as_deref()),
        );
        assert!(
            !view.status.is_empty() || view.screen == Screen::Unavailable,
            "nothing is said"
        );
        let has_way_on = view.retry || view.screen == Screen::Loading || view.continue_to.is_some();
        assert!(
            has_way_on || view.screen == Screen::Pay,
            "no way on from {:?}",
            view.screen
        );
    }

    /// What must hold once the world is kind again and has been for a while.
    pub(crate) fn check_the_end(&self, server: &Server, saved: Option<&str>, view: &View) {
        let seen = matches!(view.screen, Screen::Paid);
        assert_eq!(seen, server.is_paid(), "the page shows {:?}", view.screen);
        assert!(
            !matches!(view.screen, Screen::Loading | Screen::Unavailable),
            "stuck at {:?}",
            view.screen
        );
        let mut expected = self.expected.iter();
        let mut last = None;
        for event in server.events.iter().filter(|event| *event != "RETURN") {
            // At least once: an event may come again before the next one does, not after.
            if last != Some(event) || expected.as_slice().first() == Some(event) {
                last = expected.next();
                assert_eq!(
                    Some(event),
                    last,
                    "out of order: {:?} of {:?}",
                    server.events,
                    self.expected
                );
            }
        }
        // Once the page has left, what is not acknowledged waits in the tab for its next visit.
        let kept = saved
            .unwrap_or_default()
            .lines()
            .filter_map(|line| line.strip_prefix("event "));
        for event in kept.filter(|event| self.has_left && *event != "RETURN") {
            if expected
                .as_slice()
                .first()
                .is_some_and(|next| next == event)
            {
                expected.next();
            }
        }
        assert_eq!(
            expected.next(),
            None,
            "lost: {:?} of {:?}",
            server.events,
            self.expected
        );
    }
}

/// The amount that is shown is the amount of the link.
fn check_amount(view: &View, href: Option<&str>) {
    let (Some(href), Some(amounts)) = (href, view.amounts.as_ref()) else {
        return;
    };
    let link = UpiLink::parse(href).expect("a link that is offered can be read");
    for amount in [link.amount(), link.min_amount()] {
        assert_eq!(
            amount.map(|amount| amount.display()).as_ref(),
            Some(&amounts.payable)
        );
    }
}

fn says_paid(reply: &Reply) -> bool {
    let Reply::Answer {
        body: Some(body), ..
    } = reply
    else {
        return false;
    };
    body.get("model").and_then(|model| model.get("status")) == Some(&Json::Text("SUCCESS".into()))
}
