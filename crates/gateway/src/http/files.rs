//! The page's files, at the root of the site: everything that no route takes.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::headers;
use crate::app::App;

/// What merchants load into pages of their own.
const FOR_MERCHANTS: &str = "embed/";

/// `GET /{file}`: a file of the page. Compressed ahead of time where the build did that.
pub(crate) async fn serve(
    State(app): State<Arc<App>>,
    method: Method,
    uri: Uri,
    asked: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    // The page itself has its own routes, with an order in it; the headers are for other hosts.
    let is_page = path == "index.html" || path == "_headers" || path.ends_with(".br");
    let is_read = method == Method::GET || method == Method::HEAD;
    if !is_read || is_page {
        return not_found();
    }
    let compressed = accepts_brotli(&asked)
        .then(|| app.assets.get(&format!("{path}.br")))
        .flatten();
    let is_compressed = compressed.is_some();
    let Some(file) = compressed.or_else(|| app.assets.get(path)) else {
        return not_found();
    };
    let etag = format!("\"{}\"", file.hash);
    let is_known = asked
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, content_type(path))], file.bytes).into_response()
    };
    let cache = if is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let given = response.headers_mut();
    given.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    given.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        given.insert(ETAG, etag);
    }
    if is_compressed && !is_known {
        given.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    if path.starts_with(FOR_MERCHANTS) {
        headers::open_to_all(&mut response);
    }
    response
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response()
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let is_brotli = parts.next() == Some("br");
            is_brotli && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}

/// Whether the name changes with what is in the file: a long run of hex digits in it.
fn is_hashed(path: &str) -> bool {
    const HASH_MIN: usize = 12;
    path.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|part| {
            part.len() >= HASH_MIN && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "ts" | "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_are_known() {
        for (path, hashed) in [
            ("upi-checkout-1f3a5c7e9b2d4f60_bg.wasm", true),
            ("snippets/upi-checkout-1f3a5c7e9b2d4f60/inline0.js", true),
            ("style-0123456789abcdef.css", true),
            ("embed/upi-checkout.js", false),
            ("locales/hi.json", false),
            ("facade.js", false),
        ] {
            assert_eq!(is_hashed(path), hashed, "{path}");
        }
    }

    #[test]
    fn brotli_is_sent_only_where_it_is_wanted() {
        for (accept, wanted) in [
            ("gzip, deflate, br", true),
            ("br;q=0.5", true),
            ("br;q=0", false),
            ("gzip", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accept));
            assert_eq!(accepts_brotli(&headers), wanted, "{accept}");
        }
    }
}
