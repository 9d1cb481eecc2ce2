//! A merchant's orders: `/v1/orders`.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use checkout_core::money::Paise;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::api::{ApiError, Caller, Page, Post, ok, page_limit};
use super::wire::discount_text;
use crate::app::App;
use crate::ledger::{self, NewOrder, Refusal};
use crate::merchant::Merchant;
use crate::order::{Flow, Order, OrderId, Status};
use crate::rails::ask::Ask;
use crate::rails::cancel::{CalledOff, call_off};
use crate::rails::work;
use crate::store::{events as table, orders as store};
use crate::success_url;

/// `POST /v1/orders`: makes an order.
pub(crate) async fn create(State(app): State<Arc<App>>, post: Post) -> Result<Response, ApiError> {
    let new = post.json::<CreateOrder>()?.check(&post.merchant)?;
    let now_ms = app.now_ms();
    let mut tx = app.store.write().await?;
    if let Some(answer) = post.answered(&mut tx).await? {
        return Ok(answer);
    }
    let order = ledger::create(&mut tx, &post.merchant, new, now_ms).await?;
    let answer = OrderAnswer::new(&app, &order);
    let answer = post
        .commit(tx, StatusCode::CREATED, &answer, now_ms)
        .await?;
    work::start(&app, &order).await;
    Ok(answer)
}

/// `POST /v1/orders/{id}/cancel`: closes an order that is open, at PhonePe first.
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    post: Post,
) -> Result<Response, ApiError> {
    post.is_bare()?;
    if let Some(answer) = post.answered(&mut app.store.write().await?).await? {
        return Ok(answer);
    }
    let order = own_order(&app, &post.merchant, &id).await?;
    let called_off = match order.status {
        Status::Pending => call_off(&app, &order).await?,
        Status::Success | Status::Expired | Status::Failed => CalledOff::NotNeeded,
    };
    let now_ms = app.now_ms();
    let mut tx = app.store.write().await?;
    if let Some(answer) = post.answered(&mut tx).await? {
        return Ok(answer);
    }
    let order = ledger::cancel(&mut tx, &order.id, &called_off, now_ms).await?;
    let answer = OrderAnswer::new(&app, &order);
    post.commit(tx, StatusCode::OK, &answer, now_ms).await
}

/// `GET /v1/orders/{id}`: one order.
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    Caller(merchant): Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let order = own_order(&app, &merchant, &id).await?;
    ok(&OrderAnswer::new(&app, &order))
}

/// `GET /v1/orders/{id}/events`: everything that happened to it, in order.
pub(crate) async fn events(
    State(app): State<Arc<App>>,
    Caller(merchant): Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let order = own_order(&app, &merchant, &id).await?;
    let events = table::of_order(&mut *app.store.read().await?, &order.id).await?;
    ok(&Page {
        data: events.into_iter().map(EventAnswer::from).collect(),
        next: None,
    })
}

/// `GET /v1/orders`: the merchant's orders, the newest first.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Caller(merchant): Caller,
    query: Result<Query<ListOrders>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::field("query", error.body_text()))?;
    let limit = page_limit(query.limit)?;
    let filter = query.filter()?;
    let mut conn = app.store.read().await?;
    let rows = store::list(&mut conn, &merchant.id, &filter, limit.saturating_add(1)).await?;
    let answers = rows.iter().map(|order| OrderAnswer::new(&app, order));
    ok(&Page::cut(answers.collect(), limit, |order| {
        order.id.clone()
    }))
}

