//! The table `outbox`: news for merchants, to be delivered.

use checkout_core::utr::Utr;

use super::{Conn, StoreError};
use crate::order::OrderId;
use crate::random;
use crate::transition::News;

/// Whom and what a piece of news is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Who is told.
    pub merchant_id: &'a str,
    /// The order, where there is one.
    pub order: Option<&'a OrderId>,
    /// The credit, where there is one.
    pub utr: Option<&'a Utr>,
}

/// Puts news into the outbox.
///
/// # Errors
/// Where the database fails.
pub async fn insert(
    conn: &mut Conn,
    news: News,
    about: About<'_>,
    now_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO outbox (id, merchant_id, type, order_id, utr, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(random::hex::<16>()?)
    .bind(about.merchant_id)
    .bind(news.as_str())
    .bind(about.order.map(OrderId::as_str))
    .bind(about.utr.map(Utr::as_str))
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}
