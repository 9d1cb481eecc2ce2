//! One gateway for one test: its clock stands still until the test moves it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use gateway::App;
use gateway::assets::{Assets, File};
use gateway::clock::Clock;
use gateway::merchant::{Brand, KeyHash, Merchant, Merchants};
use gateway::secret::Secret;
use gateway::store::Store;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::database::TestDatabase;

pub(crate) const START_MS: i64 = 1_800_000_000_000;
pub(crate) const KEY: &str = "uck_shop";
pub(crate) const OTHER_KEY: &str = "uck_other";
pub(crate) const PAYEE: &str = "shop@bank";
pub(crate) const UTR: &str = "435268791234";
pub(crate) const UTR_2: &str = "435268791235";

/// A clock that the test moves.
pub(crate) struct ManualClock(AtomicI64);

impl Clock for ManualClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// The page's files, made up.
pub(crate) struct Files(BTreeMap<&'static str, &'static str>);

impl Files {
    /// Nothing but this page.
    pub(crate) fn with_page(html: &'static str) -> Self {
        Self(BTreeMap::from([("index.html", html)]))
    }
}

impl Assets for Files {
    fn get(&self, path: &str) -> Option<File> {
        self.0.get(path).map(|text| File {
            bytes: Cow::Borrowed(text.as_bytes()),
            hash: format!("hash of {path}"),
        })
    }
}

pub(crate) fn merchant(id: &str, vpa: &str, key: &str) -> Merchant {
    Merchant {
        id: id.to_owned(),
        name: format!("The {id}"),
        vpa: checkout_core::vpa::Vpa::parse(vpa).unwrap(),
        mcc: None,
        api_key_hashes: vec![KeyHash::of(&Secret::new(key))],
        redirect_hosts: Vec::new(),
        parent_origins: Vec::new(),
        brand: Brand::default(),
        discount_max_paise: 99,
        order_lifetime_ms: 900_000,
        phonepe: None,
        webhook: None,
    }
}

/// What an answer was.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The HTTP status, and the code of the error in an envelope or a merchant's answer.
    pub(crate) fn code(&self) -> (u16, String) {
        let json = self.json();
        let code = json["error"]["code"].as_str().or(json["status"].as_str());
        (self.status.as_u16(), code.unwrap_or_default().to_owned())
    }
}

/// A gateway with two merchants: the shop, and another one.
pub(crate) struct Gateway {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<ManualClock>,
    gateway: gateway::Gateway,
    keys: Arc<AtomicU64>,
    /// Removed with the test.
    pub(crate) database: Arc<TestDatabase>,
}

impl Gateway {
    pub(crate) async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// A gateway that is changed before it opens.
    pub(crate) async fn with(change: impl FnOnce(&mut App)) -> Self {
        let database = TestDatabase::new();
        let store = Store::open(&database.database()).await.unwrap();
        let clock = Arc::new(ManualClock(AtomicI64::new(START_MS)));
        let merchants = Merchants::new(vec![
            merchant("shop", PAYEE, KEY),
            merchant("other", "other@bank", OTHER_KEY),
        ]);
        let files = Files(BTreeMap::from([
            (
                "index.html",
                "<!doctype html><html><head><title>t</title></head><body></body></html>",
            ),
            ("page-0123456789abcdef.js", "plain"),
            ("page-0123456789abcdef.js.br", "compressed"),
            ("page-0123456789abcdef_bg.wasm", "wasm"),
            ("embed/upi-checkout.js", "loader"),
        ]));
        let url = "https://pay.example".to_owned();
        let mut app = App::new(store, merchants, url, clock.clone(), Arc::new(files));
        change(&mut app);
        let app = Arc::new(app);
        Self {
            gateway: gateway::Gateway::new(app.clone()),
            app,
            clock,
            keys: Arc::default(),
            database: Arc::new(database),
        }
    }

    /// Another process on the same database: it shares nothing else but the time.
    pub(crate) async fn beside(&self) -> Self {
        let store = Store::open(&self.database.database()).await.unwrap();
        let app = App {
            is_sandbox: self.app.is_sandbox,
            ..App::new(
                store,
                self.app.merchants.clone(),
                self.app.public_url.clone(),
                self.clock.clone(),
                self.app.assets.clone(),
            )
        };
        let app = Arc::new(app);
        Self {
            gateway: gateway::Gateway::new(app.clone()),
            app,
            clock: self.clock.clone(),
            keys: self.keys.clone(),
            database: self.database.clone(),
        }
    }

