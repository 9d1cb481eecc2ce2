//! What PhonePe tells by itself: forged, twice, late, out of order, and about something else.

use axum::body::Body;
use axum::http::Request;
use phonepe::simulator::{Action, Forgery, State, Telling};
use serde_json::json;

use super::{NOT_TOLD, World};

#[tokio::test]
async fn a_forged_callback_moves_nothing() {
    let world = World::start().await;
    let id = world.debit().await;
    for (forgery, answered) in [
        (Forgery::Key, 401),
        (Forgery::Content, 401),
        // Signed rightly, but about another amount: PhonePe's own mistake, and no payment of ours.
        (Forgery::Amount, 200),
    ] {
        let now_ms = world.phonepe.now_ms();
        assert!(world.phonepe.books().forge(now_ms, &id, forgery));
        assert_eq!(world.phonepe.deliver().await, [answered], "{forgery:?}");
        assert_eq!(world.seen(&id).await["status"], "PENDING", "{forgery:?}");
    }
    assert_eq!(world.gateway.news().await, [] as [&str; 0]);
    let reports = |outcome: &str| {
        format!("gateway_phonepe_reports_total{{source=\"callback\",outcome=\"{outcome}\"}}")
    };
    assert_eq!(world.number(&reports("forged")).await, 2);
    assert_eq!(world.number(&reports("differs")).await, 1);
}

#[tokio::test]
async fn a_callback_twice_late_or_out_of_order_moves_an_order_once() {
    let world = World::start().await;
    let id = world.debit().await;
    let twice_and_late = Telling {
        delay_ms: 60_000,
        copies: 2,
    };
    world.act(&id, Action::Fail, twice_and_late).await;
    assert_eq!(world.seen(&id).await["status"], "PENDING");
    let twice = Telling {
        delay_ms: 0,
        copies: 2,
    };
    assert_eq!(world.act(&id, Action::Approve, twice).await, [200, 200]);
    world.gateway.pass_ms(60_000);
    // The older news arrives last.
    assert_eq!(world.phonepe.deliver().await, [200, 200]);
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");
    assert_eq!(world.gateway.news().await, ["order.succeeded"]);
    let paid = format!("phonepe:{id}:paid");
    assert_eq!(
        world.gateway.moves(&id).await,
        [("SUCCESS".to_owned(), paid)]
    );
}

#[tokio::test]
async fn a_success_after_a_failure_is_taken() {
    let world = World::start().await;
    let id = world.collect().await;
    world.act(&id, Action::Decline, Telling::default()).await;
    assert_eq!(world.seen(&id).await["status"], "FAILED");
    world.approve(&id).await;
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");
    assert_eq!(
        world.gateway.news().await,
        ["order.failed", "order.succeeded"]
    );
}

async fn post(world: &World, merchant: &str, x_verify: &str, body: &str) -> u16 {
    let request = Request::post(format!("/callbacks/phonepe/{merchant}"))
        .header("x-verify", x_verify)
        .body(Body::from(body.to_owned()));
    world.gateway.send(request.unwrap()).await.status.as_u16()
}

#[tokio::test]
async fn what_is_no_callback_is_refused() {
    let world = World::start().await;
    let id = world.debit().await;
    let now_ms = world.phonepe.now_ms();
    world
        .phonepe
        .books()
        .act(now_ms, &id, Action::Approve, Telling::default());
    let real = world.phonepe.books().take_due(now_ms).remove(0);
    for (merchant, x_verify, body, status) in [
        ("shop", real.x_verify.as_str(), "", 400),
        ("shop", &real.x_verify, "{}", 400),
        ("shop", "", &real.body, 401),
        (
            "shop",
            &real.x_verify.replace("###1", "###2"),
            &real.body,
            401,
        ),
        // Another merchant of this gateway, who has no account; and nobody.
        ("other", &real.x_verify, &real.body, 404),
        ("nobody", &real.x_verify, &real.body, 404),
    ] {
        assert_eq!(
            post(&world, merchant, x_verify, body).await,
            status,
            "{body}"
        );
        assert_eq!(world.seen(&id).await["status"], "PENDING");
    }
    assert_eq!(post(&world, "shop", &real.x_verify, &real.body).await, 200);
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");
    let document: serde_json::Value =
        serde_json::from_str(gateway::http::openapi::DOCUMENT).unwrap();
    let described = &document["paths"]["/callbacks/phonepe/{merchant}"]["post"]["responses"];
    for status in ["200", "400", "401", "404", "500"] {
        assert!(described[status].is_object());
    }
}

