//! The table `meters`: rate limits that several processes share. Only PostgreSQL has it; a process that
//! is alone keeps its meters in memory ([`crate::limits`]).

use super::{StoreError, Tx};

/// Reads a meter, and keeps it from changing until the end of the transaction: when it will have run
/// down, in milliseconds since 1970. A new one has run down now.
///
/// # Errors
/// Where the database fails.
pub async fn lock(tx: &mut Tx, name: &str, now_ms: i64) -> Result<i64, StoreError> {
    // The update changes nothing, but it locks the row.
    Ok(sqlx::query_scalar(
        "INSERT INTO meters (name, runs_down_at_ms) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET runs_down_at_ms = meters.runs_down_at_ms
         RETURNING runs_down_at_ms",
    )
    .bind(name)
    .bind(now_ms)
    .fetch_one(&mut **tx)
    .await?)
}

/// Keeps when a meter will have run down.
///
/// # Errors
/// Where the database fails.
pub async fn set(tx: &mut Tx, name: &str, runs_down_at_ms: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE meters SET runs_down_at_ms = $1 WHERE name = $2")
        .bind(runs_down_at_ms)
        .bind(name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets the meters that had run down before a time.
///
/// # Errors
/// Where the database fails.
pub async fn forget_before(tx: &mut Tx, at_ms: i64) -> Result<(), StoreError> {
    // Two processes that forget at once pass over each other's rows.
    let skip_locked = tx.dialect().skip_locked();
    let sql = format!(
        "DELETE FROM meters WHERE name IN (
            SELECT name FROM meters WHERE runs_down_at_ms < $1{skip_locked})"
    );
    sqlx::query(&sql).bind(at_ms).execute(&mut **tx).await?;
    Ok(())
}
