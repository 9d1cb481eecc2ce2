//! One count for each request, and a line in the log where it failed. Neither holds the address, but
//! the route's pattern: addresses hold order ids.

use std::time::Instant;

use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;

use crate::app::App;

/// A request that is being answered.
pub(crate) struct Observed<'a> {
    method: Method,
    route: &'a str,
    began: Instant,
}

impl<'a> Observed<'a> {
    /// Begins to look at a request.
    pub(crate) fn begin(route: &'a str, request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            route,
            began: Instant::now(),
        }
    }

    /// Counts it. Customers ask thousands of times a second: only failures are worth a line for all.
    pub(crate) fn end(&self, app: &App, response: &Response) {
        let (method, route, status) = (&self.method, self.route, response.status().as_u16());
        app.requests.count(method, route, status);
        let took_ms = || self.began.elapsed().as_millis();
        if status >= 500 {
            tracing::warn!(%method, route, status, took_ms = took_ms(), "answered");
        } else {
            tracing::debug!(%method, route, status, took_ms = took_ms(), "answered");
        }
    }
}
