//! The table `orders`.

use std::collections::{BTreeMap, BTreeSet};

use checkout_core::money::Paise;
use checkout_core::utr::Utr;
use checkout_core::vpa::Vpa;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Conn, StoreError, Tx, from_db, to_db};
use crate::order::{Discount, Flow, Order, OrderId, Status};

/// Adds an order. `false`: the merchant has one with this reference already.
///
/// # Errors
/// Where the database fails.
pub async fn insert(conn: &mut Conn, order: &Order) -> Result<bool, StoreError> {
    let added = sqlx::query(
        "INSERT INTO orders (id, merchant_id, reference, flow, status, amount_paise, payee_vpa,
            payee_key, payee_name, deeplink, success_url, note, payer, charged_now_paise,
            created_at_ms, expires_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (merchant_id, reference) DO NOTHING",
    )
    .bind(order.id.as_str())
    .bind(&order.merchant_id)
    .bind(&order.reference)
    .bind(order.flow.as_str())
    .bind(order.status.as_str())
    .bind(to_db(order.amount))
    .bind(order.payee.as_str())
    .bind(order.payee.normalized())
    .bind(&order.payee_name)
    .bind(&order.deeplink)
    .bind(&order.success_url)
    .bind(&order.note)
    .bind(&order.payer)
    .bind(order.charged_now.map(to_db))
    .bind(order.created_at_ms)
    .bind(order.expires_at_ms)
    .execute(conn)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Reads an order.
///
/// # Errors
/// Where the database fails.
pub async fn get(conn: &mut Conn, id: &OrderId) -> Result<Option<Order>, StoreError> {
    sqlx::query("SELECT * FROM orders WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(conn)
        .await?
        .map(|row| order(&row))
        .transpose()
}

/// Whether there is such an order of this merchant's. Somebody else's takes as long as none.
///
/// # Errors
/// Where the database fails.
pub async fn is_of(conn: &mut Conn, id: &OrderId, merchant_id: &str) -> Result<bool, StoreError> {
    let found = sqlx::query("SELECT id FROM orders WHERE id = $1 AND merchant_id = $2")
        .bind(id.as_str())
        .bind(merchant_id)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// Reads an order, and keeps it as it is until the end of the transaction.
///
/// # Errors
/// Where the database fails.
pub async fn lock(tx: &mut Tx, id: &OrderId) -> Result<Option<Order>, StoreError> {
    tx.locks(id);
    let sql = format!(
        "SELECT * FROM orders WHERE id = $1{}",
        tx.dialect().for_update()
    );
    sqlx::query(&sql)
        .bind(id.as_str())
        .fetch_optional(&mut **tx)
        .await?
        .map(|row| order(&row))
        .transpose()
}

/// What a list of orders shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those that stand there.
    pub status: Option<Status>,
    /// Only the one that the merchant calls so.
    pub reference: Option<String>,
    /// Only those that were made before this one.
    pub after: Option<OrderId>,
}

/// A merchant's orders, the newest first.
///
/// # Errors
/// Where the database fails.
pub async fn list(
    conn: &mut Conn,
    merchant_id: &str,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Order>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM orders
         WHERE merchant_id = $1
           AND (CAST($2 AS TEXT) IS NULL OR status = $2)
           AND (CAST($3 AS TEXT) IS NULL OR reference = $3)
           AND (CAST($4 AS TEXT) IS NULL
                OR seq < (SELECT seq FROM orders WHERE id = $4 AND merchant_id = $1))
         ORDER BY seq DESC LIMIT $5",
    )
    .bind(merchant_id)
    .bind(filter.status.map(Status::as_str))
    .bind(&filter.reference)
    .bind(filter.after.as_ref().map(OrderId::as_str))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    rows.iter().map(order).collect()
}

/// Moves an order. `false`: it no longer stands where the decision was made.
///
/// # Errors
/// Where the database fails.
pub async fn set_status(
    tx: &mut Tx,
    id: &OrderId,
    from: Status,
    to: Status,
    reason: Option<&str>,
    paid_utr: Option<&Utr>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let moved = sqlx::query(
        "UPDATE orders SET status = $1, reason = $2, paid_utr = $3, closed_at_ms = $4
         WHERE id = $5 AND status = $6",
    )
    .bind(to.as_str())
    .bind(reason)
    .bind(paid_utr.map(Utr::as_str))
    .bind(now_ms)
    .bind(id.as_str())
    .bind(from.as_str())
    .execute(&mut **tx)
    .await?;
    tx.changes(id);
    Ok(moved.rows_affected() == 1)
}

/// Keeps the discount of a pending order that has none. `false`: it is not pending, or has one.
///
/// # Errors
/// Where the database fails.
pub async fn set_discount(
    tx: &mut Tx,
    id: &OrderId,
    discount: Discount,
) -> Result<bool, StoreError> {
    let paise = match discount {
        Discount::NotAsked => None,
        Discount::NoneLeft => Some(0),
        Discount::Off(off) => Some(to_db(off)),
    };
    let set = sqlx::query(
        "UPDATE orders SET discount_paise = $1
         WHERE id = $2 AND status = 'PENDING' AND discount_paise IS NULL",
    )
    .bind(paise)
    .bind(id.as_str())
    .execute(&mut **tx)
    .await?;
    tx.changes(id);
    Ok(set.rows_affected() == 1)
}

/// Keeps the link of an order that waits for PhonePe; a newer one takes the place of one that was lost.
///
/// # Errors
/// Where the database fails.
pub async fn set_deeplink(tx: &mut Tx, id: &OrderId, deeplink: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE orders SET deeplink = $1 WHERE id = $2 AND flow <> 'upi'")
        .bind(deeplink)
        .bind(id.as_str())
        .execute(&mut **tx)
        .await?;
    tx.changes(id);
    Ok(())
}

/// A payee's live orders: those that wait, and those that ended unpaid after `ended_after_ms`,
/// whose money may still be on its way.
#[derive(Clone, Copy, Debug)]
pub struct Live<'a> {
    /// Whose orders.
    pub merchant_id: &'a str,
    /// Paid to whom, in lower case.
    pub payee_key: &'a str,
    /// Since when an ended order no longer counts.
    pub ended_after_ms: i64,
}

