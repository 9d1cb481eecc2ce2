//! Money seen at the bank: `/v1/credits`.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use checkout_core::money::Paise;
use checkout_core::utr::Utr;
use checkout_core::vpa::Vpa;
use serde::{Deserialize, Serialize};

use super::api::{ApiError, Caller, Page, Post, ok, page_limit};
use super::orders::check_text;
use crate::app::App;
use crate::credit::{Credit, CreditReport, CreditState};
use crate::ledger::{self, Refusal};
use crate::order::OrderId;
use crate::store::credits as store;

/// `POST /v1/credits`: money has come. The same UTR with the same content is the same credit.
pub(crate) async fn record(State(app): State<Arc<App>>, post: Post) -> Result<Response, ApiError> {
    let report = post.json::<ReportCredit>()?.check()?;
    let now_ms = app.now_ms();
    let mut tx = app.store.write().await?;
    if let Some(answer) = post.answered(&mut tx).await? {
        return Ok(answer);
    }
    let credit = ledger::record(&mut tx, &post.merchant.id, &report, now_ms).await?;
    let answer = CreditAnswer::from(&credit);
    post.commit(tx, StatusCode::OK, &answer, now_ms).await
}

/// `POST /v1/credits/{utr}/assign`: the merchant says which order an unmatched credit pays.
pub(crate) async fn assign(
    State(app): State<Arc<App>>,
    Path(utr): Path<String>,
    post: Post,
) -> Result<Response, ApiError> {
    let request: AssignCredit = post.json()?;
    let utr = Utr::parse(&utr).map_err(|_| ApiError::Refused(Refusal::CreditNotFound))?;
    let order = OrderId::parse(&request.order_id)
        .ok_or_else(|| ApiError::field("orderId", "write an order's id"))?;
    let now_ms = app.now_ms();
    let mut tx = app.store.write().await?;
    if let Some(answer) = post.answered(&mut tx).await? {
        return Ok(answer);
    }
    let merchant_id = &post.merchant.id;
    let accept = request.accept_amount;
    let credit = ledger::assign(&mut tx, merchant_id, &utr, &order, accept, now_ms).await?;
    let answer = CreditAnswer::from(&credit);
    post.commit(tx, StatusCode::OK, &answer, now_ms).await
}

/// `GET /v1/credits`: the merchant's credits, the newest first.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Caller(merchant): Caller,
    query: Result<Query<ListCredits>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::field("query", error.body_text()))?;
    let limit = page_limit(query.limit)?;
    let matched = match query.state.as_deref() {
        None => None,
        Some("matched") => Some(true),
        Some("unmatched") => Some(false),
        Some(_) => return Err(ApiError::field("state", "matched or unmatched")),
    };
    let mut conn = app.store.read().await?;
    let more = limit.saturating_add(1);
    let rows = store::list(&mut conn, &merchant.id, matched, query.after, more).await?;
    let page = Page::cut(rows, limit, |credit| credit.seq.to_string());
    ok(&Page {
        data: page.data.iter().map(CreditAnswer::from).collect(),
        next: page.next,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReportCredit {
    utr: String,
    amount: String,
    payee_vpa: String,
    payer_vpa: Option<String>,
    received_at: Option<i64>,
    note: Option<String>,
}

const NOTE_MAX: usize = 500;

impl ReportCredit {
    fn check(self) -> Result<CreditReport, ApiError> {
        let utr = Utr::parse(&self.utr)
            .map_err(|_| ApiError::field("utr", "write the bank's reference: twelve digits"))?;
        let amount = Paise::from_rupees(&self.amount).map_err(|e| ApiError::field("amount", e))?;
        let payee = Vpa::parse(&self.payee_vpa).map_err(|e| ApiError::field("payeeVpa", e))?;
        let payer = self.payer_vpa.as_deref().map(Vpa::parse).transpose();
        if self.received_at.is_some_and(|at_ms| at_ms < 0) {
            let hint = "write milliseconds since 1970";
            return Err(ApiError::field("receivedAt", hint));
        }
        let note = self.note.filter(|note| !note.is_empty());
        if let Some(note) = &note {
            check_text("note", note, NOTE_MAX)?;
        }
        Ok(CreditReport {
            utr,
            amount,
            payee_key: payee.normalized(),
            payer: payer.map_err(|e| ApiError::field("payerVpa", e))?,
            received_at_ms: self.received_at,
            note,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AssignCredit {
    order_id: String,
    #[serde(default)]
    accept_amount: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListCredits {
    state: Option<String>,
    limit: Option<u32>,
    after: Option<i64>,
}

/// A credit, as its merchant sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreditAnswer {
    utr: String,
    amount: String,
    payee_vpa: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payer_vpa: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    recorded_at: i64,
    state: &'static str,
    /// The order that it paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    /// How that was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    matched_by: Option<&'static str>,
    /// Why it paid none.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl From<&Credit> for CreditAnswer {
    fn from(credit: &Credit) -> Self {
        let report = &credit.report;
        let (state, order_id, matched_by, reason) = match &credit.state {
            CreditState::Matched { order, by } => {
                ("matched", Some(order.to_string()), Some(by.as_str()), None)
            }
            CreditState::Unmatched(why) => ("unmatched", None, None, Some(why.as_str())),
        };
        Self {
            utr: report.utr.as_str().to_owned(),
            amount: report.amount.to_rupees(),
            payee_vpa: report.payee_key.clone(),
            payer_vpa: report.payer.as_ref().map(|vpa| vpa.as_str().to_owned()),
            received_at: report.received_at_ms,
            note: report.note.clone(),
            recorded_at: credit.recorded_at_ms,
            state,
            order_id,
            matched_by,
            reason,
        }
    }
}
