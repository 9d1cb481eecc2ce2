//! PhonePe as a way to be paid: what a merchant asks for, the calls, and when to look again.
//!
//! | part | what it does |
//! | --- | --- |
//! | [`ask`] | what a merchant asks for, and the request that comes of it |
//! | [`attempt`] | one id that PhonePe is given, and where that stands |
//! | [`step`] | one step of one attempt: ask for the payment, or ask what became of it |
//! | [`cancel`] | calls an attempt off, where PhonePe takes that |
//! | [`work`] | takes the attempts that are due |
//! | [`http`], [`breaker`] | the way to PhonePe: time limits, no redirects, a rest when it is down |
//!
//! Invariants: an attempt is stored before PhonePe is called, and its state says "unsure" while the
//! call is under way, so a process that dies then asks what became of it before anything else; no
//! call is made inside a transaction; only [`crate::ledger::believe`] moves an order.

pub mod ask;
pub mod attempt;
pub mod breaker;
pub mod cancel;
pub mod http;
pub mod numbers;
pub mod step;
pub mod work;

use std::sync::Arc;

use phonepe::call::{Account, Call, WayBack};
use tokio::sync::Notify;

use self::numbers::CALLS;
use crate::app::App;
use crate::order::Order;
use crate::random;

/// A merchant's account at PhonePe.
#[derive(Clone, Debug)]
pub struct PhonePe {
    /// Its id and keys.
    pub account: Account,
    /// Where the calls go, without a slash at the end.
    pub api_url: String,
    /// Where customers continue, without a slash at the end: the host of debit v3's `Location`.
    pub page_url: String,
    /// The payee that PhonePe's links name, where it is not the merchant's own UPI id.
    pub vpa: Option<checkout_core::vpa::Vpa>,
}

/// What all merchants share on the way to PhonePe.
#[derive(Debug, Default)]
pub struct Rails {
    /// The way out.
    pub http: http::Http,
    /// Who is left alone for a while.
    pub breakers: breaker::Breakers,
    /// For operators.
    pub numbers: numbers::Numbers,
    /// Something is due now.
    pub wake: Arc<Notify>,
}

impl App {
    /// One call to PhonePe about an order; `None`: nothing was learnt. While PhonePe rests, none is
    /// made. `kind` is for operators.
    async fn ask_phonepe(
        &self,
        phonepe: &PhonePe,
        order: &Order,
        kind: &'static str,
        call: &Call,
    ) -> Option<http::Reply> {
        let rails = &self.rails;
        let address = &phonepe.api_url;
        if rails.breakers.pass(address, self.now_ms()).is_err() {
            rails.numbers.count(CALLS, kind, "resting");
            return None;
        }
        let reply = rails.http.send(address, call).await;
        let is_good = reply.as_ref().is_ok_and(|reply| reply.status < 500);
        rails.breakers.note(address, is_good, self.now_ms());
        match reply {
            Ok(reply) => {
                let outcome = if is_good { "answered" } else { "error" };
                rails.numbers.count(CALLS, kind, outcome);
                Some(reply)
            }
            Err(why) => {
                tracing::warn!(order = ?order.id, kind, ?why, "PhonePe did not answer");
                rails.numbers.count(CALLS, kind, "silent");
                None
            }
        }
    }

    /// Where PhonePe leads the customer of an order, and where it tells the outcome.
    fn way_back(&self, order: &Order) -> WayBack {
        WayBack {
            redirect_url: Some(self.checkout_url(order)),
            callback_url: format!(
                "{}/callbacks/phonepe/{}",
                self.public_url, order.merchant_id
            ),
        }
    }
}

/// The pause before the next try, in milliseconds: doubles from 2 s to 30 s, and the upper half of it
/// is random, so that many do not come back at once.
pub fn pause_ms(tries: u32) -> i64 {
    let whole = 2_000_i64.saturating_mul(1 << tries.min(4)).min(30_000);
    let half = whole / 2;
    half.saturating_add(half.saturating_mul(i64::from(random::byte())) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_minute() {
        for (tries, least, most) in [
            (0, 1_000, 2_000),
            (1, 2_000, 4_000),
            (4, 15_000, 30_000),
            (u32::MAX, 15_000, 30_000),
        ] {
            let pause = pause_ms(tries);
            assert!((least..=most).contains(&pause), "{tries}: {pause}");
        }
    }
}
