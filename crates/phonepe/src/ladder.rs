//! When to ask for the status: the steps that PhonePe makes mandatory.
//!
//! First 20 to 25 s after the start; then every 3 s for 30 s, every 6 s for 60 s, every 10 s for 60 s,
//! every 30 s for 60 s, and every minute until the end.
//!
//! Source: PhonePe, "Standard checkout checklist", reconciliation (mandatory).

/// The first look, in milliseconds after the start, before the jitter.
const FIRST_MS: i64 = 20_000;

/// The first look is at most this much later, in milliseconds.
const FIRST_JITTER_MS: i64 = 5_000;

/// Until when after the first look (milliseconds) the looks are how far apart (milliseconds).
const STEPS: [(i64, i64); 4] = [
    (30_000, 3_000),
    (90_000, 6_000),
    (150_000, 10_000),
    (210_000, 30_000),
];

const LAST_STEP_MS: i64 = 60_000;

/// When to look first. `jitter` is random and spreads payments that started together.
pub fn first(started_at_ms: i64, jitter: u8) -> i64 {
    let share = FIRST_JITTER_MS.saturating_mul(i64::from(jitter)) / 255;
    started_at_ms.saturating_add(FIRST_MS).saturating_add(share)
}

/// When to look after a look at `now_ms`.
pub fn next(started_at_ms: i64, now_ms: i64) -> i64 {
    let since_first = now_ms
        .saturating_sub(started_at_ms)
        .saturating_sub(FIRST_MS);
    let step = STEPS
        .iter()
        .find(|(until, _)| since_first < *until)
        .map_or(LAST_STEP_MS, |(_, step)| *step);
    now_ms.saturating_add(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_look_is_between_20_and_25_seconds() {
        assert_eq!(first(1_000, 0), 21_000);
        assert_eq!(first(1_000, 255), 26_000);
    }

    #[test]
    fn the_steps_are_the_documents() {
        let mut now = first(0, 0);
        let mut steps = Vec::new();
        while now < 400_000 {
            let next = next(0, now);
            steps.push((next - now) / 1_000);
            now = next;
        }
        let count = |step| steps.iter().filter(|s| **s == step).count();
        assert!(steps.is_sorted());
        assert_eq!([3, 6, 10, 30].map(count), [10, 10, 6, 2], "{steps:?}");
        assert_eq!(steps.last(), Some(&60));
    }
}
