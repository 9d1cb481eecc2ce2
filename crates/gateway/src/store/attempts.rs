//! The table `phonepe_attempts`: each id that PhonePe was given, or is about to be given.

use std::collections::BTreeMap;

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Conn, StoreError, Tx, orders, small};
use crate::order::{Order, OrderId};
use crate::rails::attempt::{Attempt, State};

/// Adds an attempt.
///
/// # Errors
/// Where the database fails, or has an attempt of this id or number.
pub async fn insert(conn: &mut Conn, attempt: &Attempt) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO phonepe_attempts (transaction_id, order_id, number, ask, state, started_at_ms,
            tries, next_at_ms, ends_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&attempt.transaction_id)
    .bind(attempt.order_id.as_str())
    .bind(i64::from(attempt.number))
    .bind(&attempt.ask)
    .bind(attempt.state.as_str())
    .bind(attempt.started_at_ms)
    .bind(i64::from(attempt.tries))
    .bind(attempt.next_at_ms)
    .bind(attempt.ends_at_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Reads an attempt.
///
/// # Errors
/// Where the database fails.
pub async fn get(conn: &mut Conn, transaction_id: &str) -> Result<Option<Attempt>, StoreError> {
    sqlx::query("SELECT * FROM phonepe_attempts WHERE transaction_id = $1")
        .bind(transaction_id)
        .fetch_optional(conn)
        .await?
        .map(|row| attempt(&row))
        .transpose()
}

/// Keeps where an attempt stands. One that is done stays as it is: a callback may have come while an
/// older answer was still on its way.
///
/// # Errors
/// Where the database fails.
pub async fn save(conn: &mut Conn, attempt: &Attempt) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE phonepe_attempts SET state = $1, started_at_ms = $2, tries = $3, next_at_ms = $4
         WHERE transaction_id = $5 AND state <> 'done'",
    )
    .bind(attempt.state.as_str())
    .bind(attempt.started_at_ms)
    .bind(i64::from(attempt.tries))
    .bind(attempt.next_at_ms)
    .bind(&attempt.transaction_id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Reads an attempt and its order, and keeps both as they are until the end of the transaction: an
/// attempt changes under the lock of its order.
///
/// # Errors
/// Where the database fails.
pub async fn lock(
    tx: &mut Tx,
    transaction_id: &str,
) -> Result<Option<(Attempt, Order)>, StoreError> {
    let Some(found) = get(tx, transaction_id).await? else {
        return Ok(None);
    };
    let order = orders::lock(tx, &found.order_id).await?;
    let order = order.ok_or(StoreError::Corrupt("phonepe_attempts.order_id"))?;
    let attempt = get(tx, transaction_id).await?;
    Ok(attempt.map(|attempt| (attempt, order)))
}

/// Takes the attempts that somebody should look at, those that wait longest first: until
/// `lease_ends_ms` nobody else takes them. Returns their ids.
///
/// # Errors
/// Where the database fails.
pub async fn take_due(
    tx: &mut Tx,
    now_ms: i64,
    lease_ends_ms: i64,
    limit: u32,
) -> Result<Vec<String>, StoreError> {
    let skip_locked = tx.dialect().skip_locked();
    // Named first: as a part of the update it might be looked up more than once.
    let sql = format!(
        "WITH due AS (
            SELECT transaction_id FROM phonepe_attempts WHERE state <> 'done' AND next_at_ms <= $2
            ORDER BY next_at_ms LIMIT $3{skip_locked})
         UPDATE phonepe_attempts SET next_at_ms = $1
         WHERE transaction_id IN (SELECT transaction_id FROM due)
         RETURNING transaction_id"
    );
    Ok(sqlx::query_scalar(&sql)
        .bind(lease_ends_ms)
        .bind(now_ms)
        .bind(i64::from(limit))
        .fetch_all(&mut **tx)
        .await?)
}

/// An order's newest attempt; `None`: it does without PhonePe.
///
/// # Errors
/// Where the database fails.
pub async fn newest(conn: &mut Conn, order: &OrderId) -> Result<Option<Attempt>, StoreError> {
    sqlx::query("SELECT * FROM phonepe_attempts WHERE order_id = $1 ORDER BY number DESC LIMIT 1")
        .bind(order.as_str())
        .fetch_optional(conn)
        .await?
        .map(|row| attempt(&row))
        .transpose()
}

/// How many attempts stand where.
///
/// # Errors
/// Where the database fails.
pub async fn count_by_state(conn: &mut Conn) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows =
        sqlx::query("SELECT state, count(*) AS attempts FROM phonepe_attempts GROUP BY state")
            .fetch_all(conn)
            .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("state")?, row.try_get("attempts")?)))
        .collect()
}

fn attempt(row: &AnyRow) -> Result<Attempt, StoreError> {
    let state: String = row.try_get("state")?;
    Ok(Attempt {
        transaction_id: row.try_get("transaction_id")?,
        order_id: super::orders::order_id(row, "order_id")?,
        number: small(row, "number", "phonepe_attempts.number")?,
        ask: row.try_get("ask")?,
        state: State::parse(&state).ok_or(StoreError::Corrupt("phonepe_attempts.state"))?,
        started_at_ms: row.try_get("started_at_ms")?,
        tries: small(row, "tries", "phonepe_attempts.tries")?,
        next_at_ms: row.try_get("next_at_ms")?,
        ends_at_ms: row.try_get("ends_at_ms")?,
    })
}
