//! The files of the page, served as the gateway serves them, and two pages of a shop.

use super::http::{Reply, Request};
use serde_json::Value;
use std::path::{Component, Path};

/// The gateway's Content-Security-Policy (`the_page_is_served_under_the_same_policy_everywhere`
/// compares them).
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// Answers whatever is not one of the five calls.
pub(super) fn reply(dist: &Path, config: Option<&Value>, request: &Request) -> Reply {
    let path = request.path.as_str();
    match path {
        "/shop" => page(&format!(
            r#"<h1>Shop</h1><a id="checkout" href="{}">Pay</a>"#,
            request.query
        )),
        "/thanks" => page("<h1>Thank you</h1>"),
        _ if path == "/" || path.starts_with("/pay/") => {
            with_config(file(dist, "index.html"), config)
        }
        _ => file(dist, path.trim_start_matches('/')),
    }
}

/// The page with its configuration, as data in its HTML.
fn with_config(page: Reply, config: Option<&Value>) -> Reply {
    match (page, config) {
        (
            Reply::Answer {
                status,
                headers,
                body,
            },
            Some(config),
        ) => {
            let data = format!(
                r#"<script type="application/json" id="checkout-config">{config}</script></head>"#
            );
            let html = String::from_utf8_lossy(&body).replacen("</head>", &data, 1);
            Reply::Answer {
                status,
                headers,
                body: html.into_bytes(),
            }
        }
        (page, _) => page,
    }
}

fn page(body: &str) -> Reply {
    let html = format!(r#"<!doctype html><link rel="icon" href="data:,">{body}"#);
    Reply::of("text/html; charset=utf-8", 200, html)
}

fn file(dist: &Path, name: &str) -> Reply {
    let path = Path::new(name);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let read = std::fs::read(dist.join(path)).ok().filter(|_| inside);
    let Some(body) = read else {
        return Reply::of("text/plain", 404, "not here");
    };
    let kind = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    Reply::Answer {
        status: 200,
        headers: format!("Content-Type: {kind}\r\nContent-Security-Policy: {POLICY}\r\n"),
        body,
    }
}
