//! The ways to pay as the customer sees them: apps, the chosen app, the code, the way to a browser.

use super::code::GALLERY_LIMIT_PAISE;
use super::customer::Way;
use super::state::{Copying, PhonePe, Trip};
use super::view::{AppButton, Elsewhere, QrView, Waiting};
use super::{Checkout, OPENED_WITHIN_MS};
use crate::apps::App;
use crate::link::UpiLink;
use crate::words;

/// CSS pixels that a code gets beside other things: it fits the narrowest phones.
const QR_WIDTH: usize = 300;
/// CSS pixels around a code that fills the screen: payee, amount, and the way back.
const QR_LARGE_SURROUNDINGS: usize = 176;

impl Checkout {
    /// Apps first on a phone that can open them, unless its link is one that apps refuse and the try
    /// has failed.
    pub(super) fn apps_first(&self, now_ms: u64) -> bool {
        let is_plain = self.link().is_some_and(UpiLink::is_plain);
        let is_back = self.launched.is_some_and(|it| it.trip == Trip::Back);
        let failed = is_back || self.did_not_open(now_ms);
        self.reaches_an_app() && !(is_plain && failed)
    }

    /// Whether the app that was tapped has most likely not opened.
    pub(super) fn did_not_open(&self, now_ms: u64) -> bool {
        self.launched.is_some_and(|launched| match launched.trip {
            Trip::Here => launched.at_ms.saturating_add(OPENED_WITHIN_MS) <= now_ms,
            Trip::Missing => true,
            Trip::Asked | Trip::Away | Trip::Back => false,
        })
    }

    /// Whether an app can be opened from here with this order's link.
    fn reaches_an_app(&self) -> bool {
        let apps = &self.setup.config.apps;
        apps.iter().any(|app| self.link_for(*app).is_some())
    }

    pub(super) fn apps_heading(&self, now_ms: u64) -> &'static str {
        match (self.apps_first(now_ms), self.reaches_an_app()) {
            (true, _) => words::CHOOSE_APP,
            (false, true) => words::OR_APP,
            (false, false) => words::PHONEPE_PRICE,
        }
    }

    /// In an app's own browser, or in a frame from which no app has opened: how to get out of it.
    pub(super) fn elsewhere(&self, now_ms: u64) -> Option<Elsewhere> {
        let is_kept_in = self.setup.framed && self.did_not_open(now_ms);
        let is_needed = self.setup.platform.is_phone() && (is_kept_in || !self.setup.can_launch());
        is_needed.then(|| Elsewhere {
            address: self.setup.href.clone(),
            note: match self.copying {
                Copying::Address(Some(worked)) => words::copied_address(worked),
                Copying::None | Copying::UpiId(_) | Copying::Address(None) => "",
            },
        })
    }

    pub(super) fn app_buttons(&self) -> Vec<AppButton> {
        if self.offer().is_none_or(|offer| offer.link.is_none()) {
            return Vec::new();
        }
        let asking = matches!(
            self.phonepe,
            PhonePe::Asking { .. } | PhonePe::AskAgain { .. } | PhonePe::Opening { .. }
        );
        let button = |app: &App| AppButton {
            app: *app,
            href: self.way_to(*app).link(),
            busy: *app == App::PhonePe && asking,
        };
        let reachable = |app: &&App| self.way_to(**app) != Way::None;
        self.setup
            .config
            .apps
            .iter()
            .filter(reachable)
            .map(button)
            .collect()
    }

    pub(super) fn waiting(&self) -> Option<Waiting> {
        let app = self.chosen()?;
        let opening = matches!(
            self.phonepe,
            PhonePe::Asking { .. } | PhonePe::AskAgain { .. } | PhonePe::Opening { .. }
        );
        let back = self
            .launched
            .is_none_or(|launched| launched.trip == Trip::Back);
        Some(Waiting {
            app,
            href: self.way_to(app).link(),
            opening,
            utr_help: if back { words::utr_help(app) } else { "" },
        })
    }

    pub(super) fn qr(&self) -> Option<QrView> {
        let offer = self.offer()?;
        let text = offer.qr_text.as_ref()?;
        let drawn = self.qr.as_ref().filter(|drawn| drawn.text == *text);
        let room = self.setup.room;
        let width = |free: usize| {
            drawn.map_or_else(
                || "0".to_owned(),
                |drawn| drawn.code.width_css(free, room.device_pixels),
            )
        };
        Some(QrView {
            drawn: drawn.map(|drawn| drawn.code.clone()),
            width: width(QR_WIDTH),
            width_large: width(
                room.width
                    .min(room.height.saturating_sub(QR_LARGE_SURROUNDINGS)),
            ),
            lines: self.picture_lines(offer).join("\n"),
            label: words::qr_label(&offer.payable.display(), &self.payee_name()),
            picture_help: match self.setup.platform.is_phone() {
                true if offer.payable.get() > GALLERY_LIMIT_PAISE => words::GALLERY_LIMIT,
                true => words::SCAN_SAVED,
                false => "",
            },
            picture_note: self.picture.map_or("", words::picture),
            can_share: self.setup.can_share,
        })
    }
}
