//! One count for each request, and a line in the log where it failed. Neither holds the address, but
//! the route's pattern: addresses hold order ids.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::response::Response;

use crate::app::App;

/// A request that is being answered.
pub(crate) struct Observed {
    method: Method,
    route: Option<MatchedPath>,
    began: Instant,
}

impl Observed {
    /// Begins to look at a request.
    pub(crate) fn begin(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            route: request.extensions().get().cloned(),
            began: Instant::now(),
        }
    }

    /// Counts it. Customers ask thousands of times a second: only failures are worth a line for all.
    pub(crate) fn end(&self, app: &App, response: &Response) {
        let route = self.route.as_ref().map_or("files", MatchedPath::as_str);
        let status = response.status();
        app.requests.count(&self.method, route, status.as_u16());
        let (method, status) = (&self.method, status.as_u16());
        let took_ms = self.began.elapsed().as_millis();
        if status >= 500 {
            tracing::warn!(%method, route, status, took_ms, "answered");
        } else {
            tracing::debug!(%method, route, status, took_ms, "answered");
        }
    }
}
