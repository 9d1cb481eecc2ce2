//! Two processes on one database do the same thing at the same moment: it is done once, and whoever
//! came second finds what the first one did.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::{join, join_all};
use gateway::order::OrderId;
use gateway::store::{Change, Changes};
use gateway::{expiry, ledger, rails, webhook};
use phonepe::simulator::Action;
use serde_json::{Value, json};

use crate::database::is_postgres;
use crate::harness::{Answer, Gateway, KEY, PAYEE, UTR};
use crate::phonepe::{NOT_TOLD, World};
use crate::webhooks;

/// How often each is tried: the moments differ.
const ROUNDS: u64 = 12;

/// Two processes on one database.
pub(crate) async fn two() -> [Gateway; 2] {
    let one = Gateway::start().await;
    let other = one.beside().await;
    warm_up(&one).await;
    warm_up(&other).await;
    [one, other]
}

/// Opens the connections: whoever had to open one would come too late to meet the others.
async fn warm_up(gateway: &Gateway) {
    if is_postgres() {
        let held = join_all((0..6).map(|_| gateway.app.store.write())).await;
        assert!(held.iter().all(Result::is_ok));
    }
}

/// A UTR of this number.
fn utr(number: u64) -> String {
    format!("4{number:011}")
}

async fn credit(gateway: &Gateway, utr: &str, amount: &str, note: &str) -> Answer {
    let body = json!({"utr": utr, "amount": amount, "payeeVpa": PAYEE, "note": note});
    gateway.post("/v1/credits", body).await
}

fn is_matched(answer: &Answer) -> bool {
    answer.json()["orderId"].is_string()
}