    /// Lets time pass.
    pub(crate) fn pass_ms(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from(request, None).await
    }

    /// A request from an address.
    pub(crate) async fn send_from(&self, request: Request<Body>, peer: Option<IpAddr>) -> Answer {
        let response = self.gateway.answer(request, peer).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// A GET without a key.
    pub(crate) async fn open(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// A GET of the shop's back end.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_as(KEY, path).await
    }

    pub(crate) async fn get_as(&self, key: &str, path: &str) -> Answer {
        let request = Request::get(path).header("authorization", format!("Bearer {key}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A POST of the shop's back end, with an idempotency key of its own.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_as(KEY, path, body).await
    }

    pub(crate) async fn post_as(&self, key: &str, path: &str, body: Value) -> Answer {
        let number = self.keys.fetch_add(1, Ordering::SeqCst);
        self.post_with(key, &format!("key {number}"), path, body)
            .await
    }

    pub(crate) async fn post_with(
        &self,
        key: &str,
        idempotency_key: &str,
        path: &str,
        body: Value,
    ) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("authorization", format!("Bearer {key}"))
            .header("idempotency-key", idempotency_key)
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// One of the five calls, as the page makes it.
    pub(crate) async fn call(&self, name: &str, body: Value) -> Answer {
        self.call_raw(name, body.to_string()).await
    }

    pub(crate) async fn call_raw(&self, name: &str, body: impl Into<Body>) -> Answer {
        let path = format!("/api/order/{name}");
        self.send(Request::post(path).body(body.into()).unwrap())
            .await
    }

    /// An order of the shop; its id.
    pub(crate) async fn order(&self, amount: &str) -> String {
        self.order_with(json!({"amount": amount})).await
    }

    /// An order of the shop with fields of choice; its id.
    pub(crate) async fn order_with(&self, mut fields: Value) -> String {
        if fields["reference"].is_null() {
            let number = self.keys.fetch_add(1, Ordering::SeqCst);
            fields["reference"] = format!("reference {number}").into();
        }
        let answer = self.post("/v1/orders", fields).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    /// Asks for the discount; what is to be paid.
    pub(crate) async fn discounted(&self, id: &str) -> String {
        let answer = self.call("discount", json!({"id": id})).await.json();
        answer["model"]["userPayAmount"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Money comes to the shop; the credit.
    pub(crate) async fn credit(&self, utr: &str, amount: &str, note: &str) -> Value {
        let body = json!({"utr": utr, "amount": amount, "payeeVpa": PAYEE, "note": note});
        let answer = self.post("/v1/credits", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    /// The customer types a UTR; HTTP status and code, or the order's status.
    pub(crate) async fn claim(&self, id: &str, utr: &str) -> (u16, String) {
        let answer = self.call("utr", json!({"id": id, "userUtrNo": utr})).await;
        match answer.json()["model"]["status"].as_str() {
            Some(status) => (answer.status.as_u16(), status.to_owned()),
            None => answer.code(),
        }
    }

    /// Where an order stands, as its page sees it.
    pub(crate) async fn status(&self, id: &str) -> String {
        let answer = self.call("result", json!({"id": id})).await.json();
        answer["model"]["status"].as_str().unwrap().to_owned()
    }

    /// The kinds of the merchant's news so far, the oldest first.
    pub(crate) async fn news(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT type FROM outbox ORDER BY seq")
            .fetch_all(&mut *self.app.store.read().await.unwrap())
            .await
            .unwrap()
    }

    /// The inputs that have moved an order.
    pub(crate) async fn moves(&self, id: &str) -> Vec<(String, String)> {
        let events = self.get(&format!("/v1/orders/{id}/events")).await.json();
        let moves = events["data"].as_array().unwrap().iter();
        moves
            .filter(|event| event["kind"] == "status")
            .map(|event| {
                let text = |key: &str| event[key].as_str().unwrap().to_owned();
                (text("detail"), text("cause"))
            })
            .collect()
    }
}
