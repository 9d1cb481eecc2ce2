//! Rate limits in memory: one meter for each order and kind of call.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::order::OrderId;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limited {
    /// Typing UTRs: 10 at once, then one each 6 s.
    Utr,
    /// The page's events: 60 at once, then one a second.
    Event,
}

impl Limited {
    const fn interval_ms(self) -> i64 {
        match self {
            Limited::Utr => 6_000,
            Limited::Event => 1_000,
        }
    }

    const fn burst(self) -> i64 {
        match self {
            Limited::Utr => 10,
            Limited::Event => 60,
        }
    }
}

/// Above this many meters, those that have run down are dropped.
const METERS_MAX: usize = 10_000;

/// The meters. Each holds the time at which it will have run down (the "generic cell rate
/// algorithm"): a call adds one interval, and may be ahead of now by no more than the burst.
#[derive(Debug, Default)]
pub struct Limits(Mutex<HashMap<(Limited, OrderId), i64>>);

impl Limits {
    /// Counts one call.
    ///
    /// # Errors
    /// The seconds to wait, where there were too many.
    pub fn take(&self, what: Limited, order: &OrderId, now_ms: i64) -> Result<(), u32> {
        let mut meters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if meters.len() >= METERS_MAX {
            meters.retain(|_, runs_down_at| *runs_down_at > now_ms);
        }
        let meter = meters.entry((what, order.clone())).or_insert(now_ms);
        let next = (*meter).max(now_ms).saturating_add(what.interval_ms());
        let ahead = next.saturating_sub(now_ms) - what.interval_ms() * what.burst();
        if ahead > 0 {
            return Err(u32::try_from(ahead / 1_000 + 1).unwrap_or(u32::MAX));
        }
        *meter = next;
        Ok(())
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
}
