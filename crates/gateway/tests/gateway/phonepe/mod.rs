//! PhonePe's flows: the real gateway and the simulator talk over real HTTP on loopback. The clock
//! stands still until the test moves it, for both of them.

mod callbacks;
mod cancel;
mod faults;
mod flows;
mod ladder;
mod pages;
mod requests;

use std::sync::Arc;

use axum::Router;
use gateway::merchant::{Merchant, Merchants};
use gateway::rails::work::sweep;
use gateway::sandbox::phonepe::{Played, account_at};
use phonepe::simulator::{Action, Payment, Telling};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::harness::{Gateway, KEY, OTHER_KEY, PAYEE, merchant};

/// A shop, its gateway, and PhonePe.
pub(crate) struct World {
    pub(crate) gateway: Gateway,
    pub(crate) phonepe: Arc<Played>,
}

/// A port of one's own on loopback, and its address.
pub(crate) async fn port() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

pub(crate) const NOT_TOLD: Telling = Telling {
    delay_ms: 0,
    copies: 0,
};

impl World {
    pub(crate) async fn start() -> Self {
        let (own_port, own_url) = port().await;
        let (its_port, its_url) = port().await;
        let mut played = None;
        let gateway = Gateway::with(|app| {
            played = Some(Arc::new(Played::new(&its_url, PAYEE, app.clock.clone())));
            let mut shop = merchant("shop", PAYEE, KEY);
            shop.phonepe = Some(account_at(&its_url));
            let other = merchant("other", "other@bank", OTHER_KEY);
            app.merchants = Merchants::new(vec![shop, other]);
            app.public_url = own_url;
        })
        .await;
        let phonepe = played.unwrap();
        let (router, app) = (phonepe.clone().router(), gateway.app.clone());
        tokio::spawn(async move { axum::serve(its_port, router).await });
        let own = Arc::new(gateway::Gateway::new(app));
        let own = Router::new().fallback(async move |request| own.answer(request, None).await);
        tokio::spawn(async move { axum::serve(own_port, own).await });
        Self { gateway, phonepe }
    }

    pub(crate) fn shop(&self) -> Arc<Merchant> {
        self.gateway.app.merchants.get("shop").unwrap().clone()
    }

    /// An order of 499 rupees that has 15 minutes; its id.
    pub(crate) async fn order(&self, flow: &str, phonepe: Value) -> String {
        let order = json!({"amount": "499", "flow": flow, "phonepe": phonepe});
        self.gateway.order_with(order).await
    }

    pub(crate) async fn debit(&self) -> String {
        self.order("phonepe_debit", json!({})).await
    }

    pub(crate) async fn collect(&self) -> String {
        let phonepe = json!({"vpa": "customer@ybl"});
        self.order("phonepe_collect", phonepe).await
    }

    /// The order, as its page sees it.
    pub(crate) async fn seen(&self, id: &str) -> Value {
        let answer = self.gateway.call("result", json!({"id": id})).await;
        answer.json()["model"].clone()
    }

    /// Lets time pass, and lets the gateway do what is due then.
    pub(crate) async fn pass_ms(&self, ms: i64) {
        self.gateway.pass_ms(ms);
        sweep(&self.gateway.app).await.unwrap();
    }

    /// PhonePe's books about the newest attempt of an order.
    pub(crate) fn payment(&self, order: &str) -> Option<Payment> {
        let books = self.phonepe.books();
        let of_order = books.payments().filter(|it| it.id.starts_with(order));
        of_order.max_by_key(|it| it.id.len()).cloned()
    }

    /// The customer decides about the newest attempt, and callbacks are sent.
    pub(crate) async fn act(&self, order: &str, action: Action, telling: Telling) -> Vec<u16> {
        let id = self.payment(order).unwrap().id;
        let now_ms = self.phonepe.now_ms();
        assert!(self.phonepe.books().act(now_ms, &id, action, telling));
        self.phonepe.deliver().await
    }

    pub(crate) async fn approve(&self, order: &str) -> Vec<u16> {
        self.act(order, Action::Approve, Telling::default()).await
    }

    /// One of the numbers for operators; 0 where there is none yet.
    pub(crate) async fn number(&self, name: &str) -> u64 {
        let text = self.gateway.open("/metrics").await.text;
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
            .unwrap_or_default()
    }

    pub(crate) async fn status_checks(&self) -> u64 {
        let mut sum = 0;
        for outcome in ["answered", "error", "silent"] {
            let labels = format!("{{call=\"status\",outcome=\"{outcome}\"}}");
            let name = format!("gateway_phonepe_calls_total{labels}");
            sum += self.number(&name).await;
        }
        sum
    }
}
