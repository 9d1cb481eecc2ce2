//! What the pages of the sandbox share: the demo's, and those of the PhonePe that is played.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::ledger::LedgerError;
use crate::store::StoreError;

/// Whose page it is.
pub(super) struct Site<'a> {
    /// Its name, and where that leads.
    pub(super) name: (&'static str, &'static str),
    /// Where else one can go.
    pub(super) link: (&'static str, &'static str),
    /// Its style sheet.
    pub(super) style: &'static str,
    /// Its Content-Security-Policy; empty: none.
    pub(super) policy: &'a str,
}

const SHOP: Site<'static> = Site {
    name: ("Demo Shop", "/demo"),
    link: ("Demo bank", "/demo/bank"),
    style: "/demo/demo.css",
    policy: "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
};

/// A whole page of the demo's.
pub(super) fn page(title: &str, content: Markup) -> Response {
    SHOP.page(title, content)
}

impl Site<'_> {
    /// A whole page.
    pub(super) fn page(&self, title: &str, content: Markup) -> Response {
        let markup = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { (title) }
                    link rel="stylesheet" href=(self.style);
                }
                body {
                    header.bar {
                        a.bar-name href=(self.name.1) { (self.name.0) }
                        nav { a href=(self.link.1) { (self.link.0) } }
                    }
                    main { (content) }
                    footer { "Sandbox: no money moves here." }
                }
            }
        };
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        let mut response = (headers, markup.into_string()).into_response();
        if let (false, Ok(policy)) = (self.policy.is_empty(), HeaderValue::from_str(self.policy)) {
            let given = response.headers_mut();
            given.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// What went wrong in the demo.
pub(super) struct DemoError(StoreError);

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

/// For what the ledger cannot refuse here.
impl TryFrom<LedgerError> for DemoError {
    type Error = String;

    fn try_from(error: LedgerError) -> Result<Self, String> {
        match error {
            LedgerError::Store(error) => Ok(Self(error)),
            refused => Err(refused.to_string()),
        }
    }
}

impl IntoResponse for DemoError {
    fn into_response(self) -> Response {
        tracing::error!(error = %self.0, "the demo failed");
        let words = "Something went wrong. The log says what.\n";
        (StatusCode::INTERNAL_SERVER_ERROR, words).into_response()
    }
}
