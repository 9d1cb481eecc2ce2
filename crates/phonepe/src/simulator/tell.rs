//! The simulator's callbacks: signed, and on demand late, twice, out of order or forged.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{Simulator, answers};
use crate::salt::{Salt, Salts};

/// How the merchant is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telling {
    /// How much later, in milliseconds. An older callback with a longer delay comes after a newer one.
    pub delay_ms: i64,
    /// How often; 0: not at all.
    pub copies: u8,
}

impl Default for Telling {
    fn default() -> Self {
        Self {
            delay_ms: 0,
            copies: 1,
        }
    }
}

/// What a forged callback gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgery {
    /// It is signed with another key.
    Key,
    /// It is signed rightly and tells another amount.
    Amount,
    /// It is signed rightly, for another content.
    Content,
}

/// A callback that is to be sent by POST.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// When, in milliseconds since 1970.
    pub due_ms: i64,
    /// Where.
    pub url: String,
    /// The JSON.
    pub body: String,
    /// The header `X-VERIFY`.
    pub x_verify: String,
    /// How often it was sent before.
    pub tries: u8,
}

/// A callback that is not taken is sent this often in all, a second apart.
const TRIES_MAX: u8 = 3;

const RETRY_MS: i64 = 1_000;

impl Simulator {
    /// Tells the merchant where a payment stands now.
    pub(super) fn tell(&mut self, now_ms: i64, id: &str, telling: Telling) {
        let Some(payment) = self.payments.get(id) else {
            return;
        };
        let content = answers::callback(&self.account.merchant_id, payment);
        let response = STANDARD.encode(content.to_string());
        let x_verify = self.account.salts.sign_callback(&response);
        let due_ms = now_ms.saturating_add(telling.delay_ms);
        self.send(id, &response, x_verify, due_ms, telling.copies);
    }

    fn send(&mut self, id: &str, response: &str, x_verify: String, due_ms: i64, copies: u8) {
        let url = self.payments.get(id).and_then(|it| it.callback_url.clone());
        for url in std::iter::repeat_n(url, usize::from(copies)).flatten() {
            self.deliveries.push(Delivery {
                due_ms,
                url,
                body: json!({ "response": response }).to_string(),
                x_verify: x_verify.clone(),
                tries: 0,
            });
        }
    }

    /// Tells that a payment was made which was not. `false`: there is no such payment.
    pub fn forge(&mut self, now_ms: i64, id: &str, forgery: Forgery) -> bool {
        let Some(mut payment) = self.payments.get(id).cloned() else {
            return false;
        };
        let honest = answers::callback(&self.account.merchant_id, &payment);
        payment.state = super::State::Paid;
        if forgery == Forgery::Amount {
            payment.amount = payment.amount.map(|paise| paise.saturating_add(1));
        }
        let content = answers::callback(&self.account.merchant_id, &payment);
        let response = STANDARD.encode(content.to_string());
        let x_verify = match forgery {
            Forgery::Key => {
                Salts::new(Salt::new("guessed", 1), Vec::new()).sign_callback(&response)
            }
            Forgery::Amount => self.account.salts.sign_callback(&response),
            Forgery::Content => {
                let honest = STANDARD.encode(honest.to_string());
                self.account.salts.sign_callback(&honest)
            }
        };
        self.send(id, &response, x_verify, now_ms, 1);
        true
    }

    /// Keeps a callback that was not taken, to send it again.
    pub fn not_taken(&mut self, now_ms: i64, delivery: Delivery) {
        let tries = delivery.tries.saturating_add(1);
        if tries < TRIES_MAX {
            self.deliveries.push(Delivery {
                due_ms: now_ms.saturating_add(RETRY_MS),
                tries,
                ..delivery
            });
        }
    }

    /// Takes the callbacks that are due, the oldest first.
    pub fn take_due(&mut self, now_ms: i64) -> Vec<Delivery> {
        let (mut due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.deliveries)
            .into_iter()
            .partition(|it| it.due_ms <= now_ms);
        self.deliveries = later;
        due.sort_by_key(|it| it.due_ms);
        due
    }
}
