//! What the merchant's page is told, where the checkout stands in a frame of it (docs/embed.md).
//!
//! Nothing is told before the merchant's loader has answered, and the loader hears no more than the
//! screen, a question for who closes an open payment, and addresses to open.

use super::Checkout;
use super::event::Effect;
use super::view::Screen;
use crate::words;

/// One message to the loader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The screen.
    State(&'static str),
    /// What is asked before an open payment is closed; empty where there is nothing to lose.
    Ask(&'static str),
    /// An address to open in the merchant's window.
    Launch(String),
    /// The customer wants the checkout closed, or it has come to its end.
    Close,
}

impl Message {
    /// Type and value, as the channel has them.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Message::State(screen) => ("state", screen),
            Message::Ask(question) => ("ask", question),
            Message::Launch(address) => ("launch", address),
            Message::Close => ("close", ""),
        }
    }
}

impl Checkout {
    /// The loader has answered; `None` before.
    pub(super) fn parent_answered(&mut self) {
        self.parent = Some(None);
    }

    /// Tells of a change of screen, once.
    pub(super) fn tell_parent_of_screen(&mut self) {
        let screen = self.screen();
        if self.parent.is_none_or(|told| told == Some(screen)) {
            return;
        }
        self.parent = Some(Some(screen));
        let state = Message::State(screen.name());
        let messages = match screen {
            Screen::Loading => vec![state],
            Screen::Pay => vec![state, Message::Ask(words::LEAVE_PAYMENT)],
            // In this order: the loader takes the last word for the outcome.
            Screen::Unavailable => vec![Message::Ask(""), state],
            Screen::Paid | Screen::Expired | Screen::Failed => vec![state, Message::Ask("")],
        };
        self.effects
            .extend(messages.into_iter().map(Effect::TellParent));
    }

    /// Opens an address: in the merchant's window where there is a loader, else in our own.
    pub(super) fn open(&mut self, address: String, own: fn(String) -> Effect) {
        self.effects.push(if self.parent.is_some() {
            Effect::TellParent(Message::Launch(address))
        } else {
            own(address)
        });
    }

    /// The Esc key, which ends a large code before it ends a checkout.
    pub(super) fn esc_pressed(&mut self) {
        if !self.qr_large {
            self.close_in_parent();
        }
    }

    pub(super) fn close_in_parent(&mut self) {
        if self.parent.is_some() {
            self.effects.push(Effect::TellParent(Message::Close));
        }
    }
}
