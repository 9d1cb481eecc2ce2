//! Rate limits: one meter for each order, or client, and kind of call.
//!
//! A process that is alone with its database keeps all meters in memory. Several processes share them:
//!
//! - Typing UTRs is counted in the database, each try; the limits are exact, however many processes
//!   there are.
//! - What pages do all the time must not write. So each process lets an [`Limited::allowance`] pass by
//!   itself, with half of the rate, and draws the rest from the shared meter, a handful at a time. A
//!   page that asks every five seconds stays below the allowance for ever. `n` processes together let
//!   pass no more than the burst and `n - 1` allowances, and then `(n + 1) / 2` times the rate; one
//!   process lets pass exactly the burst and the rate.
//!
//! An empty shared meter is not asked again before it can have something, so a flood does not reach the
//! database.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::order::OrderId;
use crate::store::{Store, StoreError, meters};

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

    /// How many of the burst each of several processes lets pass by itself; with half of the rate.
    const fn allowance(self) -> i64 {
        match self {
            Limited::Look | Limited::Event => 12,
            Limited::Utr | Limited::UtrFrom => 0,
        }
    }

    /// How many calls are drawn from the shared meter at once.
    const fn handful(self) -> i64 {
        match self {
            Limited::Look | Limited::Event => 12,
            Limited::Utr | Limited::UtrFrom => 1,
        }
    }

    /// The limit of a process that is alone.
    const fn whole(self) -> Rate {
        Rate {
            burst: self.burst(),
            interval_ms: self.interval_ms(),
        }
    }

    /// What each of several processes lets pass by itself.
    const fn own(self) -> Rate {
        Rate {
            burst: self.allowance(),
            interval_ms: 2 * self.interval_ms(),
        }
    }

    /// What several processes share.
    const fn shared(self) -> Rate {
        let share = if self.allowance() == 0 { 1 } else { 2 };
        Rate {
            burst: self.burst() - self.allowance(),
            interval_ms: share * self.interval_ms(),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Limited::Look => "look",
            Limited::Utr => "utr",
            Limited::UtrFrom => "utr-from",
            Limited::Event => "event",
        }
    }
}

/// So many calls at once, and then one in each interval.
#[derive(Clone, Copy, Debug)]
struct Rate {
    burst: i64,
    interval_ms: i64,
}

impl Rate {
    /// Lets as many calls pass as there is room for, at most `most`. `meter` is the time at which it
    /// will have run down (the "generic cell rate algorithm"): a call adds one interval, and may be
    /// ahead of now by no more than the burst.
    fn pass(self, meter: &mut i64, now_ms: i64, most: i64) -> i64 {
        let from_ms = (*meter).max(now_ms);
        let room_ms =
            (self.interval_ms * self.burst).saturating_sub(from_ms.saturating_sub(now_ms));
        let count = (room_ms / self.interval_ms).clamp(0, most);
        *meter = from_ms.saturating_add(count * self.interval_ms);
        count
    }

