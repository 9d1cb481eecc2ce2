//! What the merchant's calls share: the key, the idempotency key, strict JSON, and errors.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::ledger::{LedgerError, Refusal};
use crate::merchant::Merchant;
use crate::random::to_hex;
use crate::secret::Secret;
use crate::store::keys::{self, Kept};
use crate::store::{Lock, StoreError, Tx};

/// The merchant whose key came with the request.
pub(crate) struct Caller(pub(crate) Arc<Merchant>);

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let key = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
            .map(|(_, key)| Secret::new(key.trim()))
            .ok_or(ApiError::Unauthorized)?;
        let merchant = app.merchants.by_key(&key).ok_or(ApiError::Unauthorized)?;
        Ok(Self(merchant.clone()))
    }
}

/// A POST of a merchant: who, under which idempotency key, and what.
pub(crate) struct Post {
    pub(crate) merchant: Arc<Merchant>,
    key: String,
    fingerprint: String,
    body: Bytes,
}

static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
static REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

impl FromRequest<Arc<App>> for Post {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let Caller(merchant) = Caller::from_request_parts(&mut parts, app).await?;
        let key = idempotency_key(&parts.headers)?;
        let path = parts.uri.path().to_owned();
        let body = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|rejection| ApiError::BadBody(rejection.status(), rejection.body_text()))?;
        let fingerprint = to_hex(
            &Sha256::new()
                .chain_update(path)
                .chain_update([0])
                .chain_update(&body)
                .finalize(),
        );
        Ok(Self {
            merchant,
            key,
            fingerprint,
            body,
        })
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<String, ApiError> {
    headers
        .get(&IDEMPOTENCY_KEY)
        .and_then(|value| value.to_str().ok())
        .filter(|key| (1..=255).contains(&key.len()))
        .map(str::to_owned)
        .ok_or(ApiError::NoIdempotencyKey)
}

impl Post {
    /// The body, read strictly: an unknown field is an error, and not a silent default.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| ApiError::BadBody(StatusCode::BAD_REQUEST, error.to_string()))
    }

    /// For a request that says everything in its path: no body, or an empty object.
    pub(crate) fn is_bare(&self) -> Result<(), ApiError> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        if !self.body.is_empty() {
            self.json::<Nothing>()?;
        }
        Ok(())
    }

    /// The answer that this very request got before. Where it comes twice at once, the second waits
    /// here for the first.
    pub(crate) async fn answered(&self, tx: &mut Tx) -> Result<Option<Response>, ApiError> {
        let (merchant_id, key) = (&self.merchant.id, &self.key);
        tx.lock(Lock::Key { merchant_id, key }).await?;
        let Some(kept) = keys::get(tx, merchant_id, key).await? else {
            return Ok(None);
        };
        if kept.fingerprint != self.fingerprint {
            return Err(ApiError::IdempotencyKeyUsed);
        }
        let mut response = respond(kept.status, kept.body);
        response
            .headers_mut()
            .insert(REPLAYED.clone(), HeaderValue::from_static("true"));
        Ok(Some(response))
    }

    /// Keeps the answer in the transaction of the work, commits both, and answers.
    pub(crate) async fn commit(
        &self,
        mut tx: Tx,
        status: StatusCode,
        answer: &impl Serialize,
        now_ms: i64,
    ) -> Result<Response, ApiError> {
        let kept = Kept {
            fingerprint: self.fingerprint.clone(),
            status: status.as_u16(),
            body: to_json(answer)?,
        };
        keys::insert(&mut tx, &self.merchant.id, &self.key, &kept, now_ms).await?;
        tx.commit().await?;
        Ok(respond(kept.status, kept.body))
    }
}

/// The answer to a GET.
pub(crate) fn ok(answer: &impl Serialize) -> Result<Response, ApiError> {
    Ok(respond(200, to_json(answer)?))
}

/// One page of a list.
#[derive(Serialize)]
pub(crate) struct Page<T> {
    pub(crate) data: Vec<T>,
    /// What to give as `after` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a list that was asked for with one more than `limit`. `cursor` names a row.
    pub(crate) fn cut(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| has_more).map(cursor);
        Self { data: rows, next }
    }
}

/// How long a page of a list is.
pub(crate) fn page_limit(asked: Option<u32>) -> Result<u32, ApiError> {
    match asked {
        None => Ok(20),
        Some(limit @ 1..=100) => Ok(limit),
        Some(_) => Err(ApiError::field("limit", "write a number from 1 to 100")),
    }
}

