//! The five calls of the page: `POST /api/order/{info,discount,result,event,utr}`.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use checkout_core::utr::{Utr, UtrError};
use http_body_util::{BodyExt, LengthLimitError};
use serde::Serialize;

use super::BODY_MAX;
use super::client::Client;
use super::wire::{self, Discount, Envelope, Order, Request, UtrAnswer};
use crate::app::App;
use crate::ledger::{self, LedgerError, Refusal};
use crate::limits::{LimitError, Limited};
use crate::memory::{Look, Reading};
use crate::order::OrderId;
use crate::store::StoreError;

/// Where pages ask for the result.
pub(crate) const RESULT: &str = "/api/order/result";

/// `POST /api/order/info` and, every five seconds, `POST /api/order/result`: the order.
pub(crate) async fn order(State(app): State<Arc<App>>, body: Body) -> Response {
    look(&app, body).await
}

/// What they answer.
pub(crate) async fn look(app: &App, body: Body) -> Response {
    match read_order(app, body).await {
        Ok(order) => {
            let mut response = Response::new(wire::around(app.now_ms(), &order).into());
            let headers = response.headers_mut();
            // Room for those that every answer gets, at once.
            headers.reserve(8);
            let json = HeaderValue::from_static("application/json");
            headers.insert(header::CONTENT_TYPE, json);
            headers.insert(header::CACHE_CONTROL, NO_STORE);
            response
        }
        Err(error) => answer::<Nothing>(app, Err(error)),
    }
}

/// The order as JSON.
async fn read_order(app: &App, body: Body) -> Result<Arc<str>, CallError> {
    let (id, _) = read(body).await?;
    let now_ms = app.now_ms();
    app.limits.take(Limited::Look, &id, now_ms).await?;
    match app.memory.look(&id, now_ms) {
        Look::Kept(json) => Ok(json),
        // In a box of its own: a call that finds its answer need not carry the room for this.
        Look::Missing(reading) => Box::pin(read_again(app, id, reading)).await,
    }
}

async fn read_again(app: &App, id: OrderId, reading: Reading<'_>) -> Result<Arc<str>, CallError> {
    let order = ledger::read(&app.store, &id, app.now_ms()).await?;
    let json = serde_json::to_string(&Order::from(&order));
    // Texts and numbers always become JSON.
    let json: Arc<str> = json.map_err(|_| StoreError::Corrupt("orders"))?.into();
    reading.keep(json.clone(), order.overdue_at_ms());
    Ok(json)
}

/// `POST /api/order/discount`: the discount, the same one for ever.
pub(crate) async fn discount(State(app): State<Arc<App>>, body: Body) -> Response {
    answer(&app, grant(&app, body).await)
}

async fn grant(app: &App, body: Body) -> Result<Discount, CallError> {
    let (id, _) = read(body).await?;
    let now_ms = app.now_ms();
    app.limits.take(Limited::Look, &id, now_ms).await?;
    let mut tx = app.store.write().await?;
    let max_paise = |order: &_| {
        app.merchant_of(order)
            .map_or(0, |merchant| merchant.discount_max_paise)
    };
    let order = ledger::grant_discount(&mut tx, &id, max_paise, now_ms).await?;
    tx.commit().await?;
    Ok(Discount::from(&order))
}

/// `POST /api/order/event`: what the customer did. Sent at least once, so it may be here twice.
pub(crate) async fn event(State(app): State<Arc<App>>, body: Body) -> Response {
    answer(&app, note(&app, body).await)
}

/// No link that anybody has seen is longer than a fifth of this.
const CONTENT_MAX: usize = 4_096;

