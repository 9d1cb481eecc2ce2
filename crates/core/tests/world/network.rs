//! A network that loses, delays and garbles.

use crate::Chance;

/// How bad it is, in percent.
pub(crate) struct Network {
    loses: u64,
    garbles: u64,
    is_slow: bool,
}

/// What becomes of one request.
pub(crate) struct Trip {
    /// The server gets it.
    pub(crate) arrives: bool,
    /// The answer comes back.
    pub(crate) returns: bool,
    /// Something else comes back instead.
    pub(crate) garbled: bool,
    /// Nothing is heard, not even a failure.
    pub(crate) silent: bool,
    /// How long it takes.
    pub(crate) after_ms: u64,
}

impl Network {
    /// From good to awful.
    pub(crate) fn new(chance: &mut Chance) -> Self {
        Self {
            loses: chance.below(60),
            garbles: chance.below(30),
            is_slow: chance.percent(30),
        }
    }

    /// From now on everything arrives, soon and whole.
    pub(crate) fn heal(&mut self) {
        *self = Self {
            loses: 0,
            garbles: 0,
            is_slow: false,
        };
    }

    /// Draws the fate of a request.
    pub(crate) fn draw(&self, chance: &mut Chance, online: bool) -> Trip {
        let slow_ms = if self.is_slow {
            chance.below(15_000)
        } else {
            0
        };
        Trip {
            arrives: online && !chance.percent(self.loses),
            returns: online && !chance.percent(self.loses),
            garbled: chance.percent(self.garbles),
            silent: chance.percent(self.loses / 4),
            after_ms: 5 + chance.below(400) + slow_ms,
        }
    }
}