/// Somebody else's order is one that does not exist: nothing of it is read, and nothing done where its
/// time is over, so the answer takes no longer either.
async fn own_order(app: &App, merchant: &Merchant, id: &str) -> Result<Order, ApiError> {
    let missing = || ApiError::Refused(Refusal::OrderNotFound);
    let id = OrderId::parse(id).ok_or_else(missing)?;
    if !store::is_of(&mut *app.store.read().await?, &id, &merchant.id).await? {
        return Err(missing());
    }
    Ok(ledger::read(&app.store, &id, app.now_ms()).await?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateOrder {
    amount: String,
    reference: String,
    success_url: Option<String>,
    expires_in: Option<i64>,
    flow: Option<String>,
    phonepe: Option<Value>,
    note: Option<String>,
}

const REFERENCE_MAX: usize = 64;
const NOTE_MAX: usize = 50;
const EXPIRES_IN_MIN_S: i64 = 5;
const EXPIRES_IN_MAX_S: i64 = 30 * 86_400;

impl CreateOrder {
    fn check(self, merchant: &Merchant) -> Result<NewOrder, ApiError> {
        let amount = Paise::from_rupees(&self.amount).map_err(|e| ApiError::field("amount", e))?;
        check_text("reference", &self.reference, REFERENCE_MAX)?;
        if let Some(note) = &self.note {
            check_text("note", note, NOTE_MAX)?;
        }
        let ask = read_ask(self.flow.as_deref(), self.phonepe, merchant)?;
        let success_url = self
            .success_url
            .map(|url| success_url::normalize(&url, &merchant.redirect_hosts))
            .transpose()
            .map_err(|error| ApiError::field("successUrl", error))?;
        let lifetime_ms = match self.expires_in {
            None => Some(merchant.order_lifetime_ms),
            Some(0) => None,
            Some(seconds @ EXPIRES_IN_MIN_S..=EXPIRES_IN_MAX_S) => {
                Some(seconds.saturating_mul(1_000))
            }
            Some(_) => {
                return Err(ApiError::field(
                    "expiresIn",
                    format!(
                        "write {EXPIRES_IN_MIN_S} to {EXPIRES_IN_MAX_S} seconds, or 0 for no deadline"
                    ),
                ));
            }
        };
        let new = NewOrder {
            amount,
            reference: self.reference,
            success_url,
            note: self.note,
            lifetime_ms,
            ask,
        };
        check_ask(merchant, &new)?;
        Ok(new)
    }
}

/// What PhonePe is asked for; nothing in the flow that does without it.
fn read_ask(
    flow: Option<&str>,
    phonepe: Option<Value>,
    merchant: &Merchant,
) -> Result<Option<Ask>, ApiError> {
    let flow = match flow {
        None => Flow::Upi,
        Some(word) => Flow::parse(word).ok_or_else(|| {
            let hint = "upi, phonepe_debit, phonepe_collect or phonepe_autopay";
            ApiError::field("flow", hint)
        })?,
    };
    if flow == Flow::Upi {
        return match phonepe {
            None => Ok(None),
            Some(_) => Err(ApiError::field("phonepe", "this flow does not use it")),
        };
    }
    if merchant.phonepe.is_none() {
        return Err(ApiError::field("flow", "you have no PhonePe account here"));
    }
    let json = phonepe.unwrap_or_else(|| Value::Object(serde_json::Map::new()));
    Ask::read(flow, json).map_err(|error| ApiError::field("phonepe", error))
}

/// Whether PhonePe would take it: what it would refuse later is refused now.
fn check_ask(merchant: &Merchant, new: &NewOrder) -> Result<(), ApiError> {
    let (Some(ask), Some(phonepe)) = (&new.ask, &merchant.phonepe) else {
        return Ok(());
    };
    if new.lifetime_ms.is_none() {
        let hint = "with PhonePe an order needs a deadline";
        return Err(ApiError::field("expiresIn", hint));
    }
    let draft = ledger::draft(merchant, new.clone(), 0)?;
    ask.check(&phonepe.account, &draft)
        .map_err(|error| ApiError::field("phonepe", error))
}

/// A text that a person or a bank may read: not empty, not long, no control characters.
pub(super) fn check_text(name: &'static str, text: &str, max: usize) -> Result<(), ApiError> {
    if text.trim().is_empty() || text.chars().count() > max || text.chars().any(char::is_control) {
        let hint = format!("write 1 to {max} characters without line breaks");
        return Err(ApiError::field(name, hint));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListOrders {
    limit: Option<u32>,
    after: Option<String>,
    status: Option<String>,
    reference: Option<String>,
}

impl ListOrders {
    fn filter(self) -> Result<store::Filter, ApiError> {
        let status = self.status.map(|word| {
            Status::parse(&word)
                .ok_or_else(|| ApiError::field("status", "PENDING, SUCCESS, EXPIRED or FAILED"))
        });
        let after = self.after.map(|id| {
            OrderId::parse(&id).ok_or_else(|| ApiError::field("after", "write an order's id"))
        });
        Ok(store::Filter {
            status: status.transpose()?,
            reference: self.reference,
            after: after.transpose()?,
        })
    }
}

/// An order, as its merchant sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderAnswer {
    id: String,
    checkout_url: String,
    status: &'static str,
    amount: String,
    user_pay_amount: String,
    discount_amount: String,
    reference: String,
    flow: &'static str,
    upi_id: String,
    deeplink: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    success_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_utr: Option<String>,
    created_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<i64>,
}

impl OrderAnswer {
    fn new(app: &App, order: &Order) -> Self {
        Self {
            id: order.id.to_string(),
            checkout_url: app.checkout_url(order),
            status: order.status.as_str(),
            amount: order.amount.to_rupees(),
            user_pay_amount: order.payable().to_rupees(),
            discount_amount: discount_text(order.discount),
            reference: order.reference.clone(),
            flow: order.flow.as_str(),
            upi_id: order.payee.as_str().to_owned(),
            deeplink: order.deeplink.clone(),
            payer: order.payer.clone(),
            success_url: order.success_url.clone(),
            note: order.note.clone(),
            message: order.reason.clone(),
            paid_utr: order.paid_utr.as_ref().map(|utr| utr.as_str().to_owned()),
            created_at: order.created_at_ms,
            expires_at: order.expires_at_ms,
            closed_at: order.closed_at_ms,
        }
    }
}

/// One thing that happened to an order.
#[derive(Serialize)]
struct EventAnswer {
    at: i64,
    kind: String,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
}

impl From<table::Event> for EventAnswer {
    fn from(event: table::Event) -> Self {
        Self {
            at: event.at_ms,
            kind: event.kind,
            detail: event.detail,
            cause: event.input_key,
        }
    }
}
