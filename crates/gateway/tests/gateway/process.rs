//! The real program: how it starts, refuses to start, stops, and is killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;

use serde_json::{Value, json};

use crate::database::{TestDatabase, is_postgres};

const PROGRAM: &str = env!("CARGO_BIN_EXE_gateway");

/// A gateway in a process of its own; killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    address: String,
}

impl Running {
    pub(crate) fn start(database: &str) -> Self {
        Self::start_with(database, None)
    }

    /// One that the system gives only so many file handles.
    pub(crate) fn start_with(database: &str, handles: Option<u32>) -> Self {
        let limit = handles.map_or_else(String::new, |most| format!("ulimit -n {most} && "));
        let mut child = Command::new("sh")
            .args(["-c", &format!("{limit}exec \"$0\" \"$@\""), PROGRAM])
            .args([
                "serve",
                "--sandbox",
                "--listen",
                "127.0.0.1:0",
                "--database",
            ])
            .arg(database)
            .env("UPI_CHECKOUT_SANDBOX_KEY", "uck_test")
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap();
        Self {
            address: address.to_owned(),
            child,
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// A POST over a connection of its own; `None`: no whole answer came.
    pub(crate) fn post(&self, path: &str, key: &str, body: &Value) -> Option<Value> {
        let (body, host) = (body.to_string(), &self.address);
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer uck_test\r\n\
             idempotency-key: {key}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(host).ok()?;
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_killed_gateway_loses_nothing_that_it_acknowledged() {
    let database = TestDatabase::new();
    let mut paid = Vec::new();
    for round in 0..3 {
        let mut gateway = Running::start(database.url());
        let (acknowledge, acknowledged) = mpsc::channel();
        std::thread::scope(|scope| {
            for worker in 0..4 {
                let (gateway, acknowledge) = (&gateway, acknowledge.clone());
                scope.spawn(move || {
                    // Until the gateway is gone.
                    (0..)
                        .map_while(|number| {
                            buy_and_pay(gateway, &format!("{round}-{worker}-{number}"))
                        })
                        .for_each(|id| acknowledge.send(id).unwrap());
                });
            }
            drop(acknowledge);
            paid.extend(acknowledged.iter().take(12));
            // SIGKILL, in the middle of four writers.
            signal("-9", &gateway.child);
            paid.extend(acknowledged.iter());
        });
        gateway.child.wait().unwrap();
    }
    assert!(paid.len() >= 36, "{}", paid.len());
    let gateway = Running::start(database.url());
    for id in &paid {
        let answer = gateway
            .post("/api/order/result", "-", &json!({"id": id}))
            .unwrap();
        assert_eq!(answer["model"]["status"], "SUCCESS", "{id}");
    }
    drop(gateway);
    check_books(&database, paid.len());
}

fn signal(which: &str, child: &Child) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args([which, &pid]).status().unwrap();
    assert!(sent.success());
}

/// An order and its money; the id, if both were acknowledged.
fn buy_and_pay(gateway: &Running, name: &str) -> Option<String> {
    let order = json!({"amount": "499", "reference": name});
    let order = gateway.post("/v1/orders", &format!("o{name}"), &order)?;
    let id = order["id"].as_str()?.to_owned();
    let digits = u64::from_str_radix(&id[..8], 16).ok()?;
    let credit = json!({
        "utr": format!("5{digits:011}"), "amount": "499", "payeeVpa": "demo.shop@sandbox",
        "note": id,
    });
    let credit = gateway.post("/v1/credits", &format!("c{name}"), &credit)?;
    (credit["orderId"] == id.as_str()).then_some(id)
}

/// The file is whole, and the tables agree with each other.
fn check_books(database: &TestDatabase, paid_min: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = gateway::store::Store::open(&database.database())
            .await
            .unwrap();
        let mut conn = store.read().await.unwrap();
        if !is_postgres() {
            let whole: String = sqlx::query_scalar("PRAGMA integrity_check")
                .fetch_one(&mut *conn)
                .await
                .unwrap();
            assert_eq!(whole, "ok");
        }
        let mut counts = Vec::new();
        for sql in [
            "SELECT count(*) FROM orders WHERE status = 'SUCCESS' AND paid_utr IS NOT NULL",
            "SELECT count(*) FROM credits WHERE order_id IS NOT NULL",
            "SELECT count(*) FROM order_events WHERE kind = 'status' AND detail = 'SUCCESS'",
            "SELECT count(*) FROM outbox WHERE type = 'order.succeeded'",
        ] {
            let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut *conn).await.unwrap();
            counts.push(usize::try_from(count).unwrap());
        }
        assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
        assert!(counts[0] >= paid_min, "{counts:?} {paid_min}");
    });
}

#[test]
fn it_stops_when_it_is_asked_to() {
    let database = TestDatabase::new();
    let mut gateway = Running::start(database.url());
    let order = json!({"amount": "499", "reference": "a"});
    assert!(gateway.post("/v1/orders", "a", &order).is_some());
    signal("-TERM", &gateway.child);
    let ended = gateway.child.wait().unwrap();
    assert!(ended.success(), "{ended}");
    if let Some(folder) = database.folder() {
        // It has put everything into the one file: nothing is left beside it.
        let beside = std::fs::metadata(folder.join("gateway.db-wal"));
        assert_eq!(beside.map_or(0, |log| log.len()), 0);
    }
}

pub(crate) fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_sandbox_refuses_a_real_merchants_configuration() {
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/gateway.example.toml");
    let refused = run(&["serve", "--sandbox", "--config", config], b"");
    assert!(!refused.status.success());
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(words.contains("run it without real merchants"), "{words}");
}

#[test]
fn a_database_in_memory_is_refused() {
    let refused = run(&["serve", "--database", "sqlite::memory:"], b"");
    assert!(!refused.status.success());
}

#[test]
fn a_key_and_its_hash_belong_together() {
    let text = String::from_utf8(run(&["key"], b"").stdout).unwrap();
    let words: Vec<&str> = text.split_whitespace().collect();
    let hash = gateway::merchant::KeyHash::of(&gateway::secret::Secret::new(words[1]));
    assert_eq!(words[3], hash.to_hex());
}

#[test]
fn lines_are_inspected_whatever_they_hold() {
    let amounts = run(&["inspect", "amount"], b"499\n\xff\xfe\n\n1e3");
    assert!(amounts.status.success());
    assert_eq!(amounts.stdout.iter().filter(|b| **b == b'\n').count(), 4);
    let redirects = run(
        &["inspect", "redirect", "--host", "shop.example"],
        b"https://shop.example\nhttps://evil.example\n",
    );
    let lines: Vec<Value> = String::from_utf8(redirects.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        lines,
        [
            json!({"input": "https://shop.example", "ok": true, "url": "https://shop.example/", "error": null}),
            json!({"input": "https://evil.example", "ok": false, "url": null, "error": "redirect-host-not-allowed"}),
        ]
    );
}
