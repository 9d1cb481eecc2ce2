//! The table `credits`.

use std::collections::BTreeMap;

use checkout_core::utr::Utr;
use checkout_core::vpa::Vpa;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::orders::order_id;
use super::{Conn, StoreError, from_db, to_db};
use crate::credit::{Credit, CreditReport, CreditState, MatchedBy, Mismatch};
use crate::order::OrderId;

/// Adds a credit that pays no order yet.
///
/// # Errors
/// Where the database fails, or holds this UTR already.
pub async fn insert(
    conn: &mut Conn,
    merchant_id: &str,
    report: &CreditReport,
    now_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO credits (merchant_id, utr, amount_paise, payee_key, payer_vpa, note,
            received_at_ms, recorded_at_ms, unmatched_reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(merchant_id)
    .bind(report.utr.as_str())
    .bind(to_db(report.amount))
    .bind(&report.payee_key)
    .bind(report.payer.as_ref().map(Vpa::as_str))
    .bind(&report.note)
    .bind(report.received_at_ms)
    .bind(now_ms)
    .bind(Mismatch::NoOrder.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// Reads a credit.
///
/// # Errors
/// Where the database fails.
pub async fn get(
    conn: &mut Conn,
    merchant_id: &str,
    utr: &Utr,
) -> Result<Option<Credit>, StoreError> {
    sqlx::query("SELECT * FROM credits WHERE merchant_id = $1 AND utr = $2")
        .bind(merchant_id)
        .bind(utr.as_str())
        .fetch_optional(conn)
        .await?
        .map(|row| credit(&row))
        .transpose()
}

/// A merchant's credits, the newest first. `matched`: only those that paid an order, or only those
/// that did not. `before_seq`: only those that were recorded before that one.
///
/// # Errors
/// Where the database fails.
pub async fn list(
    conn: &mut Conn,
    merchant_id: &str,
    matched: Option<bool>,
    before_seq: Option<i64>,
    limit: u32,
) -> Result<Vec<Credit>, StoreError> {
    let state = match matched {
        None => "",
        Some(true) => "AND order_id IS NOT NULL",
        Some(false) => "AND order_id IS NULL",
    };
    let sql = format!(
        "SELECT * FROM credits WHERE merchant_id = $1 {state} AND seq < $2
         ORDER BY seq DESC LIMIT $3"
    );
    let rows = sqlx::query(&sql)
        .bind(merchant_id)
        .bind(before_seq.unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    rows.iter().map(credit).collect()
}

/// Gives a credit that pays no order to one. `false`: it pays one already.
///
/// # Errors
/// Where the database fails.
pub async fn set_matched(
    conn: &mut Conn,
    merchant_id: &str,
    utr: &Utr,
    order: &OrderId,
    by: MatchedBy,
) -> Result<bool, StoreError> {
    let set = sqlx::query(
        "UPDATE credits SET order_id = $1, matched_by = $2, unmatched_reason = NULL
         WHERE merchant_id = $3 AND utr = $4 AND order_id IS NULL",
    )
    .bind(order.as_str())
    .bind(by.as_str())
    .bind(merchant_id)
    .bind(utr.as_str())
    .execute(conn)
    .await?;
    Ok(set.rows_affected() == 1)
}

/// Says why a credit pays no order.
///
/// # Errors
/// Where the database fails.
pub async fn set_unmatched(
    conn: &mut Conn,
    merchant_id: &str,
    utr: &Utr,
    why: Mismatch,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE credits SET unmatched_reason = $1
         WHERE merchant_id = $2 AND utr = $3 AND order_id IS NULL",
    )
    .bind(why.as_str())
    .bind(merchant_id)
    .bind(utr.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// How many credits ended how.
///
/// # Errors
/// Where the database fails.
pub async fn count_by_outcome(conn: &mut Conn) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows = sqlx::query(
        "SELECT coalesce(matched_by, 'unmatched') AS outcome, count(*) AS credits
         FROM credits GROUP BY 1",
    )
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("outcome")?, row.try_get("credits")?)))
        .collect()
}

fn credit(row: &AnyRow) -> Result<Credit, StoreError> {
    let utr: String = row.try_get("utr")?;
    let payer: Option<String> = row.try_get("payer_vpa")?;
    Ok(Credit {
        seq: row.try_get("seq")?,
        report: CreditReport {
            utr: Utr::parse(&utr).map_err(|_| StoreError::Corrupt("credits.utr"))?,
            amount: from_db(row.try_get("amount_paise")?, "credits.amount_paise")?,
            payee_key: row.try_get("payee_key")?,
            payer: payer
                .map(|payer| Vpa::parse(&payer))
                .transpose()
                .map_err(|_| StoreError::Corrupt("credits.payer_vpa"))?,
            received_at_ms: row.try_get("received_at_ms")?,
            note: row.try_get("note")?,
        },
        recorded_at_ms: row.try_get("recorded_at_ms")?,
        state: state(row)?,
    })
}

fn state(row: &AnyRow) -> Result<CreditState, StoreError> {
    let by: Option<String> = row.try_get("matched_by")?;
    if let Some(by) = by {
        return Ok(CreditState::Matched {
            order: order_id(row, "order_id")?,
            by: MatchedBy::parse(&by).ok_or(StoreError::Corrupt("credits.matched_by"))?,
        });
    }
    let why: String = row.try_get("unmatched_reason")?;
    Mismatch::parse(&why)
        .map(CreditState::Unmatched)
        .ok_or(StoreError::Corrupt("credits.unmatched_reason"))
}
