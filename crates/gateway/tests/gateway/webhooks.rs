//! News reaches the merchant: signed, at least once, tried for three days, and never out of sight.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, post};
use gateway::merchant::Merchants;
use gateway::secret::Secret;
use gateway::webhook::deliver::{TRIED_FOR_MS, sweep};
use gateway::webhook::{Webhook, sign};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::harness::{Gateway, KEY, OTHER_KEY, PAYEE, UTR, merchant};

const SECRET: &str = "whsec_0123456789abcdef01234567";

/// What the shop answers.
#[derive(Clone, Copy)]
enum Mood {
    Well,
    Broken,
    Elsewhere,
}

/// What a shop got: headers and raw body.
type Letter = (HeaderMap, String);

/// The shop's own server.
pub(crate) struct Shop {
    mood: Mutex<Mood>,
    letters: Mutex<Vec<Letter>>,
    strays: Mutex<u32>,
}

impl Shop {
    fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap().clone()
    }

    pub(crate) fn bodies(&self) -> Vec<Value> {
        let letters = self.letters();
        let bodies = letters.iter().map(|(_, body)| serde_json::from_str(body));
        bodies.collect::<Result<_, _>>().unwrap()
    }

    fn is_now(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

async fn hear(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    shop.letters.lock().unwrap().push((headers, body));
    let mood = *shop.mood.lock().unwrap();
    match mood {
        Mood::Well => StatusCode::NO_CONTENT.into_response(),
        Mood::Broken => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Elsewhere => Redirect::permanent("/elsewhere").into_response(),
    }
}

async fn stray(State(shop): State<Arc<Shop>>) -> StatusCode {
    *shop.strays.lock().unwrap() += 1;
    StatusCode::NO_CONTENT
}

/// A gateway and a shop that hears of its orders; `is_sandbox` lets it be on this very machine.
pub(crate) async fn open(is_sandbox: bool) -> (Gateway, Arc<Shop>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let shop = Arc::new(Shop {
        mood: Mutex::new(Mood::Well),
        letters: Mutex::default(),
        strays: Mutex::default(),
    });
    let router = Router::new()
        .route("/hook", post(hear))
        .route("/elsewhere", any(stray))
        .with_state(shop.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let gateway = Gateway::with(|app| {
        let mut merchant_of_shop = merchant("shop", PAYEE, KEY);
        merchant_of_shop.webhook = Some(Webhook {
            url: url.parse().unwrap(),
            secrets: vec![Secret::new(SECRET)],
        });
        let other = merchant("other", "other@bank", OTHER_KEY);
        app.merchants = Merchants::new(vec![merchant_of_shop, other]);
        app.is_sandbox = is_sandbox;
    })
    .await;
    (gateway, shop)
}

async fn pay(gateway: &Gateway) -> String {
    let id = gateway.order("499").await;
    gateway.credit(UTR, "499", &id).await;
    id
}

async fn events(gateway: &Gateway, query: &str) -> Vec<Value> {
    let answer = gateway.get(&format!("/v1/events{query}")).await.json();
    answer["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn news_is_told_once_signed_and_in_so_many_words() {
    let (gateway, shop) = open(true).await;
    let id = pay(&gateway).await;
    assert_eq!(sweep(&gateway.app).await.unwrap(), 1);
    assert_eq!(sweep(&gateway.app).await.unwrap(), 0);
    let (headers, body) = shop.letters().remove(0);
    let told: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(told["type"], "order.succeeded");
    assert_eq!(
        told["data"],
        json!({"orderId": id, "reference": "reference 0", "amount": "499.00", "flow": "upi", "utr": UTR})
    );
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["checkout-event"], told["id"].as_str().unwrap());
    let secrets = [Secret::new(SECRET)];
    let signature = sign::sign(&secrets, gateway.app.now_ms(), &body);
    assert_eq!(headers[sign::SIGNATURE], signature.as_str());
    let seen = &events(&gateway, "").await[0];
    assert_eq!(
        (&seen["state"], &seen["tries"]),
        (&json!("delivered"), &json!(1))
    );
    assert_eq!(seen["id"], told["id"]);
    assert_eq!(seen["data"], told["data"]);
}

#[tokio::test]
async fn every_kind_of_news_is_told() {
    let (gateway, shop) = open(true).await;
    pay(&gateway).await;
    gateway
        .order_with(json!({"amount": "5", "expiresIn": 60}))
        .await;
    gateway.credit("500000000001", "7", "").await;
    gateway.pass_ms(60_000);
    gateway::expiry::sweep(&gateway.app).await.unwrap();
    assert_eq!(sweep(&gateway.app).await.unwrap(), 3);
    let mut kinds: Vec<String> = shop
        .bodies()
        .iter()
        .map(|it| it["type"].as_str().unwrap().to_owned())
        .collect();
    kinds.sort();
    assert_eq!(
        kinds,
        ["credit.unmatched", "order.expired", "order.succeeded"]
    );
}

#[tokio::test]
async fn a_shop_that_is_down_is_told_later_with_growing_gaps() {
    let (gateway, shop) = open(true).await;
    shop.is_now(Mood::Broken);
    pay(&gateway).await;
    let mut tried_at = Vec::new();
    for second in 0..1_000_u64 {
        if sweep(&gateway.app).await.unwrap() > 0 {
            tried_at.push(second);
        }
        gateway.pass_ms(1_000);
    }
    let gaps: Vec<u64> = tried_at.windows(2).map(|it| it[1] - it[0]).collect();
    assert_eq!(gaps.len(), 5, "{gaps:?}");
    for (gap, least) in gaps.iter().zip([5, 15, 45, 135, 405]) {
        assert!((least..=least + least / 10 + 1).contains(gap), "{gaps:?}");
    }
    let waiting = &events(&gateway, "?state=waiting").await[0];
    assert_eq!(waiting["lastAnswer"], "answered 503");
    assert_eq!(waiting["tries"], 6);
    shop.is_now(Mood::Well);
    gateway.pass_ms(3_600_000);
    assert_eq!(sweep(&gateway.app).await.unwrap(), 1);
    assert_eq!(events(&gateway, "?state=waiting").await.len(), 0);
    // Every try told the very same.
    let letters = shop.letters();
    assert_eq!(letters.len(), 7);
    assert!(letters.iter().all(|(_, body)| *body == letters[0].1));
}

#[tokio::test]
async fn after_three_days_it_is_given_up_and_stays_in_sight() {
    let (gateway, shop) = open(true).await;
    shop.is_now(Mood::Broken);
    pay(&gateway).await;
    let mut last_try_ms = 0;
    for hour in 0..100 {
        if sweep(&gateway.app).await.unwrap() > 0 {
            last_try_ms = hour * 3_600_000;
        }
        gateway.pass_ms(3_600_000);
    }
    assert!(last_try_ms > TRIED_FOR_MS - 10 * 3_600_000 && last_try_ms <= TRIED_FOR_MS);
    let given_up = &events(&gateway, "?state=given-up").await[0];
    assert_eq!(given_up["lastAnswer"], "answered 503");
    assert_eq!(events(&gateway, "?state=delivered").await.len(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (gateway, shop) = open(true).await;
    shop.is_now(Mood::Elsewhere);
    pay(&gateway).await;
    sweep(&gateway.app).await.unwrap();
    assert_eq!(*shop.strays.lock().unwrap(), 0);
    assert_eq!(events(&gateway, "").await[0]["lastAnswer"], "answered 308");
}

#[tokio::test]
async fn outside_the_sandbox_nothing_is_sent_to_this_machine() {
    let (gateway, shop) = open(false).await;
    pay(&gateway).await;
    sweep(&gateway.app).await.unwrap();
    assert_eq!(shop.letters().len(), 0);
    let waiting = &events(&gateway, "").await[0];
    assert_eq!(waiting["state"], "waiting");
    assert_eq!(waiting["lastAnswer"], "the address is not https");
}

#[tokio::test]
async fn without_a_webhook_news_waits_in_sight_and_costs_nothing() {
    let gateway = Gateway::start().await;
    pay(&gateway).await;
    assert_eq!(sweep(&gateway.app).await.unwrap(), 1);
    assert_eq!(sweep(&gateway.app).await.unwrap(), 0);
    let waiting = &events(&gateway, "").await[0];
    assert_eq!(
        (&waiting["state"], &waiting["tries"]),
        (&json!("waiting"), &json!(0))
    );
    gateway.pass_ms(TRIED_FOR_MS);
    sweep(&gateway.app).await.unwrap();
    assert_eq!(events(&gateway, "").await[0]["state"], "given-up");
}

#[tokio::test]
async fn a_merchant_sees_its_own_news_only_page_by_page() {
    let (gateway, _shop) = open(true).await;
    for number in 1..=3 {
        gateway
            .credit(&format!("50000000000{number}"), "7", "")
            .await;
    }
    let first = gateway.get("/v1/events?limit=2").await.json();
    assert_eq!(first["data"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap();
    let second = gateway
        .get(&format!("/v1/events?limit=2&after={next}"))
        .await
        .json();
    assert_eq!(second["data"][0]["data"]["utr"], "500000000001");
    assert!(second["next"].is_null());
    let others = gateway.get_as(OTHER_KEY, "/v1/events").await.json();
    assert_eq!(others["data"], json!([]));
    assert_eq!(gateway.get("/v1/events?state=lost").await.status, 400);
}

#[tokio::test]
async fn a_process_that_dies_after_sending_sends_it_again() {
    let (gateway, shop) = open(true).await;
    pay(&gateway).await;
    sweep(&gateway.app).await.unwrap();
    // As a process leaves it that was killed before it could note the answer.
    let mut tx = gateway.app.store.write().await.unwrap();
    sqlx::query("UPDATE outbox SET delivered_at_ms = NULL")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(sweep(&gateway.app).await.unwrap(), 0);
    gateway.pass_ms(30_000);
    assert_eq!(sweep(&gateway.app).await.unwrap(), 1);
    let bodies = shop.bodies();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
}
