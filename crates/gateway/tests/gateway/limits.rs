//! Rate limits of several processes on one database. A process that is alone with a file keeps its meters
//! itself (`edges.rs`), so these end at once where the tests run on SQLite.

use futures_util::future::join_all;
use gateway::expiry;
use serde_json::{Value, json};

use crate::database::is_postgres;
use crate::harness::Gateway;
use crate::together::two;

/// How many of so many calls pass, made in turn by the gateways, several at a time.
async fn passing(gateways: &[Gateway; 2], count: usize, name: &str, body: &Value) -> usize {
    let mut passed = 0;
    for _ in 0..count / 8 {
        let calls = (0..8).map(|number| gateways[number % 2].call(name, body.clone()));
        let answers = join_all(calls).await;
        passed += answers.iter().filter(|answer| answer.status != 429).count();
    }
    passed
}

#[tokio::test]
async fn limits_hold_for_all_processes_together() {
    if !is_postgres() {
        return;
    }
    let gateways = two().await;
    let id = gateways[0].order("499").await;
    let body = json!({"id": id});
    // The burst of 120, of which each has 12 of its own.
    assert_eq!(passing(&gateways, 400, "result", &body).await, 108 + 2 * 12);
    gateways[0].pass_ms(60_000);
    // One each two seconds by each, and as many from the shared meter.
    let passed = passing(&gateways, 400, "result", &body).await;
    assert!((2 * 12 + 24..=2 * 12 + 30).contains(&passed), "{passed}");
    // Every try counts, and none twice.
    let typo = json!({"id": id, "userUtrNo": "12"});
    assert_eq!(passing(&gateways, 64, "utr", &typo).await, 10);
    gateways[0].pass_ms(6_000);
    assert_eq!(passing(&gateways, 64, "utr", &typo).await, 1);
}

#[tokio::test]
async fn an_honest_page_writes_nothing() {
    if !is_postgres() {
        return;
    }
    let gateways = two().await;
    let id = gateways[0].order("499").await;
    for _ in 0..180 {
        // Two tabs, every five seconds, for a quarter of an hour.
        for gateway in &gateways {
            assert_eq!(gateway.status(&id).await, "PENDING");
        }
        gateways[0].pass_ms(4_990);
    }
    assert_eq!(meters(&gateways[0]).await, 0);
    // A flood leaves a row, for a while.
    passing(&gateways, 80, "result", &json!({"id": id})).await;
    assert_eq!(meters(&gateways[0]).await, 1);
    gateways[0].pass_ms(240_000);
    expiry::forget(&gateways[0].app).await.unwrap();
    assert_eq!(meters(&gateways[0]).await, 0);
}

async fn meters(gateway: &Gateway) -> i64 {
    let mut conn = gateway.app.store.read().await.unwrap();
    let count = sqlx::query_scalar("SELECT count(*) FROM meters");
    count.fetch_one(&mut *conn).await.unwrap()
}
