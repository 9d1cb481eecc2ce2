//! What the gateway bears, and what it gives away.

use std::io::{Read, Write};
use std::net::{IpAddr, TcpStream};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::database::{TestDatabase, is_postgres};
use crate::harness::{Answer, Gateway, OTHER_KEY, UTR};
use crate::process::Running;

#[tokio::test]
async fn whoever_looks_too_often_is_told_when_to_come_back() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    let body = json!({"id": id});
    for call in ["info", "result", "discount"] {
        for _ in 0..40 {
            assert_eq!(gateway.call(call, body.clone()).await.status, 200);
        }
    }
    for call in ["info", "result", "discount"] {
        let answer = gateway.call(call, body.clone()).await;
        assert_eq!(answer.code(), (429, "TOO_MANY_REQUESTS".to_owned()));
        // Among several, a process has half of the rate for itself.
        let wait = if is_postgres() { "3" } else { "2" };
        assert_eq!(answer.header("retry-after"), wait);
    }
    // Another order's customers notice nothing.
    let other = gateway.order("499").await;
    assert_eq!(gateway.status(&other).await, "PENDING");
    // At the page's own pace it goes on for ever.
    for _ in 0..150 {
        gateway.pass_ms(5_000);
        assert_eq!(gateway.status(&id).await, "PENDING");
    }
}

async fn claim_from(gateway: &Gateway, peer: &str, forwarded: &str, id: &str) -> Answer {
    let request = Request::post("/api/order/utr")
        .header("x-forwarded-for", forwarded)
        .body(Body::from(json!({"id": id, "userUtrNo": UTR}).to_string()))
        .unwrap();
    let peer: IpAddr = peer.parse().unwrap();
    gateway.send_from(request, Some(peer)).await
}

#[tokio::test]
async fn utrs_are_counted_by_address_too() {
    let gateway = Gateway::with(|app| {
        app.trusted_proxies = vec!["10.0.0.7".parse().unwrap()];
    })
    .await;
    // An order each, so that no order's own limit is reached.
    let tries = async |peer: &'static str, forwarded: &'static str| {
        let mut let_through = 0;
        for number in 0..70 {
            let id = format!("{number:032x}");
            if claim_from(&gateway, peer, forwarded, &id).await.status == 404 {
                let_through += 1;
            }
        }
        let_through
    };
    assert_eq!(tries("203.0.113.7", "").await, 60);
    // A made-up header helps nobody, and a neighbour is another client.
    assert_eq!(tries("203.0.113.7", "198.51.100.9").await, 0);
    gateway.pass_ms(600_000);
    assert_eq!(tries("203.0.113.8", "").await, 60);
    gateway.pass_ms(600_000);
    // Behind a proxy of ours it is the client that counts.
    assert_eq!(tries("10.0.0.7", "198.51.100.1").await, 60);
    gateway.pass_ms(1_000);
    let id = "f".repeat(32);
    let blocked = claim_from(&gateway, "127.0.0.1", "198.51.100.1", &id).await;
    assert_eq!(blocked.status, 404);
    let blocked = claim_from(&gateway, "127.0.0.1", "198.51.100.1", &id).await;
    assert_eq!(blocked.code(), (429, "TOO_MANY_REQUESTS".to_owned()));
    assert_eq!(blocked.header("retry-after"), "2");
    let other = claim_from(&gateway, "127.0.0.1", "198.51.100.2", &id).await;
    assert_eq!(other.status, 404);
}

#[tokio::test]
async fn what_is_not_yours_looks_like_what_is_not_there() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    let unknown = "0".repeat(32);
    let path = |id: &str| format!("/v1/orders/{id}");
    let parts = |answer: Answer| (answer.status, answer.headers, answer.text);
    for tail in ["", "/events"] {
        let foreign = gateway
            .get_as(OTHER_KEY, &format!("{}{tail}", path(&id)))
            .await;
        let missing = gateway
            .get_as(OTHER_KEY, &format!("{}{tail}", path(&unknown)))
            .await;
        assert_eq!(foreign.status, 404);
        assert_eq!(parts(foreign), parts(missing), "{tail}");
    }
    // Unknown orders are limited like known ones: the limit tells nothing either.
    for call in ["info", "utr", "event"] {
        let body = json!({"id": unknown, "userUtrNo": UTR, "content": "SHOW_QR"});
        let mut seen = Vec::new();
        for _ in 0..130 {
            seen.push(gateway.call(call, body.clone()).await.status.as_u16());
        }
        seen.dedup();
        assert_eq!(seen, [404, 429], "{call}");
    }
}

/// Sends raw bytes and reads to the end; the status, if one came.
fn exchange(address: &str, request: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    // It may hang up before it has read everything.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    text.split(' ').nth(1)?.parse().ok()
}

#[test]
fn requests_out_of_measure_are_refused() {
    let database = TestDatabase::new();
    let gateway = Running::start(database.url());
    let head =
        |more: &str| format!("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n");
    let many: String = (0..80).map(|n| format!("x-{n}: y\r\n")).collect();
    let long = format!("x: {}\r\n", "y".repeat(20_000));
    let body = |length: usize| {
        format!(
            "POST /api/order/info HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-length: {length}\r\n\r\n{}",
            "x".repeat(length)
        )
    };
    for (request, status) in [
        (head(""), Some(200)),
        (head("x: y\r\n"), Some(200)),
        (head(&many), Some(431)),
        (head(&long), Some(431)),
        (body(100), Some(400)),
        (body(17_000), Some(413)),
        ("not HTTP at all\r\n\r\n".to_owned(), Some(400)),
        (
            "POST /api/order/info HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n".to_owned() + "0\r\n\r\nGET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n",
            Some(400),
        ),
    ] {
        let answered = exchange(gateway.address(), request.as_bytes());
        assert_eq!(answered, status, "{request:.60}");
    }
}

#[test]
fn a_thousand_slow_clients_keep_no_customer_out() {
    let database = TestDatabase::new();
    // Fewer file handles than there are slow clients; but besides the 512 connections there may be as
    // many that are closing as one turn of the runtime accepts (128).
    let gateway = Running::start_with(database.url(), Some(800));
    let order = json!({"amount": "499", "reference": "a"});
    let id = gateway.post("/v1/orders", "a", &order).unwrap()["id"].clone();
    let begun: [&[u8]; 3] = [
        b"",
        b"GET /pay/x HTTP/1.1\r\nhost: x\r\nx-slow: ",
        b"POST /api/order/info HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
    ];
    let mut slow = Vec::new();
    for number in 0..1_000 {
        let mut stream = TcpStream::connect(gateway.address()).unwrap();
        stream.write_all(begun[number % begun.len()]).unwrap();
        stream.set_nonblocking(true).unwrap();
        slow.push(stream);
        if number % 100 == 99 {
            let asked = Instant::now();
            let answer = gateway
                .post("/api/order/result", "-", &json!({"id": id}))
                .unwrap();
            assert_eq!(answer["model"]["status"], "PENDING", "{number}");
            assert!(asked.elapsed() < Duration::from_secs(2), "{number}");
            // This process need not hold what the gateway has let go.
            slow.retain_mut(is_open);
        }
    }
    assert!(slow.len() > 400, "{}", slow.len());
}

fn is_open(stream: &mut TcpStream) -> bool {
    let read = stream.read(&mut [0; 64]);
    read.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}
