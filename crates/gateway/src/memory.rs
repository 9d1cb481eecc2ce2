//! What the page is told of an order, kept in memory: customers ask every five seconds, and almost
//! always the answer is the one before.
//!
//! Nothing old is answered. Every look first takes in the changes that were told before it, and a
//! change is told before whoever made it is answered ([`crate::store::changes`]). An order that is
//! being read while it changes is not kept. A deadline that has passed is no hit: whoever asks then
//! closes the order. While changes of other processes may be missed, nothing is kept or answered.
//!
//! It is bounded: two halves, of which the older is dropped when the younger is full; whatever is
//! asked for moves to the younger one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::order::OrderId;
use crate::store::{Change, Changes};

/// The most bytes of one half.
const HALF_MAX: usize = 64 * 1024 * 1024;

/// What an answer takes besides its text, about.
const ENTRY_BYTES: usize = 160;

/// The answers of one process.
#[derive(Debug)]
pub struct Memory(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    changes: Changes,
    /// Whether every change is heard.
    is_hearing: bool,
    young: HashMap<OrderId, Answer>,
    old: HashMap<OrderId, Answer>,
    young_bytes: usize,
    /// The orders that are being read from the database just now.
    reading: HashMap<OrderId, Readers>,
}

#[derive(Clone, Debug)]
struct Answer {
    text: Arc<str>,
    /// From when on it is no answer any more, in milliseconds since 1970; `None`: it stays one.
    until_ms: Option<i64>,
}

#[derive(Debug, Default)]
struct Readers {
    count: usize,
    /// Whether the order has changed since the first of them began.
    is_outdated: bool,
}

/// What a look finds.
#[derive(Debug)]
pub enum Look<'a> {
    /// The answer.
    Kept(Arc<str>),
    /// Nothing: it is to be read, and can be kept then.
    Missing(Reading<'a>),
}

/// An order that is being read from the database, since before that began.
#[derive(Debug)]
pub struct Reading<'a> {
    memory: &'a Memory,
    order: OrderId,
}

impl Memory {
    /// An empty one that hears of these changes.
    pub fn new(changes: Changes) -> Self {
        Self(Mutex::new(Kept {
            changes,
            is_hearing: true,
            young: HashMap::new(),
            old: HashMap::new(),
            young_bytes: 0,
            reading: HashMap::new(),
        }))
    }

    /// Looks for the answer about an order.
    pub fn look(&self, order: &OrderId, now_ms: i64) -> Look<'_> {
        let mut kept = self.lock();
        kept.catch_up();
        if let Some(text) = kept.find(order, now_ms) {
            return Look::Kept(text);
        }
        let readers = kept.reading.entry(*order).or_default();
        readers.count = readers.count.saturating_add(1);
        Look::Missing(Reading {
            memory: self,
            order: *order,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading<'_> {
    /// Keeps what is told of the order until `until_ms`, unless it has changed since it was read.
    pub fn keep(self, text: Arc<str>, until_ms: Option<i64>) {
        let mut kept = self.memory.lock();
        kept.catch_up();
        let is_outdated = |readers: &Readers| readers.is_outdated;
        if !kept.is_hearing || kept.reading.get(&self.order).is_none_or(is_outdated) {
            return;
        }
        kept.add(self.order, Answer { text, until_ms });
    }
}

/// However it ended: a customer may hang up in the middle.
impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let mut kept = self.memory.lock();
        if let Some(readers) = kept.reading.get_mut(&self.order) {
            readers.count = readers.count.saturating_sub(1);
            if readers.count == 0 {
                kept.reading.remove(&self.order);
            }
        }
    }
}

impl Kept {
    /// Forgets what has changed.
    fn catch_up(&mut self) {
        while let Some(change) = self.changes.told() {
            match change {
                Change::Order(order) => {
                    self.young.remove(&order);
                    self.old.remove(&order);
                    if let Some(readers) = self.reading.get_mut(&order) {
                        readers.is_outdated = true;
                    }
                    continue;
                }
                Change::Deaf => self.is_hearing = false,
                Change::Hearing => self.is_hearing = true,
            }
            self.young.clear();
            self.old.clear();
            self.young_bytes = 0;
            for readers in self.reading.values_mut() {
                readers.is_outdated = true;
            }
        }
    }

