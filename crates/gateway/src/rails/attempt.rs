//! One id that PhonePe is given for an order, and where that stands.

use serde_json::Value;

use super::ask::Ask;
use crate::order::{Flow, Order, OrderId};
use crate::store::StoreError;

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// PhonePe does not know it.
    New,
    /// PhonePe may know it: a call is under way, or its answer got lost.
    Unsure,
    /// PhonePe knows it, and the customer can pay.
    Open,
    /// There is nothing more to learn.
    Done,
}

impl State {
    const ALL: [Self; 4] = [Self::New, Self::Unsure, Self::Open, Self::Done];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unsure => "unsure",
            Self::Open => "open",
            Self::Done => "done",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// An attempt.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// `transactionId` or `authRequestId`.
    pub transaction_id: String,
    /// Whose.
    pub order_id: OrderId,
    /// Its number among the order's attempts, from 1.
    pub number: u32,
    /// What is asked for, as JSON.
    pub ask: String,
    /// Where it stands.
    pub state: State,
    /// When PhonePe was first asked, in milliseconds since 1970.
    pub started_at_ms: Option<i64>,
    /// How often in a row nothing was learnt.
    pub tries: u32,
    /// When to look next, in milliseconds since 1970.
    pub next_at_ms: i64,
    /// When to look no more, in milliseconds since 1970.
    pub ends_at_ms: i64,
}

/// A link that got lost is asked for again under another id this often, counting the first.
pub const ATTEMPTS_MAX: u32 = 3;

/// How long PhonePe's page can outlive the order's deadline: its own limit, in milliseconds.
///
/// Source: PhonePe, "Standard checkout checklist", reconciliation.
const AFTERTIME_MS: i64 = 20 * 60_000;

/// How long a new order is left to the request that made it, in milliseconds: that one waits for
/// PhonePe's answer, so it should be the one that asks.
pub const HEAD_START_MS: i64 = 3_000;

impl Attempt {
    /// The attempt of this number.
    pub fn new(order: &Order, number: u32, ask: String, now_ms: i64) -> Self {
        // Letters and digits only, at most 35: what every flow takes.
        let transaction_id = match number {
            1 => order.id.to_string(),
            number => format!("{}a{number}", order.id),
        };
        let deadline_ms = order.expires_at_ms.unwrap_or(now_ms);
        Self {
            transaction_id,
            order_id: order.id,
            number,
            ask,
            state: State::New,
            started_at_ms: None,
            tries: 0,
            next_at_ms: match number {
                1 => now_ms.saturating_add(HEAD_START_MS),
                _ => now_ms,
            },
            ends_at_ms: deadline_ms.saturating_add(AFTERTIME_MS),
        }
    }

    /// What is asked for.
    ///
    /// # Errors
    /// Where the row holds what no code of ours writes.
    pub fn ask(&self, flow: Flow) -> Result<Ask, StoreError> {
        let corrupt = StoreError::Corrupt("phonepe_attempts.ask");
        let json: Option<Value> = serde_json::from_str(&self.ask).ok();
        json.and_then(|json| Ask::read(flow, json).ok().flatten())
            .ok_or(corrupt)
    }
}
