//! One span, one log line and one count for each request. The span holds the route's pattern and
//! never the address: that holds order ids.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::app::App;

pub(crate) async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "files".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", %method, route);
    async {
        let started = Instant::now();
        let response = next.run(request).await;
        let status = response.status().as_u16();
        app.requests.count(&method, &route, status);
        tracing::info!(status, took_ms = started.elapsed().as_millis(), "answered");
        response
    }
    .instrument(span)
    .await
}