    fn find(&mut self, order: &OrderId, now_ms: i64) -> Option<Arc<str>> {
        let is_current = |it: &&Answer| it.until_ms.is_none_or(|until_ms| now_ms < until_ms);
        if let Some(answer) = self.young.get(order) {
            return Some(answer).filter(is_current).map(|it| it.text.clone());
        }
        let answer = self.old.remove(order)?;
        let text = Some(&answer).filter(is_current)?.text.clone();
        self.add(*order, answer);
        Some(text)
    }

    fn add(&mut self, order: OrderId, answer: Answer) {
        // What a change takes away is still counted: it only makes the half end earlier.
        self.young_bytes = self
            .young_bytes
            .saturating_add(answer.text.len())
            .saturating_add(ENTRY_BYTES);
        self.young.insert(order, answer);
        if self.young_bytes > HALF_MAX {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::broadcast::Sender;

    fn memory() -> (Memory, Sender<Change>) {
        let (sender, changes) = Changes::for_tests();
        (Memory::new(changes), sender)
    }

    fn id(number: usize) -> OrderId {
        OrderId::parse(&format!("{number:032x}")).unwrap()
    }

    /// What is told of an order at a time: what is kept, or this, which is kept then.
    fn told(memory: &Memory, order: &OrderId, now_ms: i64, news: &str) -> String {
        match memory.look(order, now_ms) {
            Look::Kept(text) => text.to_string(),
            Look::Missing(reading) => {
                reading.keep(news.into(), Some(10));
                news.to_owned()
            }
        }
    }

    #[test]
    fn an_answer_is_kept_until_its_order_changes_or_its_time_is_over() {
        let (memory, changes) = memory();
        assert_eq!(told(&memory, &id(1), 0, "a"), "a");
        assert_eq!(told(&memory, &id(2), 0, "b"), "b");
        assert_eq!(told(&memory, &id(1), 9, "new"), "a");
        changes.send(Change::Order(id(1))).unwrap();
        assert_eq!(told(&memory, &id(1), 0, "c"), "c");
        assert_eq!(told(&memory, &id(2), 0, "new"), "b");
        assert_eq!(told(&memory, &id(2), 10, "over"), "over");
    }

    #[test]
    fn what_changes_while_it_is_read_is_not_kept() {
        let (memory, changes) = memory();
        for change in [Change::Order(id(1)), Change::Deaf, Change::Hearing] {
            let Look::Missing(reading) = memory.look(&id(1), 0) else {
                panic!("nothing was kept");
            };
            changes.send(change.clone()).unwrap();
            reading.keep("old".into(), None);
            assert_eq!(told(&memory, &id(1), 0, "new"), "new", "{change:?}");
            changes.send(Change::Order(id(1))).unwrap();
        }
        // Whoever hangs up in the middle leaves nothing behind.
        drop(memory.look(&id(1), 0));
        assert!(memory.lock().reading.is_empty());
    }

    #[test]
    fn while_changes_may_be_missed_nothing_is_kept() {
        let (memory, changes) = memory();
        told(&memory, &id(1), 0, "a");
        changes.send(Change::Deaf).unwrap();
        for news in ["b", "c"] {
            assert_eq!(told(&memory, &id(1), 0, news), news);
        }
        changes.send(Change::Hearing).unwrap();
        assert_eq!(told(&memory, &id(1), 0, "d"), "d");
        assert_eq!(told(&memory, &id(1), 0, "new"), "d");
    }

    #[test]
    fn more_changes_than_can_wait_clear_everything() {
        let (memory, changes) = memory();
        told(&memory, &id(1), 0, "a");
        for number in 0..100 {
            changes.send(Change::Order(id(1_000 + number))).unwrap();
        }
        assert_eq!(told(&memory, &id(1), 0, "new"), "new");
    }

    #[test]
    fn it_is_bounded_and_keeps_what_is_asked_for() {
        let (memory, _changes) = memory();
        let long = "x".repeat(HALF_MAX / 100);
        for number in 0..1_000 {
            told(&memory, &id(number), 0, &long);
            assert_eq!(told(&memory, &id(0), 0, "new"), long, "{number}");
        }
        let kept = memory.lock();
        assert!(kept.young.len() + kept.old.len() <= 202);
    }
}
