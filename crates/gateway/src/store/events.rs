//! The table `order_events`: everything that happened to an order; append-only.

use sqlx::Row;

use super::{Conn, StoreError};
use crate::order::OrderId;

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The order was made.
    Created,
    /// A discount was granted, in rupees.
    Discount,
    /// The customer typed a UTR.
    Claim,
    /// The page told what the customer did.
    Page,
    /// The order moved to this status.
    Status,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Created => "created",
            Kind::Discount => "discount",
            Kind::Claim => "claim",
            Kind::Page => "page",
            Kind::Status => "status",
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// The word for its kind.
    pub kind: String,
    /// What exactly.
    pub detail: String,
    /// What moved the order, where it moved.
    pub input_key: Option<String>,
}

/// Appends an event that moved nothing.
///
/// # Errors
/// Where the database fails.
pub async fn append(
    conn: &mut Conn,
    order: &OrderId,
    at_ms: i64,
    kind: Kind,
    detail: &str,
) -> Result<(), StoreError> {
    insert(conn, order, at_ms, kind, detail, None).await
}

/// Appends the event of a move, under the key of what moved the order.
///
/// # Errors
/// Where the database fails, or has seen this key for this order.
pub async fn append_move(
    conn: &mut Conn,
    order: &OrderId,
    at_ms: i64,
    to: &str,
    input_key: &str,
) -> Result<(), StoreError> {
    insert(conn, order, at_ms, Kind::Status, to, Some(input_key)).await
}

async fn insert(
    conn: &mut Conn,
    order: &OrderId,
    at_ms: i64,
    kind: Kind,
    detail: &str,
    input_key: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO order_events (order_id, at_ms, kind, detail, input_key)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(order.as_str())
    .bind(at_ms)
    .bind(kind.as_str())
    .bind(detail)
    .bind(input_key)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether an input has moved this order before.
///
/// # Errors
/// Where the database fails.
pub async fn has_input(
    conn: &mut Conn,
    order: &OrderId,
    input_key: &str,
) -> Result<bool, StoreError> {
    let found = sqlx::query("SELECT 1 FROM order_events WHERE order_id = $1 AND input_key = $2")
        .bind(order.as_str())
        .bind(input_key)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// How many events of a kind an order has.
///
/// # Errors
/// Where the database fails.
pub async fn count(conn: &mut Conn, order: &OrderId, kind: Kind) -> Result<i64, StoreError> {
    let count =
        sqlx::query_scalar("SELECT count(*) FROM order_events WHERE order_id = $1 AND kind = $2")
            .bind(order.as_str())
            .bind(kind.as_str())
            .fetch_one(conn)
            .await?;
    Ok(count)
}

/// Everything that happened to an order, in order.
///
/// # Errors
/// Where the database fails.
pub async fn of_order(conn: &mut Conn, order: &OrderId) -> Result<Vec<Event>, StoreError> {
    let rows = sqlx::query(
        "SELECT at_ms, kind, detail, input_key FROM order_events WHERE order_id = $1 ORDER BY seq",
    )
    .bind(order.as_str())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Event {
                at_ms: row.try_get("at_ms")?,
                kind: row.try_get("kind")?,
                detail: row.try_get("detail")?,
                input_key: row.try_get("input_key")?,
            })
        })
        .collect()
}
