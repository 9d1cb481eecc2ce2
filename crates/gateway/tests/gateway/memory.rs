//! What the page is told comes from memory, and every change is seen by the very next call.

use gateway::memory::Look;
use gateway::order::OrderId;
use gateway::store::Change;
use serde_json::json;

use crate::database::is_postgres;
use crate::harness::{Gateway, UTR, UTR_2};

impl Gateway {
    fn keeps(&self, id: &str) -> bool {
        let id = OrderId::parse(id).unwrap();
        let look = self.app.memory.look(&id, self.app.now_ms());
        matches!(look, Look::Kept(_))
    }

    /// Looks at an order again and again, as pages do, until it is kept; where it stands. PostgreSQL
    /// tells a process of its own changes once more, a moment later, and the answer goes once more.
    async fn watched(&self, id: &str) -> String {
        const LOOKS: usize = 1_000;
        let status = self.status(id).await;
        for _ in 0..LOOKS {
            assert_eq!(self.status(id).await, status);
            if self.keeps(id) {
                return status;
            }
        }
        panic!("{id} is never kept");
    }
}

#[tokio::test]
async fn money_that_comes_is_seen_by_the_next_call() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    assert_eq!(gateway.watched(&id).await, "PENDING");
    gateway.credit(UTR, "499", &id).await;
    assert_eq!(gateway.watched(&id).await, "SUCCESS");

    let claimed = gateway.order("7").await;
    assert_eq!(gateway.watched(&claimed).await, "PENDING");
    gateway.credit(UTR_2, "7", "").await;
    assert_eq!(gateway.watched(&claimed).await, "SUCCESS");
}

#[tokio::test]
async fn a_discount_is_seen_by_the_next_call() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    gateway.watched(&id).await;
    let payable = gateway.discounted(&id).await;
    let order = gateway.call("info", json!({"id": id})).await.json();
    assert_eq!(
        order["model"]["discount"]["userPayAmount"],
        payable.as_str()
    );
}

#[tokio::test]
async fn an_order_that_is_called_off_or_expires_is_seen_by_the_next_call() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    gateway.watched(&id).await;
    let path = format!("/v1/orders/{id}/cancel");
    gateway.post(&path, json!({})).await;
    assert_eq!(gateway.watched(&id).await, "FAILED");

    let order = json!({"amount": "7", "expiresIn": 60});
    let id = gateway.order_with(order).await;
    gateway.pass_ms(59_999);
    assert_eq!(gateway.watched(&id).await, "PENDING");
    gateway.pass_ms(1);
    assert_eq!(gateway.watched(&id).await, "EXPIRED");
    // Late money, too.
    gateway.credit(UTR, "7", &id).await;
    assert_eq!(gateway.watched(&id).await, "SUCCESS");
}

#[tokio::test]
async fn what_is_undone_changes_nothing() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    gateway.watched(&id).await;
    let mut tx = gateway.app.store.write().await.unwrap();
    let order = OrderId::parse(&id).unwrap();
    let (paid, now_ms) = (
        gateway::transition::Input::Paid { utr: None },
        gateway.app.now_ms(),
    );
    gateway::ledger::apply(&mut tx, &order, &paid, "test", now_ms)
        .await
        .unwrap();
    drop(tx);
    assert_eq!(gateway.watched(&id).await, "PENDING");
}

#[tokio::test]
async fn what_another_process_changes_is_heard() {
    // SQLite serves one process.
    if !is_postgres() {
        return;
    }
    let one = Gateway::start().await;
    let other = one.beside().await;
    let id = one.order("499").await;
    assert_eq!(other.watched(&id).await, "PENDING");
    let mut changes = other.app.store.changes();
    one.credit(UTR, "499", &id).await;
    let change = Change::Order(OrderId::parse(&id).unwrap());
    assert_eq!(changes.next().await, Some(change));
    assert_eq!(other.watched(&id).await, "SUCCESS");
}