/// Money of PhonePe's flows does not come as credits, so those orders wait for none.
const IS_LIVE: &str = "merchant_id = $1 AND payee_key = $2 AND flow = 'upi' AND (status = 'PENDING'
    OR (status IN ('EXPIRED', 'FAILED') AND closed_at_ms > $3))";

/// The live orders that expect this amount, discounted or in full; at most two, because more
/// decide nothing.
///
/// # Errors
/// Where the database fails.
pub async fn expecting(
    conn: &mut Conn,
    live: Live<'_>,
    amount: Paise,
) -> Result<Vec<OrderId>, StoreError> {
    // Two looks, each with its own index, instead of one OR that would read every order.
    let sql = format!(
        "SELECT id FROM (SELECT id FROM orders WHERE {IS_LIVE} AND payable_paise = $4 LIMIT 2) AS a
         UNION SELECT id FROM
            (SELECT id FROM orders WHERE {IS_LIVE} AND amount_paise = $4 LIMIT 2) AS b
         LIMIT 2"
    );
    let rows = sqlx::query(&sql)
        .bind(live.merchant_id)
        .bind(live.payee_key)
        .bind(live.ended_after_ms)
        .bind(to_db(amount))
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| order_id(row, "id")).collect()
}

/// The amounts from `least` to `most` that live orders other than `except` may be paid with.
///
/// # Errors
/// Where the database fails.
pub async fn expected_amounts(
    conn: &mut Conn,
    live: Live<'_>,
    except: &OrderId,
    least: Paise,
    most: Paise,
) -> Result<BTreeSet<Paise>, StoreError> {
    let sql = format!(
        "SELECT payable_paise AS paise FROM orders
            WHERE {IS_LIVE} AND payable_paise BETWEEN $4 AND $5 AND id <> $6
         UNION SELECT amount_paise FROM orders
            WHERE {IS_LIVE} AND amount_paise BETWEEN $4 AND $5 AND id <> $6"
    );
    let rows = sqlx::query(&sql)
        .bind(live.merchant_id)
        .bind(live.payee_key)
        .bind(live.ended_after_ms)
        .bind(to_db(least))
        .bind(to_db(most))
        .bind(except.as_str())
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|row| from_db(row.try_get("paise")?, "orders.payable_paise"))
        .collect()
}