#[tokio::test]
async fn a_payment_that_is_not_ours_is_counted_and_answered() {
    let world = World::start().await;
    let body = json!({"code": "PAYMENT_SUCCESS", "data": {
        "merchantId": "DEMOMERCHANT", "transactionId": "T".repeat(32), "amount": 49_900}});
    let response = phonepe::call::encode(&body).unwrap();
    let phonepe = world.gateway.app.merchants.get("shop").unwrap();
    let salts = &phonepe.phonepe.as_ref().unwrap().account.salts;
    let x_verify = salts.sign_callback(&response);
    let body = json!({ "response": response }).to_string();
    assert_eq!(post(&world, "shop", &x_verify, &body).await, 200);
}

/// A small generator of its own: the same histories in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[tokio::test]
async fn in_no_history_does_an_order_move_wrongly() {
    let world = World::start().await;
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut orders = Vec::new();
    for _ in 0..12 {
        orders.push(world.debit().await);
        orders.push(world.collect().await);
    }
    let mut stood = vec!["PENDING".to_owned(); orders.len()];
    for _ in 0..150 {
        let which = usize::try_from(dice.roll(24)).unwrap();
        let id = orders[which].clone();
        let now_ms = world.phonepe.now_ms();
        // What PhonePe has called failed it does not take back in silence.
        let is_over = world.payment(&id).unwrap().state != State::Pending;
        let telling = Telling {
            delay_ms: i64::try_from(dice.roll(3) * 40_000).unwrap(),
            copies: u8::try_from(dice.roll(3)).unwrap().max(u8::from(is_over)),
        };
        let action = [
            Action::Approve,
            Action::Decline,
            Action::Fail,
            Action::Expire,
        ];
        let action = action[usize::try_from(dice.roll(4)).unwrap()];
        let forgery = [Forgery::Key, Forgery::Content, Forgery::Amount];
        let forgery = forgery[usize::try_from(dice.roll(3)).unwrap()];
        match dice.roll(3) {
            0 => drop(world.phonepe.books().act(now_ms, &id, action, telling)),
            1 => drop(world.phonepe.books().forge(now_ms, &id, forgery)),
            _ => {
                world
                    .pass_ms(i64::try_from(dice.roll(30) * 1_000).unwrap())
                    .await
            }
        }
        world.phonepe.deliver().await;
        let now = world.seen(&id).await["status"].as_str().unwrap().to_owned();
        let is_paid = world.payment(&id).unwrap().state == State::Paid;
        let before = std::mem::replace(&mut stood[which], now.clone());
        assert!(now != "SUCCESS" || is_paid, "{id} was never paid");
        assert!(before != "SUCCESS" || now == "SUCCESS", "{id} left SUCCESS");
        assert!(before == "PENDING" || now != "PENDING", "{id} went back");
    }
    // At the end every order agrees with PhonePe's books.
    for id in &orders {
        let now_ms = world.phonepe.now_ms();
        let open = world.payment(id).unwrap().state == State::Pending;
        if open {
            world
                .phonepe
                .books()
                .act(now_ms, id, Action::Approve, NOT_TOLD);
        }
    }
    for _ in 0..4 {
        world.pass_ms(60_000).await;
        world.phonepe.deliver().await;
    }
    for id in &orders {
        let is_paid = world.payment(id).unwrap().state == State::Paid;
        let status = world.seen(id).await["status"].clone();
        assert_eq!(status == "SUCCESS", is_paid, "{id}: {status}");
    }
}
