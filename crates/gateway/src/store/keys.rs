//! The table `idempotency_keys`: what each POST of a merchant was answered.

use sqlx::Row;

use super::{Conn, StoreError, Tx};

/// An answer that was given before.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The hash of the request that it answers.
    pub fingerprint: String,
    /// The HTTP status.
    pub status: u16,
    /// The JSON.
    pub body: String,
}

/// The answer that was given under a key.
///
/// # Errors
/// Where the database fails.
pub async fn get(
    conn: &mut Conn,
    merchant_id: &str,
    key: &str,
) -> Result<Option<Kept>, StoreError> {
    let row = sqlx::query(
        "SELECT fingerprint, status, body FROM idempotency_keys WHERE merchant_id = $1 AND key = $2",
    )
    .bind(merchant_id)
    .bind(key)
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let status: i64 = row.try_get("status")?;
        Ok(Kept {
            fingerprint: row.try_get("fingerprint")?,
            status: u16::try_from(status)
                .map_err(|_| StoreError::Corrupt("idempotency_keys.status"))?,
            body: row.try_get("body")?,
        })
    })
    .transpose()
}

/// Keeps an answer under a key.
///
/// # Errors
/// Where the database fails.
pub async fn insert(
    conn: &mut Conn,
    merchant_id: &str,
    key: &str,
    kept: &Kept,
    now_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO idempotency_keys (merchant_id, key, fingerprint, status, body, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(merchant_id)
    .bind(key)
    .bind(&kept.fingerprint)
    .bind(i64::from(kept.status))
    .bind(&kept.body)
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the answers that were given before a time.
///
/// # Errors
/// Where the database fails.
pub async fn forget_before(tx: &mut Tx, at_ms: i64) -> Result<(), StoreError> {
    // Two processes that forget at once pass over each other's rows.
    let skip_locked = tx.dialect().skip_locked();
    let sql = format!(
        "DELETE FROM idempotency_keys WHERE (merchant_id, key) IN (
            SELECT merchant_id, key FROM idempotency_keys WHERE created_at_ms < $1{skip_locked})"
    );
    sqlx::query(&sql).bind(at_ms).execute(&mut **tx).await?;
    Ok(())
}
