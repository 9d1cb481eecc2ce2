//! Everything that can go wrong between the gateway and PhonePe: nothing is lost, nothing is invented.

use gateway::App;
use gateway::rails::work::sweep;
use phonepe::answer::Code;
use phonepe::simulator::{Action, Fault, On, Telling};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::{NOT_TOLD, World};

/// All faults of one call.
fn faults() -> Vec<Fault> {
    vec![
        Fault::ErrorButDone,
        Fault::SilenceButDone,
        Fault::Silence,
        Fault::Answer(Code::InternalServerError),
        Fault::Answer(Code::InvalidTransactionId),
        Fault::Answer(Code::Unknown("SOMETHING_NEW".to_owned())),
    ]
}

async fn start(world: &World, flow: &str) -> String {
    match flow {
        "debit" => world.debit().await,
        "collect" => world.collect().await,
        _ => {
            let phonepe = json!({"instrument": "qr", "userId": "U1", "workflow": "TRANSACTION",
                "subscriptionId": "OMS1"});
            world.order("phonepe_autopay", phonepe).await
        }
    }
}

#[tokio::test]
async fn a_start_that_goes_wrong_is_made_good() {
    for flow in ["debit", "collect", "autopay"] {
        for fault in faults() {
            let world = World::start().await;
            world.phonepe.books().misbehave(On::Start, fault.clone());
            let id = start(&world, flow).await;
            let needs_link = flow != "collect";
            let mut looks = 0;
            loop {
                let order = world.seen(&id).await;
                assert_eq!(order["status"], "PENDING", "{flow} {fault:?}");
                let has_link = order["deeplink"] != "";
                if world.payment(&id).is_some() && (has_link || !needs_link) {
                    break;
                }
                looks += 1;
                assert!(looks < 20, "{flow} {fault:?}");
                world.pass_ms(1_000).await;
            }
            // Whoever follows the link pays the newest attempt.
            let payment = world.payment(&id).unwrap();
            let order = world.seen(&id).await;
            if flow == "debit" {
                let link = order["deeplink"].as_str().unwrap().to_owned();
                assert!(link.ends_with(&payment.token), "{fault:?}");
            }
            assert_eq!(world.approve(&id).await, [200], "{flow} {fault:?}");
            assert_eq!(
                world.seen(&id).await["status"],
                "SUCCESS",
                "{flow} {fault:?}"
            );
            assert_eq!(world.gateway.news().await, ["order.succeeded"]);
        }
    }
}

#[tokio::test]
async fn a_customer_is_never_asked_twice() {
    for fault in faults() {
        let world = World::start().await;
        world.phonepe.books().misbehave(On::Start, fault.clone());
        let id = world.collect().await;
        for _ in 0..40 {
            world.pass_ms(1_000).await;
        }
        assert_eq!(world.phonepe.books().payments().count(), 1, "{fault:?}");
        assert_eq!(world.payment(&id).unwrap().id, id, "{fault:?}");
    }
}

#[tokio::test]
async fn a_status_check_that_goes_wrong_says_nothing() {
    for fault in [
        Fault::ErrorButDone,
        Fault::Silence,
        Fault::Answer(Code::InternalServerError),
        Fault::Answer(Code::PaymentPending),
        Fault::Answer(Code::TransactionNotFound),
        Fault::Answer(Code::AuthorizationFailed),
        Fault::Answer(Code::PaymentError),
    ] {
        let world = World::start().await;
        let id = world.debit().await;
        world.phonepe.books().misbehave(On::Status, fault.clone());
        world.act(&id, Action::Approve, NOT_TOLD).await;
        world.pass_ms(25_000).await;
        assert_eq!(world.status_checks().await, 1, "{fault:?}");
        assert_eq!(world.seen(&id).await["status"], "PENDING", "{fault:?}");
        world.pass_ms(3_000).await;
        assert_eq!(world.seen(&id).await["status"], "SUCCESS", "{fault:?}");
    }
}

#[tokio::test]
async fn a_lost_link_is_asked_for_again_and_the_first_one_counts_too() {
    let world = World::start().await;
    world
        .phonepe
        .books()
        .misbehave(On::Start, Fault::ErrorButDone);
    let id = world.debit().await;
    assert_eq!(world.seen(&id).await["deeplink"], "");
    for _ in 0..5 {
        world.pass_ms(1_000).await;
    }
    let second = format!("{id}a2");
    assert_eq!(world.payment(&id).unwrap().id, second);
    let now_ms = world.phonepe.now_ms();
    let told = Telling::default();
    // That the first one fails does not matter to a customer who is paying the second.
    assert!(world.phonepe.books().act(now_ms, &id, Action::Expire, told));
    assert_eq!(world.phonepe.deliver().await, [200]);
    assert_eq!(world.seen(&id).await["status"], "PENDING");
    // That it is paid after all does.
    assert!(
        world
            .phonepe
            .books()
            .act(now_ms, &id, Action::Approve, told)
    );
    assert_eq!(world.phonepe.deliver().await, [200]);
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");
    // Somebody is owed the second payment: operators hear of it.
    assert!(
        world
            .phonepe
            .books()
            .act(now_ms, &second, Action::Approve, told)
    );
    assert_eq!(world.phonepe.deliver().await, [200]);
    let twice = "gateway_phonepe_reports_total{source=\"callback\",outcome=\"paid-twice\"}";
    assert_eq!(world.number(twice).await, 1);
    assert_eq!(world.gateway.news().await, ["order.succeeded"]);
}

