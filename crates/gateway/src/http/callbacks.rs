//! What PhonePe tells by itself: `POST /callbacks/phonepe/{merchant}`.
//!
//! Only the checksum makes it PhonePe's. It may come twice, late, or after a newer one: the ledger's
//! one transition function sees to that, and the answer is the same.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use phonepe::callback::Callback;
use phonepe::report::Report;
use phonepe::salt::X_VERIFY;
use serde_json::json;

use crate::app::App;
use crate::ledger::{self, LedgerError};
use crate::merchant::Merchant;
use crate::rails::numbers::REPORTS;
use crate::rails::step;
use crate::store::{attempts, orders};

/// `POST /callbacks/phonepe/{merchant}`.
pub(crate) async fn phonepe(
    State(app): State<Arc<App>>,
    Path(merchant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let count = |outcome| app.rails.numbers.count(REPORTS, "callback", outcome);
    let Some((merchant, salts)) = app
        .merchants
        .get(&merchant)
        .and_then(|it| Some((it, &it.phonepe.as_ref()?.account.salts)))
    else {
        return answer(StatusCode::NOT_FOUND, "no such merchant");
    };
    let x_verify = headers.get(X_VERIFY).and_then(|value| value.to_str().ok());
    let Ok(callback) = Callback::take(&body) else {
        count("unreadable");
        return answer(StatusCode::BAD_REQUEST, "a callback without a response");
    };
    let Ok(callback) = callback.prove(salts, x_verify.unwrap_or_default()) else {
        tracing::warn!(merchant = merchant.id, "a callback that is not PhonePe's");
        count("forged");
        return answer(StatusCode::UNAUTHORIZED, "X-VERIFY does not fit");
    };
    let Ok(report) = callback.report() else {
        // PhonePe's, but not as its documents say: to send it again would not help.
        tracing::error!(
            merchant = merchant.id,
            "a callback of PhonePe's that cannot be read"
        );
        count("unreadable");
        return answer(StatusCode::OK, "ok");
    };
    match take(&app, merchant, &report).await {
        Ok(()) => answer(StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "a callback was not kept; PhonePe may send it again");
            answer(StatusCode::INTERNAL_SERVER_ERROR, "try again")
        }
    }
}

async fn take(app: &App, merchant: &Merchant, report: &Report) -> Result<(), LedgerError> {
    let mut tx = app.store.write().await?;
    let believed = ledger::believe(&mut tx, merchant, report, app.now_ms()).await?;
    let attempt = match &report.id {
        Some(id) => attempts::get(&mut tx, id).await?,
        None => None,
    };
    let order = match attempt {
        Some(attempt) => orders::get(&mut tx, &attempt.order_id).await?,
        None => None,
    };
    tx.commit().await?;
    match order {
        Some(order) => step::note(app, "callback", &order, believed),
        None => {
            app.rails
                .numbers
                .count(REPORTS, "callback", believed.as_str());
            tracing::warn!(
                merchant = merchant.id,
                "a callback for a payment that is not ours"
            );
        }
    }
    Ok(())
}

fn answer(status: StatusCode, words: &str) -> Response {
    (status, Json(json!({ "status": words }))).into_response()
}