async fn news_of(gateway: &Gateway, id: &str) -> Vec<String> {
    let events = gateway.get("/v1/events?limit=100").await.json();
    let events = events["data"].as_array().unwrap().clone();
    let about = events.into_iter().filter(|it| it["data"]["orderId"] == id);
    about
        .map(|it| it["type"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn one_key_makes_one_order() {
    let [one, other] = two().await;
    for round in 0..ROUNDS {
        let body = json!({"amount": "499", "reference": format!("r{round}")});
        let key = format!("k{round}");
        let asked = [&one, &other, &one, &other];
        let answers = asked.map(|it| it.post_with(KEY, &key, "/v1/orders", body.clone()));
        let answers = join_all(answers).await;
        let made = answers
            .iter()
            .filter(|it| it.header("idempotent-replayed") != "true");
        assert_eq!(made.count(), 1, "{answers:?}");
        for answer in &answers {
            assert_eq!(
                (answer.status.as_u16(), &answer.text),
                (201, &answers[0].text)
            );
        }
    }
    assert_eq!(orders(&one).await.len(), usize::try_from(ROUNDS).unwrap());
}

async fn orders(gateway: &Gateway) -> Vec<Value> {
    let page = gateway.get("/v1/orders?limit=100").await.json();
    page["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn one_reference_names_one_order() {
    let [one, other] = two().await;
    for round in 0..ROUNDS {
        let body = json!({"amount": "499", "reference": format!("r{round}")});
        let (first, second) = join(
            one.post("/v1/orders", body.clone()),
            other.post("/v1/orders", body),
        )
        .await;
        let codes = BTreeSet::from([first.status.as_u16(), second.status.as_u16()]);
        assert_eq!(codes, BTreeSet::from([201, 409]));
    }
}

#[tokio::test]
async fn a_credit_that_two_report_pays_once() {
    let [one, other] = two().await;
    for round in 0..ROUNDS {
        let id = one.order("499").await;
        let utr = utr(round);
        let (first, second) = join(
            credit(&one, &utr, "499", &id),
            credit(&other, &utr, "499", &id),
        )
        .await;
        assert_eq!(first.json()["orderId"], id.as_str(), "{first:?}");
        assert_eq!(first.json(), second.json());
        assert_eq!(news_of(&one, &id).await, ["order.succeeded"]);
    }
}

#[tokio::test]
async fn two_credits_that_fit_one_order_do_not_both_pay_it() {
    let [one, other] = two().await;
    for round in 0..ROUNDS {
        let id = one.order("499").await;
        let (a, b) = (utr(2 * round), utr(2 * round + 1));
        let (first, second) =
            join(credit(&one, &a, "499", ""), credit(&other, &b, "499", "")).await;
        let paying = [&first, &second].map(is_matched);
        assert!(paying[0] ^ paying[1], "{first:?} {second:?}");
        assert_eq!(one.status(&id).await, "SUCCESS");
    }
}

#[tokio::test]
async fn a_credit_meets_the_claim_that_comes_at_the_same_moment() {
    let [one, other] = two().await;
    for round in 0..ROUNDS {
        // Two orders of one amount: only the claim says which is meant.
        let amount = format!("{}", 500 + round);
        let (meant, _) = join(one.order(&amount), one.order(&amount)).await;
        let utr = utr(round);
        let (_, answer) = join(credit(&one, &utr, &amount, ""), other.claim(&meant, &utr)).await;
        assert_eq!(answer.0, 200, "{answer:?}");
        assert_eq!(one.status(&meant).await, "SUCCESS", "round {round}");
    }
}

#[tokio::test]
async fn of_two_orders_that_claim_one_utr_one_is_paid() {
    let [one, other] = two().await;
    for round in 0..ROUNDS {
        let amount = format!("{}", 500 + round);
        let (a, b) = join(one.order(&amount), one.order(&amount)).await;
        let utr = utr(round);
        assert!(!is_matched(&credit(&one, &utr, &amount, "").await));
        let (first, second) = join(one.claim(&a, &utr), other.claim(&b, &utr)).await;
        let answers = BTreeSet::from([first, second]);
        let due = [(200, "SUCCESS"), (409, "UTR_USED")];
        assert_eq!(
            answers,
            due.map(|(status, word)| (status, word.to_owned())).into()
        );
    }
}

#[tokio::test]
async fn money_and_the_deadline_may_come_at_the_same_moment() {
    let [one, other] = two().await;
    for round in 0..ROUNDS {
        let order = json!({"amount": "499", "expiresIn": 60});
        let id = one.order_with(order).await;
        one.pass_ms(60_000);
        let utr = utr(round);
        let (paid, swept) = join(credit(&one, &utr, "499", &id), expiry::sweep(&other.app)).await;
        assert!(is_matched(&paid), "{paid:?}");
        assert!(swept.unwrap() <= 1);
        assert_eq!(one.status(&id).await, "SUCCESS");
        let moves: Vec<String> = one.moves(&id).await.into_iter().map(|it| it.0).collect();
        assert!(
            moves == ["SUCCESS"] || moves == ["EXPIRED", "SUCCESS"],
            "{moves:?}"
        );
        assert_eq!(news_of(&one, &id).await.len(), moves.len());
    }
}

#[tokio::test]
async fn an_order_expires_once() {
    let [one, other] = two().await;
    let order = || one.order_with(json!({"amount": "499", "expiresIn": 60}));
    let ids = join_all((0..20).map(|_| order())).await;
    one.pass_ms(60_000);
    let (first, second) = join(expiry::sweep(&one.app), expiry::sweep(&other.app)).await;
    assert_eq!(first.unwrap() + second.unwrap(), 20);
    for id in &ids {
        assert_eq!(news_of(&one, id).await, ["order.expired"]);
    }
}

#[tokio::test]
async fn no_two_orders_are_given_one_amount() {
    let [one, other] = two().await;
    let ids = join_all((0..24).map(|_| one.order("499"))).await;
    // Each is asked for twice.
    let asked = ids
        .iter()
        .flat_map(|id| [one.discounted(id), other.discounted(id)]);
    let granted = join_all(asked).await;
    let amounts: BTreeSet<&String> = granted.iter().collect();
    assert_eq!(amounts.len(), ids.len(), "{granted:?}");
    assert!(
        granted.chunks(2).all(|pair| pair[0] == pair[1]),
        "{granted:?}"
    );
}

#[tokio::test]
async fn what_a_page_tells_ends_at_the_limit() {
    let [one, other] = two().await;
    let id = OrderId::parse(&one.order("499").await).unwrap();
    let mut tx = one.app.store.write().await.unwrap();
    for _ in 0..497 {
        ledger::note_page_event(&mut tx, &id, "SCAN", 0)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let told = [&one, &other, &one, &other, &one, &other].map(|gateway| async {
        let mut tx = gateway.app.store.write().await.unwrap();
        let told = ledger::note_page_event(&mut tx, &id, "SCAN", 0).await;
        tx.commit().await.unwrap();
        told.is_ok()
    });
    let told = join_all(told).await;
    assert_eq!(told.iter().filter(|is_kept| **is_kept).count(), 3);
}

#[tokio::test]
async fn news_is_told_by_one_of_them() {
    let (one, shop) = webhooks::open(true).await;
    let other = one.beside().await;
    warm_up(&other).await;
    for number in 0..40 {
        let id = one.order("499").await;
        credit(&one, &utr(number), "499", &id).await;
    }
    let mut told = 0;
    while told < 40 {
        let apps = [&one.app, &other.app];
        let swept = join_all(apps.map(webhook::deliver::sweep)).await;
        let count: usize = swept.into_iter().map(Result::unwrap).sum();
        assert!(count > 0, "{told}");
        told += count;
    }
    let bodies = shop.bodies();
    let ids: BTreeSet<&str> = bodies.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!((bodies.len(), ids.len()), (40, 40));
}

#[tokio::test]
async fn phonepe_is_asked_by_one_of_them() {
    let world = World::start().await;
    let other = world.gateway.beside().await;
    warm_up(&world.gateway).await;
    warm_up(&other).await;
    let ids = join_all((0..20).map(|_| world.collect())).await;
    world.gateway.pass_ms(30_000);
    let apps = [&world.gateway.app, &other.app];
    let swept = join_all(apps.map(rails::work::sweep)).await;
    let count: usize = swept.into_iter().map(Result::unwrap).sum();
    assert_eq!(count, ids.len());
    let checks = join(status_checks(&world.gateway), status_checks(&other)).await;
    assert_eq!(checks.0 + checks.1, 20, "{checks:?}");
}

async fn status_checks(gateway: &Gateway) -> u32 {
    let numbers = gateway.open("/metrics").await.text;
    let calls = numbers
        .lines()
        .filter(|line| line.starts_with("gateway_phonepe_calls_total{call=\"status\""));
    calls
        .map(|line| line.rsplit(' ').next().unwrap().parse::<u32>().unwrap())
        .sum()
}

#[tokio::test]
async fn a_callback_and_a_status_check_may_say_the_same_at_once() {
    let world = World::start().await;
    let other = world.gateway.beside().await;
    warm_up(&world.gateway).await;
    warm_up(&other).await;
    for _ in 0..ROUNDS {
        let id = world.collect().await;
        let payment = world.payment(&id).unwrap().id;
        let now_ms = world.phonepe.now_ms();
        let told = phonepe::simulator::Telling {
            copies: 2,
            ..NOT_TOLD
        };
        assert!(
            world
                .phonepe
                .books()
                .act(now_ms, &payment, Action::Approve, told)
        );
        world.gateway.pass_ms(30_000);
        let (told, swept) = join(world.phonepe.deliver(), rails::work::sweep(&other.app)).await;
        assert_eq!(told, [200, 200]);
        // None where the callback came first.
        assert!(swept.unwrap() <= 1);
        assert_eq!(news_of(&world.gateway, &id).await, ["order.succeeded"]);
    }
}

#[tokio::test]
async fn an_order_that_changes_is_told_to_every_process() {
    let [one, other] = two().await;
    let id = one.order("499").await;
    let mut here = one.app.store.changes();
    let mut there = other.app.store.changes();
    let change = Some(Change::Order(OrderId::parse(&id).unwrap()));
    one.discounted(&id).await;
    assert_eq!(next(&mut here).await, change);
    if is_postgres() {
        assert_eq!(next(&mut there).await, change);
    }
    // What is undone is not told.
    let other_id = OrderId::parse(&one.order("499").await).unwrap();
    let mut tx = one.app.store.write().await.unwrap();
    let (now_ms, most) = (one.app.now_ms(), |_: &gateway::order::Order| 99);
    ledger::grant_discount(&mut tx, &other_id, most, now_ms)
        .await
        .unwrap();
    drop(tx);
    one.credit(UTR, "499", &id).await;
    if is_postgres() {
        // To the process itself it comes by both ways.
        assert_eq!(next(&mut there).await, change);
        assert_eq!(next(&mut here).await, change);
    }
    assert_eq!(next(&mut here).await, change);
}

/// What is told next; it must not be waited for in vain.
async fn next(changes: &mut Changes) -> Option<Change> {
    let told = tokio::time::timeout(Duration::from_secs(20), changes.next());
    told.await.unwrap()
}
