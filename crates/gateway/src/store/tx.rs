//! A transaction that may write: its locks, and the orders that it changes.
//!
//! SQLite has one writer at a time, so nothing comes between. PostgreSQL has many, each of which sees
//! what was committed before each of its statements; so whatever a decision rests on is locked first,
//! and read afterwards:
//!
//! | lock | keeps still | taken by |
//! | --- | --- | --- |
//! | [`Lock::Key`] | one idempotency key of a merchant | every POST of a merchant: the second of two finds the first one's answer |
//! | [`Lock::Matching`] | credits and claims of a merchant, and the amounts that its orders expect | credits, claims, assignments, discounts: which order money pays, and which amount is free, is decided one after the other |
//! | the row of an order | the order, its events, its attempts at PhonePe | everything that changes an order or counts what belongs to it |
//!
//! They are taken in this order, and without [`Lock::Matching`] a transaction locks one order only; so
//! no circle of waiting can form, and no transaction has to be tried again. In debug builds that is
//! checked on both databases. What only adds rows (an order, news) rests on unique keys.
//!
//! Background work is taken with `SKIP LOCKED`, by transactions that wait for nothing else.

use std::ops::{Deref, DerefMut};

use sha2::{Digest, Sha256};
use sqlx::{Any, Transaction};

use super::changes::{Teller, notify};
use super::dialect::Dialect;
use super::{Conn, StoreError};
use crate::order::OrderId;

/// A transaction that may write. Dropped without [`Tx::commit`], it undoes its work.
#[derive(Debug)]
pub struct Tx {
    transaction: Transaction<'static, Any>,
    dialect: Dialect,
    teller: Teller,
    changed: Vec<OrderId>,
    held: Held,
}

/// What a transaction locks besides orders.
#[derive(Clone, Copy, Debug)]
pub enum Lock<'a> {
    /// An idempotency key.
    Key {
        /// Whose.
        merchant_id: &'a str,
        /// The key.
        key: &'a str,
    },
    /// Which order money pays, and which amounts are free.
    Matching {
        /// Whose money.
        merchant_id: &'a str,
    },
}

/// Which locks a transaction holds already.
#[derive(Debug, Default)]
struct Held {
    matching: bool,
    order: Option<OrderId>,
}

impl Tx {
    pub(super) fn new(
        transaction: Transaction<'static, Any>,
        dialect: Dialect,
        teller: Teller,
    ) -> Self {
        Self {
            transaction,
            dialect,
            teller,
            changed: Vec::new(),
            held: Held::default(),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Waits for a lock, and holds it until the end of the transaction.
    ///
    /// # Errors
    /// Where the database fails, or somebody else holds it for too long.
    pub async fn lock(&mut self, lock: Lock<'_>) -> Result<(), StoreError> {
        debug_assert!(self.held.order.is_none(), "{lock:?} after an order");
        let (class, name) = match lock {
            Lock::Key { merchant_id, key } => {
                debug_assert!(!self.held.matching, "{lock:?} after the matching");
                // No merchant's id holds a space.
                (1_i32, format!("{merchant_id} {key}"))
            }
            Lock::Matching { merchant_id } => {
                self.held.matching = true;
                (2, merchant_id.to_owned())
            }
        };
        if self.dialect == Dialect::Postgres {
            sqlx::query("SELECT pg_advisory_xact_lock($1, $2)")
                .bind(class)
                .bind(number(&name))
                .execute(&mut **self)
                .await?;
        }
        Ok(())
    }

    /// Notes that an order is about to be locked, and checks that it may be.
    pub(super) fn locks(&mut self, order: &OrderId) {
        let held = self.held.order.get_or_insert(*order);
        debug_assert!(
            self.held.matching || held == order,
            "a second order without the lock of the matching"
        );
    }

    /// Notes that an order has changed.
    pub(super) fn changes(&mut self, order: &OrderId) {
        if !self.changed.contains(order) {
            self.changed.push(*order);
        }
    }

    /// Keeps what was done, and tells which orders have changed.
    ///
    /// # Errors
    /// Where the database fails. Then nothing was done, unless the answer got lost.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let changed = std::mem::take(&mut self.changed);
        if self.dialect == Dialect::Postgres {
            for order in &changed {
                notify(&mut self, order).await?;
            }
        }
        self.transaction.commit().await?;
        for order in changed {
            self.teller.tell(order);
        }
        Ok(())
    }
}

/// A lock is a number to PostgreSQL. Two names with one number only wait for each other.
fn number(name: &str) -> i32 {
    let hash = Sha256::digest(name);
    hash.first_chunk()
        .map_or(0, |bytes| i32::from_be_bytes(*bytes))
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.transaction
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.transaction
    }
}
