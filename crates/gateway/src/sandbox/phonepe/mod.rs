//! PhonePe, played on a port of its own: the simulator's books behind real HTTP, its callbacks sent to
//! whoever asked for them, and pages on which a person is the customer.
//!
//! No secret of anybody's is here: the merchant and its key exist in the sandbox only.

mod pages;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use phonepe::call::{self, Account};
use phonepe::salt::{Salt, Salts, X_VERIFY};
use phonepe::simulator::{Request, Simulator};
use serde_json::json;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::rails::{PhonePe, http};

/// The demo merchant's account.
fn account() -> Account {
    Account {
        merchant_id: "DEMOMERCHANT".to_owned(),
        salts: Salts::new(Salt::new("no-secret-of-anybody", 1), Vec::new()),
        provider_id: None,
    }
}

/// How a merchant reaches a PhonePe that is played at this address.
pub fn account_at(url: &str) -> PhonePe {
    PhonePe {
        account: account(),
        api_url: url.to_owned(),
        page_url: url.to_owned(),
        vpa: None,
    }
}

/// PhonePe, played.
pub struct Played {
    simulator: Mutex<Simulator>,
    clock: Arc<dyn Clock>,
    client: OnceLock<Option<reqwest::Client>>,
}

const DELIVER_EVERY: Duration = Duration::from_millis(200);

impl Played {
    /// One that is reached at `url`; `payee` is the UPI id that its mandates name.
    pub fn new(url: &str, payee: &str, clock: Arc<dyn Clock>) -> Self {
        let simulator = Simulator::new(account(), url.to_owned(), payee.to_owned());
        Self {
            simulator: Mutex::new(simulator),
            clock,
            client: OnceLock::new(),
        }
    }

    /// Its books.
    pub fn books(&self) -> MutexGuard<'_, Simulator> {
        self.simulator
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Its paths and its pages.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/transact", get(pages::show).post(pages::decide))
            .route("/phone", get(pages::phone).post(pages::tap))
            .route("/phone/forge", post(pages::forge))
            .route("/phone/misbehave", post(pages::misbehave))
            .route("/phone/demo.css", get(super::style))
            .fallback(answer)
            .with_state(self)
    }

    /// Sends the callbacks that are due, one after the other. Returns what each was answered; 0: nothing.
    pub async fn deliver(&self) -> Vec<u16> {
        let due = self.books().take_due(self.now_ms());
        let mut answers = Vec::new();
        for delivery in due {
            let client = self.client.get_or_init(|| http::build(http::builder()));
            let Some(client) = client else {
                continue;
            };
            let sent = client
                .post(&delivery.url)
                .header(header::CONTENT_TYPE, "application/json")
                .header(X_VERIFY, &delivery.x_verify)
                .body(delivery.body.clone())
                .send()
                .await;
            let answer = sent.map_or(0, |answer| answer.status().as_u16());
            if answer != 200 {
                let now_ms = self.now_ms();
                self.books().not_taken(now_ms, delivery);
            }
            answers.push(answer);
        }
        answers
    }

    /// Ends what nobody can pay any more and sends callbacks, until `stop` is set.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut ticks = tokio::time::interval(DELIVER_EVERY);
        loop {
            tokio::select! {
                _ = stop.changed() => return,
                _ = ticks.tick() => (),
            }
            let now_ms = self.now_ms();
            self.books().pass(now_ms);
            self.deliver().await;
        }
    }
}

/// Every path of PhonePe's.
async fn answer(
    State(played): State<Arc<Played>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let method = match method {
        Method::GET => call::Method::Get,
        Method::POST => call::Method::Post,
        _ => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
    };
    let headers: BTreeMap<String, String> = headers
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect();
    let request = Request {
        method,
        path: uri.path(),
        headers,
        body: &body,
    };
    let now_ms = played.now_ms();
    let answer = played.books().handle(now_ms, &request);
    let Some(answer) = answer else {
        return cut_off();
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(header::CONTENT_TYPE, "application/json")];
    match answer.location {
        None => (status, kind, answer.body).into_response(),
        Some(location) => {
            let location = [(header::LOCATION, location)];
            (status, kind, location, answer.body).into_response()
        }
    }
}

/// An answer that never comes to its end: the connection breaks.
fn cut_off() -> Response {
    let broken = async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset)) };
    Body::from_stream(futures_util::stream::once(broken)).into_response()
}

/// What a form's sender is told where there is nothing to show.
fn gone() -> Response {
    let words = json!({"error": "there is no such payment, or it is over"});
    (StatusCode::NOT_FOUND, Json(words)).into_response()
}
