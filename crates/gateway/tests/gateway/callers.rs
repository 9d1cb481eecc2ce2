//! Whom the five calls answer.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use crate::harness::{Answer, Gateway};

const STATIC_HOST: &str = "https://checkout.example";

async fn start() -> Gateway {
    Gateway::with(|app| app.page_origins = vec![STATIC_HOST.to_owned()]).await
}

async fn ask(gateway: &Gateway, method: Method, id: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri("/api/order/result");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = Body::from(json!({"id": id}).to_string());
    gateway.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn our_page_and_programs_are_answered_and_other_pages_are_not() {
    let gateway = start().await;
    let id = gateway.order("499").await;
    for (headers, status) in [
        (&[][..], 200),
        (&[("sec-fetch-site", "same-origin")], 200),
        (&[("sec-fetch-site", "none")], 200),
        (
            &[
                ("origin", "https://pay.example"),
                ("sec-fetch-site", "same-origin"),
            ],
            200,
        ),
        // Browsers that do not say where the page is from.
        (&[("origin", "https://pay.example")], 200),
        (
            &[
                ("origin", "http://10.0.0.5:8080"),
                ("host", "10.0.0.5:8080"),
            ],
            200,
        ),
        // The page on a static host.
        (&[("origin", STATIC_HOST)], 200),
        (
            &[("origin", STATIC_HOST), ("sec-fetch-site", "cross-site")],
            200,
        ),
        // Others.
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("sec-fetch-site", "")], 403),
        (&[("origin", "https://evil.example")], 403),
        (
            &[
                ("origin", "https://pay.example"),
                ("sec-fetch-site", "same-site"),
            ],
            403,
        ),
        (&[("origin", "null")], 403),
        (&[("origin", "")], 403),
        (&[("origin", "https://pay.example.evil.example")], 403),
        (&[("origin", "https://pay.exampl")], 403),
        (&[("origin", "http://pay.example")], 403),
        (&[("origin", "https://evil-checkout.example")], 403),
        (&[("origin", "https://checkout.example:8443")], 403),
        (&[("origin", "HTTPS://CHECKOUT.EXAMPLE")], 403),
        (&[("origin", "https://10.0.0.6"), ("host", "10.0.0.5")], 403),
    ] {
        let answer = ask(&gateway, Method::POST, &id, headers).await;
        assert_eq!(answer.status, status, "{headers:?}");
        assert_eq!(answer.header("vary"), "origin, sec-fetch-site");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        let is_guest = headers.contains(&("origin", STATIC_HOST));
        let allowed = if is_guest { STATIC_HOST } else { "" };
        assert_eq!(
            answer.header("access-control-allow-origin"),
            allowed,
            "{headers:?}"
        );
        if status == 403 {
            assert_eq!(answer.code().1, "BAD_REQUEST");
            assert!(!answer.text.contains("499"), "{headers:?}");
        }
    }
}

#[tokio::test]
async fn a_page_elsewhere_may_ask_beforehand_and_read_how_long_to_wait() {
    let gateway = start().await;
    let id = gateway.order("499").await;
    let asks = [
        ("origin", STATIC_HOST),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    let allowed = ask(&gateway, Method::OPTIONS, &id, &asks).await;
    assert_eq!((allowed.status.as_u16(), allowed.text.as_str()), (204, ""));
    for (name, value) in [
        ("access-control-allow-origin", STATIC_HOST),
        ("access-control-allow-methods", "POST"),
        ("access-control-allow-headers", "content-type"),
        ("access-control-max-age", "7200"),
        ("access-control-allow-credentials", ""),
    ] {
        assert_eq!(allowed.header(name), value, "{name}");
    }
    let answer = ask(&gateway, Method::POST, &id, &asks[..1]).await;
    assert_eq!(
        answer.header("access-control-expose-headers"),
        "retry-after"
    );

    let refused = [("origin", "https://evil.example"), asks[1], asks[2]];
    let refused = ask(&gateway, Method::OPTIONS, &id, &refused).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn nothing_but_the_five_calls_is_opened_to_other_pages() {
    let gateway = start().await;
    for (method, path) in [
        (Method::GET, "/v1/orders"),
        (Method::OPTIONS, "/v1/orders"),
        (Method::GET, "/pay/x"),
        (Method::GET, "/healthz"),
        (Method::GET, "/metrics"),
        (Method::GET, "/page-0123456789abcdef.js"),
    ] {
        let request = Request::builder()
            .method(&method)
            .uri(path)
            .header("origin", STATIC_HOST)
            .body(Body::empty())
            .unwrap();
        let answer = gateway.send(request).await;
        for name in [
            "access-control-allow-origin",
            "access-control-allow-methods",
        ] {
            assert_eq!(answer.header(name), "", "{method} {path}");
        }
    }
}
