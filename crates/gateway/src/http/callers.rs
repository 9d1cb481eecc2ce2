//! Whom the five calls answer: the page, from where it is served, and programs.
//!
//! The page that the gateway serves itself needs no CORS. A page on a host of its own is answered
//! where `page_origins` names that host. Any other web page is refused before its call is read: it
//! holds no credential of the customer, but nothing of ours should run on its word either.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HOST, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::calls;
use crate::app::App;

/// Where the five calls are.
const CALLS: &str = "/api/order/";

/// The browser's own word on who asks.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// How long a browser may remember that a page is answered, in seconds.
const REMEMBERED_S: &str = "7200";

/// Refuses foreign pages, and tells browsers which others may read the answer.
pub(crate) async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(CALLS) {
        return next.run(request).await;
    }
    let guest = guest(&app, request.headers());
    let is_preflight = request.method() == Method::OPTIONS;
    let mut response = if guest.is_none() && !is_own(&app, request.headers()) {
        calls::foreign(&app)
    } else if is_preflight {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("origin, sec-fetch-site"));
    let Some(guest) = guest else {
        return response;
    };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, guest);
    let more = if is_preflight {
        &[
            (ACCESS_CONTROL_ALLOW_METHODS, "POST"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
            (ACCESS_CONTROL_MAX_AGE, REMEMBERED_S),
        ][..]
    } else {
        // Without it the page could not tell how long to wait.
        &[(ACCESS_CONTROL_EXPOSE_HEADERS, "retry-after")]
    };
    for (name, value) in more {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The origin that asks, where it is one on which the page is served.
fn guest(app: &App, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?;
    let is_known = |known: &String| origin.as_bytes() == known.as_bytes();
    app.page_origins
        .iter()
        .any(is_known)
        .then(|| origin.clone())
}

/// Whether the page that we serve asks, or a program that is no browser.
fn is_own(app: &App, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    // Older browsers name only the origin.
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let own_host = origin.split_once("://").map(|(_, host)| host);
    origin == app.public_url || (own_host.is_some() && own_host == host)
}
