//! The real program, killed again and again while 200 payments go through a PhonePe that misbehaves:
//! afterwards the orders agree with PhonePe's books, and the shop has heard of each. On PostgreSQL it
//! runs three times, and a customer meets now this process and now that one.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use gateway::clock::SystemClock;
use gateway::sandbox::PAYEE;
use gateway::sandbox::phonepe::Played;
use phonepe::answer::Code;
use phonepe::simulator::{Action, Fault, On, Payment, State as Stand, Telling};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::database::{TestDatabase, is_postgres};

const WORKERS: u64 = 8;
const PAYMENTS_EACH: u64 = 25;
/// For each process.
const KILLS: u64 = 8;

/// How long the customers may take, after the last kill.
const BOUGHT_WITHIN: Duration = Duration::from_secs(180);

/// How long everything may take to come right: a lease, and the first steps of the ladder.
const SETTLED_WITHIN: Duration = Duration::from_secs(120);

/// A small generator of its own.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// What the shop heard, by order.
type Heard = Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>;

async fn hear(State(heard): State<Heard>, body: Bytes) {
    let told: Value = serde_json::from_slice(&body).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (order, kind) = (text(&told["data"]["orderId"]), text(&told["type"]));
    heard.lock().unwrap().entry(order).or_default().insert(kind);
}

async fn port() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// A gateway's process, on the same port and database each time.
struct Running {
    child: Child,
    address: String,
    database: String,
    phonepe: String,
    shop: String,
}

impl Running {
    fn spawn(address: &str, database: &str, phonepe: &str, shop: &str) -> (Child, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gateway"))
            .args(["serve", "--sandbox", "--listen", address, "--database"])
            .arg(database)
            .env("UPI_CHECKOUT_SANDBOX_PHONEPE", phonepe)
            .env("UPI_CHECKOUT_SANDBOX_WEBHOOK", format!("{shop}/hook"))
            .env("RUST_LOG", "off")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let bound = line.trim().strip_prefix("listening on http://").unwrap();
        (child, bound.to_owned())
    }

    fn start(database: &str, phonepe: &str, shop: &str) -> Self {
        let (child, address) = Self::spawn("127.0.0.1:0", database, phonepe, shop);
        Self {
            child,
            address,
            database: database.to_owned(),
            phonepe: phonepe.to_owned(),
            shop: shop.to_owned(),
        }
    }

