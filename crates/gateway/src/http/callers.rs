//! Whom the five calls answer: the page, from where it is served, and programs.
//!
//! The page that the gateway serves itself needs no CORS. A page on a host of its own is answered
//! where `page_origins` names that host. Any other web page is refused before its call is read: it
//! holds no credential of the customer, but nothing of ours should run on its word either.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HOST, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::calls;
use crate::app::App;

/// Where the five calls are.
const CALLS: &str = "/api/order/";

/// The browser's own word on who asks.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// How long a browser may remember that a page is answered, in seconds.
const REMEMBERED_S: &str = "7200";

/// Who makes one of the five calls.
pub(crate) struct Caller {
    who: Who,
    is_preflight: bool,
}

enum Who {
    /// The page that we serve, or a program.
    Own,
    /// The page on this other origin.
    Guest(HeaderValue),
    /// Any other page.
    Foreign,
}

impl Caller {
    /// Who makes a request; `None`: it is none of the five calls.
    pub(crate) fn of(app: &App, request: &Request) -> Option<Self> {
        if !request.uri().path().starts_with(CALLS) {
            return None;
        }
        let headers = request.headers();
        let who = match guest(app, headers) {
            Some(origin) => Who::Guest(origin),
            None if is_own(app, headers) => Who::Own,
            None => Who::Foreign,
        };
        Some(Self {
            who,
            is_preflight: request.method() == Method::OPTIONS,
        })
    }

    /// What is answered before the call is read, if anything.
    pub(crate) fn answer(&self, app: &App) -> Option<Response> {
        match self.who {
            Who::Foreign => Some(calls::foreign(app)),
            _ if self.is_preflight => Some(StatusCode::NO_CONTENT.into_response()),
            Who::Own | Who::Guest(_) => None,
        }
    }

    /// Tells browsers which pages may read the answer.
    pub(crate) fn mark(self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.insert(VARY, HeaderValue::from_static("origin, sec-fetch-site"));
        let Who::Guest(origin) = self.who else {
            return;
        };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let more = if self.is_preflight {
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
    }
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