/// The orders of a merchant whose customers claim a UTR. They stay as they are until the end of the
/// transaction.
///
/// # Errors
/// Where the database fails.
pub async fn claiming(tx: &mut Tx, merchant_id: &str, utr: &Utr) -> Result<Vec<Order>, StoreError> {
    let sql = format!(
        "SELECT orders.* FROM orders JOIN claims ON claims.order_id = orders.id
         WHERE claims.merchant_id = $1 AND claims.utr = $2{}",
        tx.dialect().for_update()
    );
    let rows = sqlx::query(&sql)
        .bind(merchant_id)
        .bind(utr.as_str())
        .fetch_all(&mut **tx)
        .await?;
    let orders: Vec<Order> = rows.iter().map(order).collect::<Result<_, _>>()?;
    for order in &orders {
        tx.locks(&order.id);
    }
    Ok(orders)
}

/// An order whose time is over, and that nobody has closed or is changing. It stays as it is until the
/// end of the transaction.
///
/// # Errors
/// Where the database fails.
pub async fn take_overdue(tx: &mut Tx, now_ms: i64) -> Result<Option<OrderId>, StoreError> {
    let skip_locked = tx.dialect().skip_locked();
    let sql = format!(
        "SELECT id FROM orders WHERE status = 'PENDING' AND expires_at_ms <= $1
         ORDER BY expires_at_ms LIMIT 1{skip_locked}"
    );
    let row = sqlx::query(&sql)
        .bind(now_ms)
        .fetch_optional(&mut **tx)
        .await?;
    let id = row.map(|row| order_id(&row, "id")).transpose()?;
    if let Some(id) = &id {
        tx.locks(id);
    }
    Ok(id)
}

/// How many orders stand where.
///
/// # Errors
/// Where the database fails.
pub async fn count_by_status(conn: &mut Conn) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows = sqlx::query("SELECT status, count(*) AS orders FROM orders GROUP BY status")
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("status")?, row.try_get("orders")?)))
        .collect()
}

/// An order id from a row.
pub(super) fn order_id(row: &AnyRow, column: &'static str) -> Result<OrderId, StoreError> {
    let id: String = row.try_get(column)?;
    OrderId::parse(&id).ok_or(StoreError::Corrupt("orders.id"))
}

fn order(row: &AnyRow) -> Result<Order, StoreError> {
    let status: String = row.try_get("status")?;
    let flow: String = row.try_get("flow")?;
    let payee: String = row.try_get("payee_vpa")?;
    let discount: Option<i64> = row.try_get("discount_paise")?;
    let paid_utr: Option<String> = row.try_get("paid_utr")?;
    let charged_now: Option<i64> = row.try_get("charged_now_paise")?;
    Ok(Order {
        id: order_id(row, "id")?,
        merchant_id: row.try_get("merchant_id")?,
        reference: row.try_get("reference")?,
        flow: Flow::parse(&flow).ok_or(StoreError::Corrupt("orders.flow"))?,
        status: Status::parse(&status).ok_or(StoreError::Corrupt("orders.status"))?,
        amount: from_db(row.try_get("amount_paise")?, "orders.amount_paise")?,
        discount: match discount {
            None => Discount::NotAsked,
            Some(0) => Discount::NoneLeft,
            Some(paise) => Discount::Off(from_db(paise, "orders.discount_paise")?),
        },
        payee: Vpa::parse(&payee).map_err(|_| StoreError::Corrupt("orders.payee_vpa"))?,
        payee_name: row.try_get("payee_name")?,
        deeplink: row.try_get("deeplink")?,
        payer: row.try_get("payer")?,
        charged_now: charged_now
            .map(|paise| from_db(paise, "orders.charged_now_paise"))
            .transpose()?,
        success_url: row.try_get("success_url")?,
        note: row.try_get("note")?,
        reason: row.try_get("reason")?,
        paid_utr: paid_utr
            .map(|utr| Utr::parse(&utr))
            .transpose()
            .map_err(|_| StoreError::Corrupt("orders.paid_utr"))?,
        created_at_ms: row.try_get("created_at_ms")?,
        expires_at_ms: row.try_get("expires_at_ms")?,
        closed_at_ms: row.try_get("closed_at_ms")?,
    })
}
