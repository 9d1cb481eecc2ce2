//! A merchant calls an order off: PhonePe hears of it first, and money that comes all the same counts.

use axum::body::Body;
use axum::http::Request;
use phonepe::simulator::{Action, Fault, On, State};
use serde_json::json;

use super::{NOT_TOLD, World};
use crate::harness::{Answer, KEY, OTHER_KEY, UTR};
use crate::openapi::{check_answer, document};

const PATH: &str = "/v1/orders/{id}/cancel";

impl World {
    async fn cancel(&self, id: &str) -> Answer {
        let path = PATH.replace("{id}", id);
        let answer = self.gateway.post(&path, json!({})).await;
        check_answer(&document(), "post", PATH, &answer);
        answer
    }
}

fn end(answer: &Answer) -> (u16, String, String) {
    let json = answer.json();
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), text("status"), text("message"))
}

#[tokio::test]
async fn an_open_order_of_any_flow_is_closed_and_late_money_still_counts() {
    let autopay = json!({"instrument": "qr", "userId": "U1", "workflow": "TRANSACTION",
        "subscriptionId": "OMS1"});
    for (flow, phonepe) in [
        ("phonepe_debit", json!({})),
        ("phonepe_collect", json!({"vpa": "customer@ybl"})),
        ("phonepe_autopay", autopay),
    ] {
        let world = World::start().await;
        let id = world.order(flow, phonepe).await;
        let cancelled = world.cancel(&id).await;
        let (code, status, message) = end(&cancelled);
        assert_eq!((code, status.as_str()), (200, "FAILED"), "{flow}");
        assert_eq!(message, "The shop has cancelled this order.", "{flow}");
        assert_eq!(world.seen(&id).await["message"], message.as_str());
        // Only a request can be called off at PhonePe.
        let is_off = world.payment(&id).unwrap().state != State::Pending;
        assert_eq!(is_off, flow == "phonepe_collect");
        // Whatever PhonePe tells of that is no news; and a second time changes nothing.
        world.phonepe.deliver().await;
        assert_eq!(end(&world.cancel(&id).await), end(&cancelled));
        assert_eq!(world.gateway.news().await, ["order.failed"], "{flow}");

        world.approve(&id).await;
        assert_eq!(world.seen(&id).await["status"], "SUCCESS", "{flow}");
        let refused = world.cancel(&id).await;
        assert_eq!(refused.code(), (409, "order_closed".to_owned()));
    }
}

#[tokio::test]
async fn a_customer_who_was_quicker_has_paid() {
    let world = World::start().await;
    let id = world.collect().await;
    // The gateway has not heard of it yet: PhonePe says so when it is asked to call it off.
    world.act(&id, Action::Approve, NOT_TOLD).await;
    let refused = world.cancel(&id).await;
    assert_eq!(refused.code(), (409, "order_closed".to_owned()));
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");
}

#[tokio::test]
async fn an_order_stays_open_while_phonepe_does_not_say() {
    for fault in [Fault::Silence, Fault::SilenceButDone, Fault::ErrorButDone] {
        let world = World::start().await;
        let id = world.collect().await;
        world.phonepe.books().misbehave(On::Start, fault.clone());
        let path = PATH.replace("{id}", &id);
        let send = || world.gateway.post_with(KEY, "k", &path, json!({}));
        let silent = send().await;
        check_answer(&document(), "post", PATH, &silent);
        assert_eq!(silent.code(), (503, "phonepe_unavailable".to_owned()));
        assert_eq!(world.seen(&id).await["status"], "PENDING", "{fault:?}");
        // The same request again, with the same key.
        assert_eq!(send().await.json()["status"], "FAILED", "{fault:?}");
    }
}

#[tokio::test]
async fn an_order_that_phonepe_was_not_asked_for_needs_nobody() {
    let world = World::start().await;
    // PhonePe is down, so the verification was not made and nothing was asked for.
    let ask = json!({"instrument": "collect", "vpa": "customer@ybl", "userId": "U1",
        "workflow": "TRANSACTION", "subscriptionId": "OMS1"});
    world.phonepe.books().misbehave(On::Vpa, Fault::Silence);
    let id = world.order("phonepe_autopay", ask).await;
    assert!(world.payment(&id).is_none());
    assert_eq!(world.cancel(&id).await.json()["status"], "FAILED");
    world.pass_ms(60_000).await;
    assert!(world.payment(&id).is_none(), "nobody is asked any more");
}

#[tokio::test]
async fn what_is_not_open_stays_and_what_is_not_ones_own_is_not_there() {
    let world = World::start().await;
    let plain = world.gateway.order("499").await;
    let path = PATH.replace("{id}", &plain);
    let other = world.gateway.post_as(OTHER_KEY, &path, json!({})).await;
    assert_eq!(other.code(), (404, "order_not_found".to_owned()));
    let odd = world.gateway.post(&path, json!({"reason": "x"})).await;
    check_answer(&document(), "post", PATH, &odd);
    assert_eq!(odd.code(), (400, "invalid_body".to_owned()));
    assert_eq!(world.seen(&plain).await["status"], "PENDING");
    world.pass_ms(900_000).await;
    assert_eq!(world.cancel(&plain).await.json()["status"], "EXPIRED");

    // By a link of ours: a credit still finds it.
    let plain = world.gateway.order("7.50").await;
    let bare = Request::post(PATH.replace("{id}", &plain))
        .header("authorization", format!("Bearer {KEY}"))
        .header("idempotency-key", "bare")
        .body(Body::empty());
    let cancelled = world.gateway.send(bare.unwrap()).await;
    assert_eq!(cancelled.json()["status"], "FAILED");
    world.gateway.credit(UTR, "7.50", &plain).await;
    assert_eq!(world.seen(&plain).await["status"], "SUCCESS");
}