#[tokio::test]
async fn an_order_whose_every_link_is_lost_ends_and_money_still_counts() {
    let world = World::start().await;
    for _ in 0..3 {
        let mut books = world.phonepe.books();
        books.misbehave(On::Start, Fault::ErrorButDone);
    }
    let id = world.debit().await;
    assert_eq!(world.seen(&id).await["status"], "PENDING");
    for _ in 0..15 {
        world.pass_ms(1_000).await;
    }
    let seen = world.seen(&id).await;
    assert_eq!(
        (&seen["status"], &seen["deeplink"]),
        (&"FAILED".into(), &"".into())
    );
    assert!(
        seen["message"].as_str().unwrap().contains("start again"),
        "{seen}"
    );
    assert_eq!(world.payment(&id).unwrap().id, format!("{id}a3"));
    // PhonePe has three payments that nobody can see. One is paid after all.
    let (now_ms, told) = (world.phonepe.now_ms(), Telling::default());
    let second = format!("{id}a2");
    assert!(
        world
            .phonepe
            .books()
            .act(now_ms, &second, Action::Approve, told)
    );
    assert_eq!(world.phonepe.deliver().await, [200]);
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");
    assert_eq!(
        world.gateway.news().await,
        ["order.failed", "order.succeeded"]
    );
}

#[tokio::test]
async fn whoever_dies_between_request_and_answer_finds_it_again() {
    for is_sent in [false, true] {
        let world = World::start().await;
        // As a process leaves it that was killed: stored, taken, and perhaps sent.
        let fault = if is_sent {
            Fault::SilenceButDone
        } else {
            Fault::Silence
        };
        world.phonepe.books().misbehave(On::Start, fault);
        let id = world.collect().await;
        let app: &App = &world.gateway.app;
        let mut tx = app.store.write().await.unwrap();
        let lease_ends = app.now_ms() + 30_000;
        sqlx::query("UPDATE phonepe_attempts SET state = 'unsure', tries = 0, next_at_ms = $1")
            .bind(lease_ends)
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        // While its lease runs nobody else takes it.
        assert_eq!(sweep(&world.gateway.app).await.unwrap(), 0);
        assert_eq!(world.status_checks().await, 0);
        world.pass_ms(30_000).await;
        assert_eq!(world.status_checks().await, 1);
        for _ in 0..3 {
            world.pass_ms(1_000).await;
        }
        assert_eq!(world.phonepe.books().payments().count(), 1);
        world.approve(&id).await;
        assert_eq!(world.seen(&id).await["status"], "SUCCESS", "{is_sent}");
    }
}

#[tokio::test]
async fn a_phonepe_that_is_down_is_left_alone_for_a_while() {
    let world = World::start().await;
    for _ in 0..5 {
        world.phonepe.books().misbehave(On::Start, Fault::Silence);
        world.collect().await;
    }
    let calls = |outcome: &str| {
        format!("gateway_phonepe_calls_total{{call=\"start\",outcome=\"{outcome}\"}}")
    };
    assert_eq!(world.number(&calls("silent")).await, 5);
    assert_eq!(
        world
            .number("gateway_phonepe_breakers{state=\"resting\"}")
            .await,
        1
    );
    // The order is made all the same, and waits.
    let id = world.debit().await;
    assert_eq!(world.seen(&id).await["status"], "PENDING");
    assert_eq!(world.number(&calls("answered")).await, 0);
    assert!(world.payment(&id).is_none());
    let mut looks = 0;
    while world.seen(&id).await["deeplink"] == "" {
        looks += 1;
        assert!(looks < 90);
        world.pass_ms(1_000).await;
    }
    assert!(looks >= 25, "{looks} s");
    assert_eq!(
        world
            .number("gateway_phonepe_breakers{state=\"resting\"}")
            .await,
        0
    );
    // The five that were never answered are asked for, once each.
    for _ in 0..90 {
        world.pass_ms(1_000).await;
    }
    assert_eq!(world.phonepe.books().payments().count(), 6);
}