    /// When a meter that lets nothing pass now will let something pass.
    fn opens_at_ms(self, meter: i64) -> i64 {
        match self.burst {
            0 => i64::MAX,
            burst => meter.saturating_sub(self.interval_ms * (burst - 1)),
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

impl Whose {
    /// The shared meter's name.
    fn name(&self, what: Limited) -> String {
        let what = what.as_str();
        match self {
            Self::Order(order) => format!("{what} order {order}"),
            Self::Client(address) => format!("{what} client {address}"),
        }
    }
}

/// Why a call does not pass.
#[derive(Debug)]
pub enum LimitError {
    /// There were too many; how many seconds to wait.
    TooMany(u32),
    /// The shared meter could not be asked.
    Store(StoreError),
}

impl LimitError {
    fn until(opens_at_ms: i64, now_ms: i64) -> Self {
        let wait_s = opens_at_ms.saturating_sub(now_ms).max(0) / 1_000 + 1;
        Self::TooMany(u32::try_from(wait_s).unwrap_or(u32::MAX))
    }
}

/// Below this many meters, those that have nothing to say are left alone. Above it they are dropped
/// whenever there are twice as many as were left the last time: so no call pays for all of them.
const METERS_MIN: usize = 10_000;

/// What this process knows of one meter.
#[derive(Debug, Default)]
struct Meter {
    /// When what the process counts itself will have run down.
    runs_down_at_ms: i64,
    /// Drawn from the shared meter, and not used yet.
    drawn: i64,
    /// The shared meter has nothing before this.
    empty_until_ms: i64,
}

type Key = (Limited, Whose);

/// All of them.
#[derive(Debug, Default)]
struct Meters {
    by_key: HashMap<Key, Meter>,
    /// How many were left when they were last looked through.
    left: usize,
}

impl Meters {
    fn make_room(&mut self, now_ms: i64) {
        let most = self.left.saturating_mul(2).max(METERS_MIN);
        if self.by_key.len() >= most {
            self.by_key
                .retain(|_, it| it.runs_down_at_ms.max(it.empty_until_ms) > now_ms);
            self.left = self.by_key.len();
        }
    }
}

/// The meters of one process, and the way to those that it shares.
#[derive(Debug)]
pub struct Limits {
    meters: Mutex<Meters>,
    /// `None`: the process is alone.
    shared: Option<Store>,
}

/// What a process can say by itself.
enum Here<'a> {
    Passes,
    OpensAt(i64),
    /// The shared meter says it.
    Ask(&'a Store),
}

impl Limits {
    /// The limits of a gateway on this database.
    pub fn new(store: &Store) -> Self {
        Self {
            meters: Mutex::default(),
            shared: store.is_shared().then(|| store.clone()),
        }
    }

    /// Counts one call.
    ///
    /// # Errors
    /// Where there were too many, or the database fails.
    pub async fn take(
        &self,
        what: Limited,
        whose: impl Into<Whose>,
        now_ms: i64,
    ) -> Result<(), LimitError> {
        let key = (what, whose.into());
        let store = match self.here(&key, now_ms) {
            Here::Passes => return Ok(()),
            Here::OpensAt(at_ms) => return Err(LimitError::until(at_ms, now_ms)),
            Here::Ask(store) => store,
        };
        let (count, opens_at_ms) = draw(store, &key, now_ms).await.map_err(LimitError::Store)?;
        let mut meters = self.lock();
        let meter = meters.by_key.entry(key).or_default();
        if count == 0 {
            meter.empty_until_ms = opens_at_ms;
            return Err(LimitError::until(opens_at_ms, now_ms));
        }
        meter.drawn = meter.drawn.saturating_add(count - 1);
        Ok(())
    }

    fn here(&self, key: &Key, now_ms: i64) -> Here<'_> {
        let mut meters = self.lock();
        meters.make_room(now_ms);
        let meter = meters.by_key.entry(key.clone()).or_default();
        let rate = match self.shared {
            None => key.0.whole(),
            Some(_) => key.0.own(),
        };
        if rate.pass(&mut meter.runs_down_at_ms, now_ms, 1) > 0 {
            return Here::Passes;
        }
        let opens_at_ms = rate.opens_at_ms(meter.runs_down_at_ms);
        let Some(store) = &self.shared else {
            return Here::OpensAt(opens_at_ms);
        };
        if meter.drawn > 0 {
            meter.drawn -= 1;
            return Here::Passes;
        }
        if meter.empty_until_ms > now_ms {
            return Here::OpensAt(meter.empty_until_ms.min(opens_at_ms));
        }
        Here::Ask(store)
    }

    fn lock(&self) -> MutexGuard<'_, Meters> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a handful from the shared meter: how many, and when it has something again.
async fn draw(store: &Store, key: &Key, now_ms: i64) -> Result<(i64, i64), StoreError> {
    let (what, whose) = key;
    let (rate, name) = (what.shared(), whose.name(*what));
    let mut tx = store.write().await?;
    let mut meter = meters::lock(&mut tx, &name, now_ms).await?;
    let count = rate.pass(&mut meter, now_ms, what.handful());
    if count > 0 {
        meters::set(&mut tx, &name, meter).await?;
        tx.commit().await?;
    }
    Ok((count, rate.opens_at_ms(meter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_one_at_a_time() {
        let rate = Limited::Utr.whole();
        let mut meter = 0;
        for _ in 0..10 {
            assert_eq!(rate.pass(&mut meter, 0, 1), 1);
        }
        for (now_ms, passes) in [(0, 0), (5_999, 0), (6_000, 1), (6_000, 0)] {
            assert_eq!(rate.pass(&mut meter, now_ms, 1), passes, "{now_ms}");
        }
        assert_eq!(rate.opens_at_ms(meter), 12_000);
        // Several at once, as far as there is room.
        assert_eq!(rate.pass(&mut meter, 18_500, 9), 2);
    }

    #[test]
    fn the_parts_of_a_limit_make_the_whole() {
        for what in [
            Limited::Look,
            Limited::Utr,
            Limited::UtrFrom,
            Limited::Event,
        ] {
            let (whole, own, shared) = (what.whole(), what.own(), what.shared());
            assert_eq!(own.burst + shared.burst, whole.burst);
            let rate = |it: Rate| {
                if it.burst == 0 {
                    0
                } else {
                    60_000 / it.interval_ms
                }
            };
            assert_eq!(rate(own) + rate(shared), rate(whole), "{what:?}");
            // The last handful is a whole one.
            assert_eq!(shared.burst % what.handful(), 0);
        }
    }

    #[test]
    fn meters_that_have_run_down_make_room() {
        let limits = Limits {
            meters: Mutex::default(),
            shared: None,
        };
        for second in 0..4 {
            for _ in 0..15_000 {
                let order = OrderId::random().unwrap();
                limits.here(&(Limited::Look, (&order).into()), second * 2_000);
            }
            // Those of this second, and fewer than as many again.
            let count = limits.lock().by_key.len();
            assert!((15_000..30_000).contains(&count), "{count}");
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