    fn kill_and_start_again(&mut self) {
        // SIGKILL.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let (child, _) = Self::spawn(&self.address, &self.database, &self.phonepe, &self.shop);
        self.child = child;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A shop's back end and its customers.
#[derive(Clone)]
struct Customers {
    client: reqwest::Client,
    urls: Vec<String>,
    next: Arc<AtomicUsize>,
    phonepe: Arc<Played>,
}

/// Asks again and again, until there is something.
macro_rules! until {
    ($ask:expr) => {{
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        loop {
            ticks.tick().await;
            if let Some(found) = $ask {
                break found;
            }
        }
    }};
}

impl Customers {
    async fn post(&self, path: &str, key: &str, body: &Value) -> Option<Value> {
        // Each request to the next process.
        let number = self.next.fetch_add(1, Ordering::SeqCst) % self.urls.len();
        let request = self.client.post(format!("{}{path}", self.urls[number]));
        let request = request
            .header("authorization", "Bearer uck_sandbox")
            .header("idempotency-key", key)
            .body(body.to_string());
        let answer = request.send().await.ok()?.bytes().await.ok()?;
        serde_json::from_slice(&answer).ok()
    }

    /// The order as its page sees it; `None`: nobody answers just now.
    async fn seen(&self, id: &str) -> Option<Value> {
        let answer = self
            .post("/api/order/result", "-", &json!({"id": id}))
            .await?;
        (answer["status"] == "0").then(|| answer["model"].clone())
    }

    fn payments(&self, order: &str) -> Vec<Payment> {
        let books = self.phonepe.books();
        let found = books.payments().filter(|it| it.id.starts_with(order));
        found.cloned().collect()
    }

    /// The payment that the customer has in front of him.
    async fn in_front_of(&self, order: &str, is_page: bool) -> Option<Payment> {
        if !is_page {
            return self.payments(order).pop();
        }
        let seen = self.seen(order).await?;
        let link = seen["deeplink"].as_str()?;
        let payments = self.payments(order).into_iter();
        let mut shown = payments.filter(|it| link.ends_with(&it.token));
        shown.next()
    }

    /// Whether the order has ended before there was anything to pay: every link got lost on its way.
    async fn is_given_up(&self, order: &str) -> bool {
        let seen = self.seen(order).await;
        seen.is_some_and(|seen| seen["status"] == "FAILED")
    }

    /// One order, from the shop's request to the customer's decision; its id.
    async fn buy(&self, name: &str, dice: &mut Dice) -> String {
        let is_page = dice.roll(2) == 0;
        let order = if is_page {
            json!({"amount": "499", "reference": name, "flow": "phonepe_debit"})
        } else {
            json!({"amount": "499", "reference": name, "flow": "phonepe_collect",
                "phonepe": {"vpa": "customer@ybl"}})
        };
        if dice.roll(6) == 0 {
            let faults = [
                Fault::ErrorButDone,
                Fault::SilenceButDone,
                Fault::Silence,
                Fault::Answer(Code::InternalServerError),
            ];
            let fault = faults[usize::try_from(dice.roll(4)).unwrap()].clone();
            self.phonepe.books().misbehave(On::Start, fault);
        }
        let made = |answer: Value| answer["id"].as_str().map(str::to_owned);
        let id = until!(self.post("/v1/orders", name, &order).await.and_then(made));
        let payment = until!({
            let found = self.in_front_of(&id, is_page).await;
            if found.is_none() && self.is_given_up(&id).await {
                return id;
            }
            found
        });
        let action = [Action::Approve, Action::Approve, Action::Decline];
        let action = action[usize::try_from(dice.roll(3)).unwrap()];
        let telling = Telling {
            delay_ms: i64::try_from(dice.roll(3) * 300).unwrap(),
            // Now and then nobody tells, and the gateway has to ask.
            copies: u8::try_from(dice.roll(8).min(2)).unwrap(),
        };
        let now_ms = self.phonepe.now_ms();
        let mut books = self.phonepe.books();
        assert!(books.act(now_ms, &payment.id, action, telling));
        id
    }

    /// Where an order must stand, by PhonePe's books.
    fn due(&self, order: &str) -> &'static str {
        let payments = self.payments(order);
        if payments.iter().any(|it| it.state == Stand::Paid) {
            "SUCCESS"
        } else {
            "FAILED"
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_survive_a_process_that_is_killed_again_and_again() {
    let database = TestDatabase::new();
    let (its_port, its_url) = port().await;
    let (shop_port, shop_url) = port().await;
    let phonepe = Arc::new(Played::new(&its_url, PAYEE, Arc::new(SystemClock)));
    let heard = Heard::default();
    let (_stop, stopped) = watch::channel(false);
    tokio::spawn(phonepe.clone().run(stopped));
    let router = phonepe.clone().router();
    tokio::spawn(async move { axum::serve(its_port, router).await });
    let hook = Router::new()
        .route("/hook", post(hear))
        .with_state(heard.clone());
    tokio::spawn(async move { axum::serve(shop_port, hook).await });
    let count = if is_postgres() { 3 } else { 1 };
    let start = || Running::start(database.url(), &its_url, &shop_url);
    let mut gateways: Vec<Running> = std::iter::repeat_with(start).take(count).collect();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().timeout(Duration::from_secs(15));
    let customers = Customers {
        client: client.build().unwrap(),
        urls: gateways
            .iter()
            .map(|it| format!("http://{}", it.address))
            .collect(),
        next: Arc::default(),
        phonepe,
    };

    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..WORKERS {
        let customers = customers.clone();
        workers.spawn(async move {
            let mut dice = Dice(0x9e37_79b9_7f4a_7c15 + worker);
            let mut ids = Vec::new();
            for number in 0..PAYMENTS_EACH {
                ids.push(
                    customers
                        .buy(&format!("{worker}-{number}"), &mut dice)
                        .await,
                );
            }
            ids
        });
    }
    let mut dice = Dice(88_172_645_463_325_252);
    for _ in 0..KILLS {
        for gateway in &mut gateways {
            let wait = Duration::from_millis(300 + dice.roll(900)) / u32::try_from(count).unwrap();
            // The wait is the point: a moment that nobody has chosen.
            let _ = tokio::time::timeout(wait, std::future::pending::<()>()).await;
            tokio::task::block_in_place(|| gateway.kill_and_start_again());
        }
    }
    let bought = tokio::time::timeout(BOUGHT_WITHIN, workers.join_all()).await;
    let ids: Vec<String> = bought.unwrap().into_iter().flatten().collect();
    assert_eq!(u64::try_from(ids.len()).unwrap(), WORKERS * PAYMENTS_EACH);

    let settled = tokio::time::timeout(SETTLED_WITHIN, async {
        for id in &ids {
            until!({
                let seen = customers.seen(id).await;
                seen.filter(|seen| seen["status"] == customers.due(id))
            });
            let kind = match customers.due(id) {
                "SUCCESS" => "order.succeeded",
                _ => "order.failed",
            };
            until!({
                let heard = heard.lock().unwrap();
                heard.get(id).filter(|kinds| kinds.contains(kind)).cloned()
            });
        }
    });
    settled.await.unwrap();
    // Nobody was asked twice in the app.
    let books = customers.phonepe.books();
    let asked: Vec<&Payment> = books.payments().filter(|it| it.asked.is_some()).collect();
    assert!(asked.iter().all(|it| it.id.len() == 32));
    assert!(asked.len() > 50, "{}", asked.len());
}