async fn note(app: &App, body: Body) -> Result<Nothing, CallError> {
    let (id, request) = read(body).await?;
    if request.content.len() > CONTENT_MAX {
        return Err(CallError::BadRequest(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let now_ms = app.now_ms();
    app.limits.take(Limited::Event, &id, now_ms).await?;
    let mut tx = app.store.write().await?;
    ledger::note_page_event(&mut tx, &id, &request.content, now_ms).await?;
    tx.commit().await?;
    Ok(Nothing)
}

/// The model of an answer that has none: null.
#[derive(Serialize)]
struct Nothing;

/// `POST /api/order/utr`: the customer types the bank's reference. A claim, never proof.
pub(crate) async fn utr(
    State(app): State<Arc<App>>,
    Client(client): Client,
    body: Body,
) -> Response {
    answer(&app, claim(&app, client, body).await)
}

async fn claim(app: &App, client: Option<IpAddr>, body: Body) -> Result<UtrAnswer, CallError> {
    let (id, request) = read(body).await?;
    let now_ms = app.now_ms();
    if let Some(client) = client {
        app.limits.take(Limited::UtrFrom, client, now_ms).await?;
    }
    app.limits.take(Limited::Utr, &id, now_ms).await?;
    let utr = Utr::from_pasted(&request.user_utr_no).map_err(CallError::UtrInvalid)?;
    let mut tx = app.store.write().await?;
    let order = ledger::claim(&mut tx, &id, &utr, now_ms).await?;
    tx.commit().await?;
    Ok(UtrAnswer::from(&order))
}

/// Reads a request. What cannot be an id is an order that does not exist: pages are old, foreign
/// or mistyped, and all of them show the same.
async fn read(body: Body) -> Result<(OrderId, Request), CallError> {
    let body = match http_body_util::Limited::new(body, BODY_MAX).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Err(CallError::BadRequest(StatusCode::PAYLOAD_TOO_LARGE));
        }
        Err(_) => return Err(CallError::BadRequest(StatusCode::BAD_REQUEST)),
    };
    let request: Request = serde_json::from_slice(&body)
        .map_err(|_| CallError::BadRequest(StatusCode::BAD_REQUEST))?;
    if request.id.is_empty() {
        return Err(CallError::BadRequest(StatusCode::BAD_REQUEST));
    }
    let id = OrderId::parse(&request.id).ok_or(CallError::OrderNotFound)?;
    Ok((id, request))
}

/// The answer to a page that we do not serve.
pub(crate) fn foreign(app: &App) -> Response {
    answer::<Nothing>(app, Err(CallError::BadRequest(StatusCode::FORBIDDEN)))
}

/// Puts an answer into its envelope.
fn answer<M: Serialize>(app: &App, model: Result<M, CallError>) -> Response {
    let time = app.now_ms();
    let mut response = match model {
        Ok(model) => Json(success(time, model)).into_response(),
        Err(error) => error.into_envelope(time),
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, NO_STORE);
    response
}

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The envelope of an answer that went well.
pub(crate) fn success<M>(time: i64, model: M) -> Envelope<M> {
    Envelope {
        time,
        status: "0",
        message: String::new(),
        model: Some(model),
    }
}

/// Why a call brings nothing.
enum CallError {
    /// The request cannot be read.
    BadRequest(StatusCode),
    OrderNotFound,
    UtrInvalid(UtrError),
    UtrUsed,
    OrderClosed,
    /// Too often; how many seconds to wait.
    TooMany(u32),
    /// The order has used up its tries.
    NoTriesLeft,
    Internal(StoreError),
}

/// How long to wait where waiting does not help either.
const LONG_WAIT_S: u32 = 3_600;

impl CallError {
    /// HTTP status, code, and words for a customer.
    fn parts(&self) -> (StatusCode, &'static str, String) {
        let (status, code, message) = match self {
            Self::BadRequest(status) => (
                *status,
                "BAD_REQUEST",
                "This request could not be read. Reload the page and try again.",
            ),
            Self::OrderNotFound => (
                StatusCode::NOT_FOUND,
                "ORDER_NOT_FOUND",
                "We do not know this order. Go back to the shop and start again.",
            ),
            Self::UtrInvalid(why) => {
                return (StatusCode::BAD_REQUEST, "UTR_INVALID", why.to_string());
            }
            Self::UtrUsed => (
                StatusCode::CONFLICT,
                "UTR_USED",
                "This UTR belongs to another order. Check the digits in your UPI app.",
            ),
            Self::OrderClosed => (
                StatusCode::CONFLICT,
                "ORDER_CLOSED",
                "This order is closed. Go back to the shop.",
            ),
            Self::TooMany(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "TOO_MANY_REQUESTS",
                "That was too often. Wait a little and try again.",
            ),
            Self::NoTriesLeft => (
                StatusCode::TOO_MANY_REQUESTS,
                "TOO_MANY_REQUESTS",
                "There were too many different tries for this order. Ask the shop for help.",
            ),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "INTERNAL",
                "Something went wrong on our side. Your payment is safe; try again.",
            ),
        };
        (status, code, message.to_owned())
    }

    fn into_envelope(self, time: i64) -> Response {
        if let Self::Internal(error) = &self {
            tracing::error!(%error, "a call failed");
        }
        let (http_status, status, message) = self.parts();
        let envelope = Envelope::<Nothing> {
            time,
            status,
            message,
            model: None,
        };
        let mut response = (http_status, Json(envelope)).into_response();
        let wait_s = match self {
            Self::TooMany(seconds) => Some(seconds),
            Self::NoTriesLeft => Some(LONG_WAIT_S),
            _ => None,
        };
        if let Some(seconds) = wait_s {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<LedgerError> for CallError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Store(error) => Self::Internal(error),
            LedgerError::Refused(refusal) => match refusal {
                Refusal::OrderNotFound => Self::OrderNotFound,
                Refusal::UtrUsed => Self::UtrUsed,
                Refusal::TooManyClaims | Refusal::TooManyEvents => Self::NoTriesLeft,
                // The rest are a merchant's; to a customer each means that this is over.
                Refusal::OrderClosed
                | Refusal::ReferenceUsed
                | Refusal::CreditNotFound
                | Refusal::CreditDiffers
                | Refusal::CreditMatched
                | Refusal::PayeeDiffers
                | Refusal::AmountDiffers
                | Refusal::StillAsked => Self::OrderClosed,
            },
        }
    }
}

impl From<LimitError> for CallError {
    fn from(error: LimitError) -> Self {
        match error {
            LimitError::TooMany(seconds) => Self::TooMany(seconds),
            LimitError::Store(error) => Self::Internal(error),
        }
    }
}

impl From<StoreError> for CallError {
    fn from(error: StoreError) -> Self {
        Self::Internal(error)
    }
}
