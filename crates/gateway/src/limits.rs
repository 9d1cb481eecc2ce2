//! Rate limits in memory: one meter for each order, or client, and kind of call.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use crate::order::OrderId;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limited {
    /// Looking at an order and asking for its discount: 120 at once, then one a second. A page asks
    /// every five seconds; a customer may have several.
    Look,
    /// Typing UTRs: 10 at once, then one each 6 s.
    Utr,
    /// Typing UTRs for any order from one address: 60 at once, then one a second. Phone networks
    /// put very many customers behind one address.
    UtrFrom,
    /// The page's events: 60 at once, then one a second.
    Event,
}

impl Limited {
    const fn interval_ms(self) -> i64 {
        match self {
            Limited::Utr => 6_000,
            Limited::Look | Limited::UtrFrom | Limited::Event => 1_000,
        }
    }

    const fn burst(self) -> i64 {
        match self {
            Limited::Look => 120,
            Limited::Utr => 10,
            Limited::UtrFrom | Limited::Event => 60,
        }
    }
}

/// Whose meter it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// An order's, known or not: the answers must not tell one from the other.
    Order(OrderId),
    /// A client's, by its address.
    Client(IpAddr),
}

impl From<&OrderId> for Whose {
    fn from(order: &OrderId) -> Self {
        Self::Order(*order)
    }
}

impl From<IpAddr> for Whose {
    /// Whoever has one IPv6 address has 2⁶⁴ of them.
    fn from(address: IpAddr) -> Self {
        const NETWORK: u128 = u128::MAX << 64;
        Self::Client(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & NETWORK)),
            v4 => v4,
        })
    }
}

/// Below this many meters, those that have run down are left alone. Above it they are dropped whenever
/// there are twice as many as were left the last time, so that no call pays for all of them.
const METERS_MIN: usize = 10_000;

/// The meters. Each holds the time at which it will have run down (the "generic cell rate
/// algorithm"): a call adds one interval, and may be ahead of now by no more than the burst.
#[derive(Debug, Default)]
pub struct Limits(Mutex<Meters>);

#[derive(Debug, Default)]
struct Meters {
    run_down_at_ms: HashMap<(Limited, Whose), i64>,
    /// How many were left when they were last looked through.
    left: usize,
}

impl Limits {
    /// Counts one call.
    ///
    /// # Errors
    /// The seconds to wait, where there were too many.
    pub fn take(&self, what: Limited, whose: impl Into<Whose>, now_ms: i64) -> Result<(), u32> {
        let mut meters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        meters.make_room(now_ms);
        let meter = meters.run_down_at_ms.entry((what, whose.into()));
        let meter = meter.or_insert(now_ms);
        let next = (*meter).max(now_ms).saturating_add(what.interval_ms());
        let ahead = next.saturating_sub(now_ms) - what.interval_ms() * what.burst();
        if ahead > 0 {
            return Err(u32::try_from(ahead / 1_000 + 1).unwrap_or(u32::MAX));
        }
        *meter = next;
        Ok(())
    }
}

impl Meters {
    fn make_room(&mut self, now_ms: i64) {
        let most = self.left.saturating_mul(2).max(METERS_MIN);
        if self.run_down_at_ms.len() >= most {
            self.run_down_at_ms.retain(|_, at_ms| *at_ms > now_ms);
            self.left = self.run_down_at_ms.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_one_at_a_time() {
        let limits = Limits::default();
        let order = OrderId::random().unwrap();
        for _ in 0..10 {
            assert_eq!(limits.take(Limited::Utr, &order, 0), Ok(()));
        }
        assert_eq!(limits.take(Limited::Utr, &order, 0), Err(7));
        assert_eq!(limits.take(Limited::Utr, &order, 5_999), Err(1));
        assert_eq!(limits.take(Limited::Utr, &order, 6_000), Ok(()));
        assert_eq!(limits.take(Limited::Event, &order, 0), Ok(()));
        assert_eq!(
            limits.take(Limited::Utr, &OrderId::random().unwrap(), 0),
            Ok(())
        );
    }

    #[test]
    fn meters_that_have_run_down_make_room() {
        let limits = Limits::default();
        let count = || limits.0.lock().unwrap().run_down_at_ms.len();
        for second in 0..4 {
            for _ in 0..15_000 {
                let order = OrderId::random().unwrap();
                limits.take(Limited::Look, &order, second * 2_000).unwrap();
            }
            // Those of this second, and fewer than as many again.
            assert!((15_000..30_000).contains(&count()), "{}", count());
        }
    }

    #[test]
    fn neighbours_in_one_network_are_one_client() {
        let whose = |text: &str| Whose::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(whose("2001:db8::1"), whose("2001:db8::ffff:2"));
        assert_ne!(whose("2001:db8::1"), whose("2001:db8:0:1::1"));
        assert_eq!(whose("::ffff:203.0.113.7"), whose("203.0.113.7"));
        assert_ne!(whose("203.0.113.7"), whose("203.0.113.8"));
    }
}
