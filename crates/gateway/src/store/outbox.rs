//! The table `outbox`: news for merchants, to be delivered.

use checkout_core::utr::Utr;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Conn, StoreError, Tx, small};
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
        "INSERT INTO outbox (id, merchant_id, type, order_id, utr, created_at_ms, next_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
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

/// A piece of news.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its place in the list.
    pub seq: i64,
    /// Its id: the merchant knows by it whether it has heard it before.
    pub id: String,
    /// Who is told.
    pub merchant_id: String,
    /// What happened: `order.succeeded`.
    pub kind: String,
    /// The order, where there is one.
    pub order: Option<OrderId>,
    /// The credit, where there is one.
    pub utr: Option<String>,
    /// When it happened, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// When the merchant had it.
    pub delivered_at_ms: Option<i64>,
    /// When nobody tried any more.
    pub given_up_at_ms: Option<i64>,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next.
    pub next_at_ms: i64,
    /// What the last try came to.
    pub last_answer: Option<String>,
}

impl Item {
    /// Whether it is still to be delivered.
    pub fn is_waiting(&self) -> bool {
        self.delivered_at_ms.is_none() && self.given_up_at_ms.is_none()
    }
}

/// Reads a piece of news.
///
/// # Errors
/// Where the database fails.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<Item>, StoreError> {
    sqlx::query("SELECT * FROM outbox WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?
        .map(|row| item(&row))
        .transpose()
}

/// The news that is to be tried now, what waits longest first. Until the end of the transaction nobody
/// else gets it; before that, whoever takes it moves its next try ahead ([`set_next`]).
///
/// # Errors
/// Where the database fails.
pub async fn due(tx: &mut Tx, now_ms: i64, limit: u32) -> Result<Vec<Item>, StoreError> {
    let skip_locked = tx.dialect().skip_locked();
    let sql = format!(
        "SELECT * FROM outbox
         WHERE delivered_at_ms IS NULL AND given_up_at_ms IS NULL AND next_at_ms <= $1
         ORDER BY next_at_ms LIMIT $2{skip_locked}"
    );
    let rows = sqlx::query(&sql)
        .bind(now_ms)
        .bind(i64::from(limit))
        .fetch_all(&mut **tx)
        .await?;
    rows.iter().map(item).collect()
}

/// Where news stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The merchant has it.
    Delivered,
    /// It is still tried.
    Waiting,
    /// Nobody tries any more.
    GivenUp,
}

impl Standing {
    const ALL: [Self; 3] = [Self::Delivered, Self::Waiting, Self::GivenUp];

    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Waiting => "waiting",
            Self::GivenUp => "given-up",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Where this piece stands.
    pub fn of(item: &Item) -> Self {
        match (item.delivered_at_ms, item.given_up_at_ms) {
            (Some(_), _) => Self::Delivered,
            (None, Some(_)) => Self::GivenUp,
            (None, None) => Self::Waiting,
        }
    }
}

/// A merchant's news, the newest first. `after`: the place of the last one seen.
///
/// # Errors
/// Where the database fails.
pub async fn list(
    conn: &mut Conn,
    merchant_id: &str,
    standing: Option<Standing>,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<Item>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM outbox
         WHERE merchant_id = $1
           AND (CAST($2 AS TEXT) IS NULL OR $2 = CASE
                WHEN delivered_at_ms IS NOT NULL THEN 'delivered'
                WHEN given_up_at_ms IS NOT NULL THEN 'given-up'
                ELSE 'waiting' END)
           AND (CAST($3 AS BIGINT) IS NULL OR seq < $3)
         ORDER BY seq DESC LIMIT $4",
    )
    .bind(merchant_id)
    .bind(standing.map(Standing::as_str))
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    rows.iter().map(item).collect()
}

/// Keeps how often news was tried and when it is tried next. Whoever was so slow that another has tried
/// it since changes nothing.
///
/// # Errors
/// Where the database fails.
pub async fn set_next(
    conn: &mut Conn,
    id: &str,
    tries: u32,
    next_at_ms: i64,
    last_answer: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE outbox SET tries = $1, next_at_ms = $2, last_answer = $3
         WHERE id = $4 AND tries <= $1 AND delivered_at_ms IS NULL AND given_up_at_ms IS NULL",
    )
    .bind(i64::from(tries))
    .bind(next_at_ms)
    .bind(last_answer)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// The merchant has it.
///
/// # Errors
/// Where the database fails.
pub async fn set_delivered(conn: &mut Conn, id: &str, now_ms: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE outbox SET delivered_at_ms = $1, last_answer = NULL
         WHERE id = $2 AND delivered_at_ms IS NULL",
    )
    .bind(now_ms)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Nobody tries any more; why.
///
/// # Errors
/// Where the database fails.
pub async fn set_given_up(
    conn: &mut Conn,
    id: &str,
    now_ms: i64,
    why: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE outbox SET given_up_at_ms = $1, last_answer = $2
         WHERE id = $3 AND delivered_at_ms IS NULL",
    )
    .bind(now_ms)
    .bind(why)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

fn item(row: &AnyRow) -> Result<Item, StoreError> {
    let order: Option<String> = row.try_get("order_id")?;
    Ok(Item {
        seq: row.try_get("seq")?,
        id: row.try_get("id")?,
        merchant_id: row.try_get("merchant_id")?,
        kind: row.try_get("type")?,
        order: order.and_then(|id| OrderId::parse(&id)),
        utr: row.try_get("utr")?,
        created_at_ms: row.try_get("created_at_ms")?,
        delivered_at_ms: row.try_get("delivered_at_ms")?,
        given_up_at_ms: row.try_get("given_up_at_ms")?,
        tries: small(row, "tries", "outbox.tries")?,
        next_at_ms: row.try_get("next_at_ms")?,
        last_answer: row.try_get("last_answer")?,
    })
}
