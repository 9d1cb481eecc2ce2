//! The QR code: encoded when it is to be seen, shown large with the screen awake, saved and shared.

use std::sync::Arc;

use super::Checkout;
use super::event::{Effect, Picture};
use super::offer::Offer;
use super::state::DrawnQr;
use crate::qr::Qr;

/// Above this many paise apps may refuse codes that come from the gallery (NPCI, OC-76: ₹2,000).
pub(super) const GALLERY_LIMIT_PAISE: u64 = 200_000;

impl Checkout {
    pub(super) fn qr_tapped(&mut self) {
        self.qr_open = !self.qr_open;
        self.qr_large &= self.qr_open;
        if self.qr_open && self.offer().is_some() {
            self.tell("SHOW_QR".to_owned());
        }
    }

    pub(super) fn qr_enlarged(&mut self, large: bool) {
        self.qr_large = large && self.qr.is_some();
    }

    pub(super) fn qr_save_tapped(&mut self) {
        if let Some(picture) = self.picture_of_code() {
            self.tell("SAVE_QR".to_owned());
            self.effects.push(Effect::SaveQr(picture));
        }
    }

    pub(super) fn qr_share_tapped(&mut self) {
        if let Some(picture) = self.picture_of_code().filter(|_| self.setup.can_share) {
            self.tell("SAVE_QR".to_owned());
            self.effects.push(Effect::ShareQr(picture));
        }
    }

    fn picture_of_code(&mut self) -> Option<Picture> {
        self.picture = None;
        let offer = self.offer()?;
        Some(Picture {
            code: self.qr.as_ref()?.code.clone(),
            lines: self.picture_lines(offer),
            file_name: format!("upi-{}.png", offer.payable.to_rupees()),
        })
    }

    /// What stands under a code that is shown or kept by itself: payee, amount, UPI id.
    pub(super) fn picture_lines(&self, offer: &Offer) -> Vec<String> {
        let lines = [
            Some(self.payee_name()).filter(|name| !name.is_empty()),
            Some(offer.payable.display()),
            self.payee_address(),
        ];
        lines.into_iter().flatten().collect()
    }

    /// Encodes the code that is to be seen, unless that is done, and keeps the screen awake for a
    /// large one.
    pub(super) fn draw_qr(&mut self) {
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
        self.qr_large &= self.qr.is_some();
        let awake = self.qr_large && self.setup.visible;
        if awake != self.is_awake {
            self.is_awake = awake;
            self.effects.push(Effect::StayAwake(awake));
        }
    }
}
