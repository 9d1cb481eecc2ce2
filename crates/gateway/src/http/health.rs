//! For whoever runs the gateway: is it alive, is it ready, what are its numbers?

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::App;
use crate::metrics::render_gauge;
use crate::store::{StoreError, attempts, credits, orders};

/// `GET /healthz`: the process answers.
pub(crate) async fn healthz() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

/// `GET /readyz`: the database answers too.
pub(crate) async fn readyz(State(app): State<Arc<App>>) -> Response {
    match app.store.ping().await {
        Ok(()) => Json(json!({"status": "ok"})).into_response(),
        Err(error) => unavailable(&error),
    }
}

/// `GET /metrics`: the numbers, as Prometheus reads them.
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Response {
    match render(&app).await {
        Ok(text) => {
            let kind = "text/plain; version=0.0.4; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

async fn render(app: &App) -> Result<String, StoreError> {
    let mut conn = app.store.read().await?;
    let orders = orders::count_by_status(&mut conn).await?;
    let credits = credits::count_by_outcome(&mut conn).await?;
    let mut text = String::new();
    app.requests.render(&mut text);
    let help = "Orders by where they stand.";
    render_gauge(&mut text, "gateway_orders", help, "status", &orders);
    let help = "Credits by how their order was found.";
    render_gauge(&mut text, "gateway_credits", help, "outcome", &credits);
    let help = "What PhonePe was asked for, by where it stands.";
    let attempts = attempts::count_by_state(&mut conn).await?;
    render_gauge(
        &mut text,
        "gateway_phonepe_attempts",
        help,
        "state",
        &attempts,
    );
    let resting = i64::try_from(app.rails.breakers.open()).unwrap_or(i64::MAX);
    let breakers = [("resting".to_owned(), resting)].into();
    let help = "Addresses of PhonePe that are left alone for a while.";
    render_gauge(
        &mut text,
        "gateway_phonepe_breakers",
        help,
        "state",
        &breakers,
    );
    app.rails.numbers.render(&mut text);
    Ok(text)
}

fn unavailable(error: &StoreError) -> Response {
    tracing::error!(%error, "the database does not answer");
    let body = Json(json!({"status": "unavailable"}));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}
