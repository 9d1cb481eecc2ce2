//! The server's clock, as far as the page knows it.

/// How far the server's clock is ahead of the page's, learnt from the `time` of its answers.
///
/// The page's own clock may be wrong by days, and may stand still while the phone sleeps: deadlines
/// are the server's, so they are read on its clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServerClock {
    ahead_ms: Option<i64>,
}

/// A difference beyond any latency: one of the clocks has jumped.
const JUMP_MS: i64 = 2_000;

impl ServerClock {
    /// Learns from an answer that carried `server_ms` and arrived at `now_ms`.
    ///
    /// The answer was under way for a while, so the true difference is never smaller than what it
    /// shows: the largest one counts, until a clock jumps.
    pub fn learn(&mut self, now_ms: u64, server_ms: u64) {
        let (Ok(server), Ok(now)) = (i64::try_from(server_ms), i64::try_from(now_ms)) else {
            return;
        };
        let ahead = server.saturating_sub(now);
        let keep = self
            .ahead_ms
            .filter(|known| *known >= ahead && known.saturating_sub(ahead) < JUMP_MS);
        self.ahead_ms = keep.or(Some(ahead));
    }

    /// When the page's own clock will show what the server's shows at `server_ms`.
    pub fn local_ms(self, server_ms: u64) -> u64 {
        let ahead = self.ahead_ms.unwrap_or_default();
        server_ms.saturating_add_signed(ahead.saturating_neg())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_does_not_move_a_deadline() {
        let day = 86_400_000;
        for now in [10 * day - day, 10 * day, 10 * day + day] {
            let mut clock = ServerClock::default();
            clock.learn(now, 10 * day);
            assert_eq!(clock.local_ms(10 * day + 60_000), now + 60_000);
        }
    }

    #[test]
    fn slow_answers_do_not_shorten_the_time_and_jumps_are_followed() {
        let mut clock = ServerClock::default();
        clock.learn(1_000_100, 1_000_000);
        clock.learn(1_006_500, 1_005_000);
        assert_eq!(
            clock.local_ms(2_000_000),
            2_000_100,
            "the slower answer is no better"
        );
        clock.learn(1_010_020, 1_010_000);
        assert_eq!(clock.local_ms(2_000_000), 2_000_020, "the quicker one is");
        clock.learn(1_020_000, 1_080_000);
        assert_eq!(
            clock.local_ms(2_000_000),
            1_940_000,
            "the phone slept a minute"
        );
        clock.learn(1_090_000, 1_085_000);
        assert_eq!(clock.local_ms(2_000_000), 2_005_000, "the clock was set");
    }

    #[test]
    fn absurd_times_do_not_overflow() {
        let mut clock = ServerClock::default();
        clock.learn(u64::MAX, 0);
        clock.learn(0, u64::MAX);
        clock.learn(0, i64::MAX.unsigned_abs());
        assert_eq!(clock.local_ms(0), 0);
        let _ = clock.local_ms(u64::MAX);
    }
}