#[tokio::test]
async fn a_status_check_that_never_says_anything_is_not_waited_for() {
    for (fault, number) in [(Fault::ErrorButDone, "a2"), (Fault::Silence, "")] {
        for flow in ["debit", "collect", "autopay"] {
            let world = World::start().await;
            world.phonepe.books().misbehave(On::Start, fault.clone());
            for _ in 0..40 {
                let word = Code::Unknown("AUTH_REQUEST_UNHEARD_OF".to_owned());
                world
                    .phonepe
                    .books()
                    .misbehave(On::Status, Fault::Answer(word));
            }
            let id = start(&world, flow).await;
            for _ in 0..100 {
                world.pass_ms(1_000).await;
            }
            let payment = world.payment(&id).unwrap();
            let needs_link = flow != "collect";
            let suffix = if needs_link { number } else { "" };
            assert_eq!(payment.id, format!("{id}{suffix}"), "{flow} {fault:?}");
            assert_eq!(world.seen(&id).await["deeplink"] != "", needs_link);
            assert_eq!(world.approve(&id).await, [200]);
            assert_eq!(
                world.seen(&id).await["status"],
                "SUCCESS",
                "{flow} {fault:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_order_whose_maker_died_at_once_is_taken_up() {
    let world = World::start().await;
    let shop = world.shop();
    let app = &world.gateway.app;
    let ask = gateway::rails::ask::Ask::read(gateway::order::Flow::PhonepeDebit, json!({}));
    let new = gateway::ledger::NewOrder {
        amount: checkout_core::money::Paise::new(49_900).unwrap(),
        reference: "a".to_owned(),
        success_url: None,
        note: None,
        lifetime_ms: Some(900_000),
        ask: ask.unwrap(),
    };
    let mut tx = app.store.write().await.unwrap();
    let order = gateway::ledger::create(&mut tx, &shop, new, app.now_ms()).await;
    tx.commit().await.unwrap();
    let id = order.unwrap().id.to_string();
    // Its maker goes first.
    world.pass_ms(2_999).await;
    assert!(world.payment(&id).is_none());
    world.pass_ms(1).await;
    assert!(world.payment(&id).is_some());
    assert_ne!(world.seen(&id).await["deeplink"], "");
}

#[tokio::test]
async fn while_a_call_is_under_way_the_database_says_so() {
    let (silent, url) = super::port().await;
    let gateway = crate::harness::Gateway::with(|app| {
        let mut shop = crate::harness::merchant("shop", "shop@bank", crate::harness::KEY);
        shop.phonepe = Some(gateway::sandbox::phonepe::account_at(&url));
        app.merchants = gateway::merchant::Merchants::new(vec![shop]);
    })
    .await;
    let order = json!({"amount": "499", "reference": "a", "flow": "phonepe_debit"});
    // Held open: the call hangs.
    let _held = tokio::select! {
        answer = gateway.post("/v1/orders", order) => panic!("{answer:?}"),
        // The call has come, and nobody answers it: whoever is killed now leaves this behind.
        connection = silent.accept() => connection.unwrap(),
    };
    let mut conn = gateway.app.store.read().await.unwrap();
    let kept: (String, Option<i64>, i64) =
        sqlx::query_as("SELECT state, started_at_ms, next_at_ms FROM phonepe_attempts")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
    let now_ms = gateway.app.now_ms();
    assert_eq!(kept, ("unsure".to_owned(), Some(now_ms), now_ms + 30_000));
}

#[tokio::test]
async fn whoever_outlives_its_lease_leaves_the_rest_to_the_next() {
    let (silent, url) = super::port().await;
    let gateway = crate::harness::Gateway::with(|app| {
        let mut shop = crate::harness::merchant("shop", "shop@bank", crate::harness::KEY);
        shop.phonepe = Some(gateway::sandbox::phonepe::account_at(&url));
        app.merchants = gateway::merchant::Merchants::new(vec![shop]);
    })
    .await;
    let other = gateway.beside().await;
    let order = json!({"amount": "499", "reference": "a", "flow": "phonepe_debit"});
    let first = gateway.post("/v1/orders", order);
    let second = async {
        let (mut slow, _) = silent.accept().await.unwrap();
        slow.readable().await.unwrap();
        gateway.pass_ms(30_000);
        let app = other.app.clone();
        let next = tokio::spawn(async move { sweep(&app).await });
        // The next one's call is under way; now the first one's answer comes.
        let held = silent.accept().await.unwrap();
        let answer = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n";
        slow.write_all(answer).await.unwrap();
        (slow, held, next)
    };
    let (made, _held) = tokio::join!(first, second);
    assert_eq!(made.status, 201);
    let mut conn = gateway.app.store.read().await.unwrap();
    let kept: (i64, i64) = sqlx::query_as("SELECT tries, next_at_ms FROM phonepe_attempts")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(kept, (0, gateway.app.now_ms() + 30_000));
}