fn to_json(answer: &impl Serialize) -> Result<String, ApiError> {
    serde_json::to_string(answer).map_err(|_| ApiError::Unwritable)
}

fn respond(status: u16, json: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, json).into_response()
}

/// Why a merchant's call is refused: `{"error":{"code","message","field"?}}`.
pub(crate) enum ApiError {
    Unauthorized,
    NoIdempotencyKey,
    IdempotencyKeyUsed,
    /// The body cannot be read.
    BadBody(StatusCode, String),
    /// A field holds what it must not.
    Field(&'static str, String),
    Refused(Refusal),
    Store(StoreError),
    /// An answer of ours that is no JSON; it cannot be.
    Unwritable,
}

impl ApiError {
    pub(crate) fn field(name: &'static str, message: impl ToString) -> Self {
        Self::Field(name, message.to_string())
    }

    /// HTTP status, code, message, field.
    fn parts(&self) -> (StatusCode, &'static str, String, Option<&'static str>) {
        let (status, code, message) = match self {
            Self::Field(name, message) => {
                let status = StatusCode::BAD_REQUEST;
                return (status, "invalid_field", message.clone(), Some(name));
            }
            Self::BadBody(status, message) => {
                return (*status, "invalid_body", message.clone(), None);
            }
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "send your API key as `Authorization: Bearer …`",
            ),
            Self::NoIdempotencyKey => (
                StatusCode::BAD_REQUEST,
                "idempotency_key_missing",
                "send an `Idempotency-Key` of 1 to 255 characters, a new one for each new request",
            ),
            Self::IdempotencyKeyUsed => (
                StatusCode::CONFLICT,
                "idempotency_key_used",
                "this idempotency key came with another request: use a new one",
            ),
            Self::Refused(refusal) => refused(*refusal),
            Self::Store(_) | Self::Unwritable => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "something went wrong on our side: send the request again with the same key",
            ),
        };
        (status, code, message.to_owned(), None)
    }
}

fn refused(refusal: Refusal) -> (StatusCode, &'static str, &'static str) {
    let conflict = StatusCode::CONFLICT;
    let missing = StatusCode::NOT_FOUND;
    match refusal {
        Refusal::OrderNotFound => (missing, "order_not_found", "you have no such order"),
        Refusal::CreditNotFound => (missing, "credit_not_found", "you have no such credit"),
        Refusal::OrderClosed => (conflict, "order_closed", "the order is paid already"),
        Refusal::ReferenceUsed => (
            conflict,
            "reference_used",
            "you have an order with this reference",
        ),
        Refusal::UtrUsed => (conflict, "utr_used", "the UTR has paid another order"),
        Refusal::TooManyClaims => (conflict, "too_many_claims", "the order has too many claims"),
        Refusal::TooManyEvents => (conflict, "too_many_events", "the order has too many events"),
        Refusal::CreditDiffers => (
            conflict,
            "credit_differs",
            "this UTR was reported before with other content",
        ),
        Refusal::CreditMatched => (conflict, "credit_matched", "the credit pays another order"),
        Refusal::PayeeDiffers => (
            conflict,
            "payee_differs",
            "the credit came to another account than the order names",
        ),
        Refusal::StillAsked => (
            StatusCode::SERVICE_UNAVAILABLE,
            "phonepe_unavailable",
            "PhonePe did not call the payment off: send the request again with the same key",
        ),
        Refusal::AmountDiffers => (
            conflict,
            "amount_differs",
            "the credit is not what the order costs; send \"acceptAmount\": true to take it",
        ),
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match &self {
            Self::Store(error) => tracing::error!(%error, "a merchant's call failed"),
            Self::Unwritable => tracing::error!("an answer could not be written"),
            _ => (),
        }
        let (status, code, message, field) = self.parts();
        let mut error = json!({"code": code, "message": message});
        if let (Some(field), Some(error)) = (field, error.as_object_mut()) {
            error.insert("field".to_owned(), field.into());
        }
        let mut response = respond(status.as_u16(), json!({"error": error}).to_string());
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<LedgerError> for ApiError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Refused(refusal) => Self::Refused(refusal),
            LedgerError::Store(error) => Self::Store(error),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
