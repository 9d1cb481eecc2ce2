//! How long to wait before the next request.

/// Between two result requests while the order is open. The original description says 5 s.
pub const EVERY_MS: u64 = 5_000;
/// The most that errors stretch a gap to, and the pace of the watch for late success.
pub const SLOWEST_MS: u64 = 30_000;
/// A request that has not ended by then has failed.
pub const TIMEOUT_MS: u64 = 10_000;
/// A server may ask for a longer pause than ours, but not for ever.
pub const RETRY_AFTER_MAX_MS: u64 = 300_000;

/// The pause before asking for the result again.
///
/// `failures`: how many requests have failed in a row. `slow`: the order is closed or the phone
/// says that it is offline. `retry_after_ms`: what the server asked for. `random`: spreads pages
/// that opened together over an extra tenth.
pub fn pause_ms(failures: u32, slow: bool, retry_after_ms: Option<u64>, random: u32) -> u64 {
    let doubled = EVERY_MS
        .saturating_mul(2_u64.saturating_pow(failures))
        .min(SLOWEST_MS);
    let pace = if slow { SLOWEST_MS } else { doubled };
    let asked = retry_after_ms.unwrap_or_default().min(RETRY_AFTER_MAX_MS);
    spread(pace.max(asked), random)
}

/// The pause before sending something again that the customer waits for: 1 s, 2 s, 4 s … 30 s.
pub fn retry_ms(failures: u32, retry_after_ms: Option<u64>, random: u32) -> u64 {
    let doubled = 1_000_u64.saturating_mul(2_u64.saturating_pow(failures.saturating_sub(1)));
    let asked = retry_after_ms.unwrap_or_default().min(RETRY_AFTER_MAX_MS);
    spread(doubled.min(SLOWEST_MS).max(asked), random)
}

/// `ms` and up to a tenth more.
fn spread(ms: u64, random: u32) -> u64 {
    let tenth = ms.checked_div(10).unwrap_or_default();
    ms.saturating_add(
        u64::from(random)
            .checked_rem(tenth.max(1))
            .unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_pace_is_five_seconds_and_errors_stretch_it() {
        for (failures, slow, retry_after, pause) in [
            (0, false, None, 5_000),
            (1, false, None, 10_000),
            (2, false, None, 20_000),
            (3, false, None, 30_000),
            (60, false, None, 30_000),
            (0, true, None, 30_000),
            (0, false, Some(1_000), 5_000),
            (1, false, Some(60_000), 60_000),
            (1, false, Some(u64::MAX), 300_000),
        ] {
            assert_eq!(
                pause_ms(failures, slow, retry_after, 0),
                pause,
                "{failures} {slow} {retry_after:?}"
            );
        }
        assert_eq!(
            [1, 2, 3, 9].map(|n| retry_ms(n, None, 0)),
            [1_000, 2_000, 4_000, 30_000]
        );
    }

    proptest! {
        #[test]
        fn chance_adds_less_than_a_tenth(failures: u32, slow: bool, after: Option<u64>, random: u32) {
            let least = pause_ms(failures, slow, after, 0);
            let pause = pause_ms(failures, slow, after, random);
            prop_assert!(pause >= least && pause < least + least / 10);
            prop_assert!((EVERY_MS..2 * RETRY_AFTER_MAX_MS).contains(&pause));
        }
    }
}
