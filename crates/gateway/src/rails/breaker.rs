//! A rest for a PhonePe that is down: after several calls in a row that brought nothing, none is made
//! for a while; then one is let through to see.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// This many in a row.
const FAILURES_MAX: u32 = 5;

/// How long nobody calls, in milliseconds.
const REST_MS: i64 = 30_000;

/// One breaker for each address.
#[derive(Debug, Default)]
pub struct Breakers(Mutex<HashMap<String, Breaker>>);

#[derive(Debug, Default)]
struct Breaker {
    failures: u32,
    rests_until_ms: i64,
}

impl Breakers {
    /// Whether a call may be made now.
    ///
    /// # Errors
    /// When to come back, in milliseconds since 1970.
    pub fn pass(&self, address: &str, now_ms: i64) -> Result<(), i64> {
        let mut breakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(breaker) = breakers.get_mut(address) else {
            return Ok(());
        };
        if breaker.failures < FAILURES_MAX {
            return Ok(());
        }
        if now_ms < breaker.rests_until_ms {
            return Err(breaker.rests_until_ms);
        }
        // This one goes to see; the others wait for what it finds.
        breaker.rests_until_ms = now_ms.saturating_add(REST_MS);
        Ok(())
    }

    /// Whether no call may be made now. Asks without going to see.
    pub fn is_resting(&self, address: &str, now_ms: i64) -> bool {
        let breakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        breakers
            .get(address)
            .is_some_and(|it| it.failures >= FAILURES_MAX && now_ms < it.rests_until_ms)
    }

    /// Notes how a call ended.
    pub fn note(&self, address: &str, is_good: bool, now_ms: i64) {
        let mut breakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if is_good {
            breakers.remove(address);
            return;
        }
        let breaker = breakers.entry(address.to_owned()).or_default();
        breaker.failures = breaker.failures.saturating_add(1);
        if breaker.failures >= FAILURES_MAX {
            breaker.rests_until_ms = now_ms.saturating_add(REST_MS);
        }
    }

    /// How many addresses are left alone.
    pub fn open(&self) -> usize {
        let breakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let resting = breakers.values();
        resting.filter(|it| it.failures >= FAILURES_MAX).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_in_a_row_bring_a_rest_and_one_goes_to_see() {
        let breakers = Breakers::default();
        for _ in 0..4 {
            breakers.note("a", false, 0);
        }
        assert_eq!(breakers.pass("a", 0), Ok(()));
        breakers.note("a", true, 0);
        for _ in 0..5 {
            assert_eq!(breakers.pass("a", 0), Ok(()));
            breakers.note("a", false, 0);
        }
        assert_eq!(breakers.pass("a", 29_999), Err(30_000));
        assert!(breakers.is_resting("a", 29_999) && !breakers.is_resting("a", 30_000));
        assert_eq!(breakers.pass("b", 0), Ok(()));
        assert_eq!(breakers.open(), 1);
        assert_eq!(breakers.pass("a", 30_000), Ok(()));
        assert_eq!(breakers.pass("a", 30_000), Err(60_000));
        breakers.note("a", true, 30_001);
        assert_eq!(breakers.pass("a", 30_001), Ok(()));
        assert_eq!(breakers.open(), 0);
    }
}
