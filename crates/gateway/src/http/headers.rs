//! The headers that keep a browser on the safe side. `public/_headers` has the same for static hosts.

use axum::http::header::{
    CACHE_CONTROL, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::app::App;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Two years, for this host alone: its neighbours may not be ours.
const HTTPS_ONLY: &str = "max-age=63072000";

/// The checkout document's headers, apart from its Content-Security-Policy.
///
/// It may be framed by pages that isolate themselves, so it isolates itself too and may be loaded
/// across origins: who may frame it is the policy's matter. The abilities that it uses (clipboard,
/// sharing, wake lock, payment) keep their default, which is this origin and whom it is framed for.
/// Scripts come with a hash or not at all.
pub(crate) const DOCUMENT: [(HeaderName, &str); 6] = [
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin-allow-popups",
    ),
    (RESOURCE_POLICY, "cross-origin"),
    (
        HeaderName::from_static("integrity-policy"),
        "blocked-destinations=(script)",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), \
         gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), serial=(), usb=()",
    ),
    (REFERRER_POLICY, "strict-origin-when-cross-origin"),
];

/// The Content-Security-Policy of the checkout document: only our own files and, by its hash, the
/// one script that stands in the HTML; framed by nobody but the merchant.
pub(crate) fn policy(html: &str, parents: &[String]) -> String {
    let starter = starter_hash(html).map_or_else(String::new, |hash| format!(" 'sha256-{hash}'"));
    let ancestors = if parents.is_empty() {
        "'none'".to_owned()
    } else {
        parents.join(" ")
    };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{starter}; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors {ancestors}"
    )
}

/// The hash of the script that the build put into the page (`crates/xtask/src/seal.rs`); the data
/// that we put there are no scripts.
fn starter_hash(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("<script>")?;
    let (starter, _) = rest.split_once("</script>")?;
    Some(STANDARD.encode(Sha256::digest(starter)))
}

/// Lets pages of all origins load it, as a module and under any policy of theirs.
pub(crate) fn open_to_all(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    headers.insert(
        axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
}

/// Completes an answer: what a handler has said itself stays.
pub(crate) fn complete(app: &App, response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (RESOURCE_POLICY, "same-origin"),
        (REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if app.public_url.starts_with("https://") {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(HTTPS_ONLY),
        );
    }
}
