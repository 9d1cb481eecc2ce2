//! An end for every request. A body that never comes whole must not hold its connection.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Enough for a customer on a slow network, and for whatever a handler waits for.
const REQUEST_MAX: Duration = Duration::from_secs(30);

/// Answers 408 instead, where it takes longer. What the handler had not committed is undone.
pub(crate) async fn limit(answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(REQUEST_MAX, answer).await {
        Ok(response) => response,
        Err(_) => (StatusCode::REQUEST_TIMEOUT, "This took too long.\n").into_response(),
    }
}
