//! The headers that keep a browser on the safe side.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use gateway::merchant::Merchants;

use crate::harness::{Answer, Files, Gateway, KEY, merchant};

/// Every header that matters to a browser's safety, where it is there.
fn safety(answer: &Answer) -> Vec<(&str, &str)> {
    [
        "access-control-allow-origin",
        "cache-control",
        "cross-origin-embedder-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "integrity-policy",
        "permissions-policy",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
    ]
    .into_iter()
    .map(|name| (name, answer.header(name)))
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

const DOCUMENT: [(&str, &str); 9] = [
    ("cache-control", "no-store"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-opener-policy", "same-origin-allow-popups"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("integrity-policy", "blocked-destinations=(script)"),
    (
        "permissions-policy",
        "accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), \
         gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), serial=(), usb=()",
    ),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("strict-transport-security", "max-age=63072000"),
    ("x-content-type-options", "nosniff"),
];

#[tokio::test]
async fn the_document_is_hardened_whether_its_order_is_known_or_not() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    for path in [format!("/pay/{id}"), "/pay/unknown".to_owned()] {
        let page = gateway.open(&path).await;
        assert_eq!(safety(&page), DOCUMENT, "{path}");
    }
}

#[tokio::test]
async fn only_the_orders_own_merchant_may_frame_it() {
    let gateway = Gateway::with(|app| {
        let mut shop = merchant("shop", "shop@bank", KEY);
        shop.parent_origins = vec![
            "https://shop.example".to_owned(),
            "https://www.shop.example".to_owned(),
        ];
        let mut other = merchant("other", "other@bank", "uck_other");
        other.parent_origins = vec!["https://other.example".to_owned()];
        app.merchants = Merchants::new(vec![shop, other]);
    })
    .await;
    let id = gateway.order("499").await;
    for (path, ancestors) in [
        (
            format!("/pay/{id}"),
            "https://shop.example https://www.shop.example",
        ),
        (format!("/pay/{}", "0".repeat(32)), "'none'"),
        ("/?id=x".to_owned(), "'none'"),
    ] {
        let page = gateway.open(&path).await;
        let policy = page.header("content-security-policy");
        let expected = format!("; frame-ancestors {ancestors}");
        assert!(policy.ends_with(&expected), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
}

#[tokio::test]
async fn everything_else_is_private_unless_it_is_meant_for_others() {
    let gateway = Gateway::start().await;
    let ours = |cache| {
        vec![
            ("cache-control", cache),
            ("cross-origin-resource-policy", "same-origin"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("strict-transport-security", "max-age=63072000"),
            ("x-content-type-options", "nosniff"),
        ]
    };
    for (path, cache) in [
        ("/healthz", "no-store"),
        ("/openapi.json", "no-store"),
        ("/v1/orders", "no-store"),
        ("/nothing-here", "no-store"),
        (
            "/page-0123456789abcdef.js",
            "public, max-age=31536000, immutable",
        ),
    ] {
        assert_eq!(safety(&gateway.open(path).await), ours(cache), "{path}");
    }
    let call = gateway.call_raw("info", "{").await;
    assert_eq!(safety(&call), ours("no-store"));
    // The loader: for any page, as a module, and under any policy of that page.
    let loader = gateway.open("/embed/upi-checkout.js").await;
    let mut open = ours("no-cache");
    open[1].1 = "cross-origin";
    open.insert(0, ("access-control-allow-origin", "*"));
    assert_eq!(safety(&loader), open);
}

#[tokio::test]
async fn without_tls_nobody_is_bound_to_it() {
    let gateway = Gateway::with(|app| app.public_url = "http://127.0.0.1:8080".to_owned()).await;
    let page = gateway.open("/pay/x").await;
    assert_eq!(page.header("strict-transport-security"), "");
}

/// SHA-256 of `abc` (FIPS 180-2, appendix B.1), in the spelling of a policy.
const HASH_OF_ABC: &str = "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='";

#[tokio::test]
async fn of_the_scripts_in_the_html_only_the_starter_may_run() {
    let gateway = Gateway::with(|app| {
        app.assets = Arc::new(Files::with_page(
            "<html><head><script>abc</script></head><body></body></html>",
        ));
    })
    .await;
    let page = gateway.open("/pay/x").await;
    let expected = format!("; script-src 'self' 'wasm-unsafe-eval' {HASH_OF_ABC}; ");
    let policy = page.header("content-security-policy");
    assert!(policy.contains(&expected), "{policy}");
}

/// `public/_headers` is what a static host sends; nobody may frame the page there until its owner
/// says who.
#[tokio::test]
async fn a_static_host_sends_the_same() {
    let gateway = Gateway::start().await;
    let request = Request::get("/pay/x").body(Body::empty()).unwrap();
    let page = gateway.send(request).await;
    let file = include_str!("../../../../public/_headers");
    let mut lines = file
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    assert_eq!(lines.next(), Some("/*"));
    let mut sent = 0;
    for line in lines {
        let (name, value) = line.trim().split_once(": ").unwrap();
        // There the page holds no order, so it may be kept as long as it is looked at again.
        let expected = match name {
            "Cache-Control" => "no-cache",
            other => page.header(other),
        };
        assert_eq!(value, expected, "{name}");
        sent += 1;
    }
    assert_eq!(sent, DOCUMENT.len() + 1);
}
