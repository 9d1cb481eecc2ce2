//! The table `claims`: UTRs that customers typed.

use checkout_core::utr::Utr;
use sqlx::Row;

use super::{Conn, StoreError};
use crate::order::Order;

/// Keeps a claim; the same one again changes nothing.
///
/// # Errors
/// Where the database fails.
pub async fn insert(
    conn: &mut Conn,
    order: &Order,
    utr: &Utr,
    now_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO claims (order_id, merchant_id, utr, claimed_at_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (order_id, utr) DO NOTHING",
    )
    .bind(order.id.as_str())
    .bind(&order.merchant_id)
    .bind(utr.as_str())
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// The UTRs that an order's customer has typed, the newest first.
///
/// # Errors
/// Where the database fails.
pub async fn of_order(conn: &mut Conn, order: &Order) -> Result<Vec<Utr>, StoreError> {
    let rows = sqlx::query("SELECT utr FROM claims WHERE order_id = $1 ORDER BY seq DESC")
        .bind(order.id.as_str())
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|row| Utr::parse(row.try_get("utr")?).map_err(|_| StoreError::Corrupt("claims.utr")))
        .collect()
}
