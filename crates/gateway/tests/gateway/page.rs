//! What a browser is served: the page with its order in it, and the page's files.

use axum::body::Body;
use axum::http::Request;
use gateway::merchant::{Brand, Merchants};
use serde_json::{Value, json};

use crate::harness::{Gateway, KEY, merchant};

/// The JSON in a script element, as a browser reads it.
fn data(html: &str, id: &str) -> Option<Value> {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = html.split_once(&start)?;
    let (json, _) = rest.split_once("</script>")?;
    Some(serde_json::from_str(json).unwrap())
}

#[tokio::test]
async fn the_page_comes_with_its_order() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    let info = gateway.call("info", json!({"id": id})).await.json();
    for path in [
        format!("/pay/{id}"),
        format!("/?id={id}"),
        format!("/pay/{id}?lang=hi"),
    ] {
        let page = gateway.open(&path).await;
        assert_eq!(page.status, 200);
        assert_eq!(data(&page.text, "order-info").unwrap(), info, "{path}");
        assert_eq!(
            data(&page.text, "checkout-config").unwrap(),
            json!({"brand": {}})
        );
        let before_body = page.text.find("order-info") < page.text.find("</head>");
        assert!(before_body);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(
            page.header("referrer-policy"),
            "strict-origin-when-cross-origin"
        );
        assert_eq!(
            page.header("content-security-policy"),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
    }
}

#[tokio::test]
async fn an_unknown_order_gets_the_page_too() {
    let gateway = Gateway::start().await;
    for path in [
        format!("/pay/{}", "0".repeat(32)),
        "/pay/x".into(),
        "/".into(),
        "/?id=1".into(),
    ] {
        let page = gateway.open(&path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text.contains("<body>"));
        assert_eq!(data(&page.text, "order-info"), None);
    }
}

#[tokio::test]
async fn a_name_cannot_break_out_of_its_element() {
    let evil = "</script><script>alert(1)</script>\u{2028}<!-- & ";
    let gateway = Gateway::with(|app| {
        let mut shop = merchant("shop", "shop@bank", KEY);
        shop.name = evil.to_owned();
        shop.brand = Brand {
            name: Some(evil.to_owned()),
            ..Brand::default()
        };
        shop.redirect_hosts = vec!["shop.example".to_owned()];
        shop.parent_origins = vec!["https://shop.example".to_owned()];
        app.merchants = Merchants::new(vec![shop]);
    })
    .await;
    let id = gateway.order("499").await;
    let page = gateway.open(&format!("/pay/{id}")).await;
    assert_eq!(page.text.matches("<script").count(), 2);
    assert_eq!(page.text.matches("</script").count(), 2);
    assert!(!page.text.contains('\u{2028}') && !page.text.contains("<!--"));
    let order = data(&page.text, "order-info").unwrap();
    assert_eq!(order["model"]["cardInfo"]["name"], evil);
    assert_eq!(
        data(&page.text, "checkout-config").unwrap(),
        json!({
            "brand": {"name": evil}, "redirectHosts": ["shop.example"],
            "parentOrigins": ["https://shop.example"],
        })
    );
    let policy = page.header("content-security-policy");
    assert!(
        policy.ends_with("frame-ancestors https://shop.example"),
        "{policy}"
    );
}

#[tokio::test]
async fn files_are_served_compressed_and_for_ever_where_their_name_says_so() {
    let gateway = Gateway::start().await;
    let get = |path: &'static str, accept: &'static str| {
        let request = Request::get(path).header("accept-encoding", accept);
        gateway.send(request.body(Body::empty()).unwrap())
    };
    let js = "/page-0123456789abcdef.js";
    let compressed = get(js, "gzip, br").await;
    assert_eq!(compressed.text, "compressed");
    assert_eq!(compressed.header("content-encoding"), "br");
    assert_eq!(
        compressed.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(
        compressed.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(compressed.header("vary"), "accept-encoding");
    let plain = get(js, "gzip").await;
    assert_eq!(
        (plain.text.as_str(), plain.header("content-encoding")),
        ("plain", "")
    );
    assert_ne!(plain.header("etag"), compressed.header("etag"));

    let wasm = get("/page-0123456789abcdef_bg.wasm", "br").await;
    assert_eq!(wasm.header("content-type"), "application/wasm");
    assert_eq!(wasm.header("x-content-type-options"), "nosniff");
    let loader = get("/embed/upi-checkout.js", "br").await;
    assert_eq!(loader.header("cache-control"), "no-cache");
    let known = Request::get("/embed/upi-checkout.js")
        .header("if-none-match", loader.header("etag"))
        .body(Body::empty())
        .unwrap();
    let known = gateway.send(known).await;
    assert_eq!((known.status.as_u16(), known.text.as_str()), (304, ""));

    for path in [
        "/index.html",
        "/page-0123456789abcdef.js.br",
        "/x",
        "/../Cargo.toml",
        "/api/x",
    ] {
        assert_eq!(gateway.open(path).await.status, 404, "{path}");
    }
    let post = Request::post(js).body(Body::empty()).unwrap();
    assert_eq!(gateway.send(post).await.status, 404);
}

#[tokio::test]
async fn a_page_that_was_not_built_says_how() {
    struct Nothing;
    impl gateway::assets::Assets for Nothing {
        fn get(&self, _: &str) -> Option<gateway::assets::File> {
            None
        }
    }
    let gateway = Gateway::with(|app| app.assets = std::sync::Arc::new(Nothing)).await;
    let page = gateway.open("/").await;
    assert_eq!(page.status, 503);
    assert!(page.text.contains("cargo xtask build"));
}
