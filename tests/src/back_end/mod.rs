//! A scripted back end: serves the built page and speaks the base contract, no extension field in
//! it. Each call of each order can misbehave. Every request is kept, with its time.

mod http;
mod misbehaviour;
mod order;
mod site;

pub use misbehaviour::Misbehaviour;
pub use order::{Order, Terms};
pub use site::StaticHeaders;

use crate::{Result, place};
use http::{Reply, Request};
use order::Entry;
use serde_json::Value;
use site::{Changes, REPORTS, Site};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The five calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Order info.
    Info,
    /// Generate discount amount.
    Discount,
    /// Pay result.
    Result,
    /// Pay event.
    Event,
    /// Submit UTR.
    Utr,
}

impl Call {
    /// The contract's path.
    pub fn path(self) -> &'static str {
        match self {
            Call::Info => "/api/order/info",
            Call::Discount => "/api/order/discount",
            Call::Result => "/api/order/result",
            Call::Event => "/api/order/event",
            Call::Utr => "/api/order/utr",
        }
    }

    fn at(path: &str) -> Option<Self> {
        [
            Call::Info,
            Call::Discount,
            Call::Result,
            Call::Event,
            Call::Utr,
        ]
        .into_iter()
        .find(|call| call.path() == path)
    }
}

/// One request of one of the five calls.
#[derive(Clone, Debug)]
pub struct Record {
    /// Which call.
    pub call: Call,
    /// Whose.
    pub order: String,
    /// When it came.
    pub at: Instant,
    /// What it said.
    pub body: Value,
    /// Whether it was answered as it should be.
    pub answered: bool,
}

/// The back end. It stops when the value goes.
pub struct BackEnd {
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

/// What all connections and orders share.
struct Shared {
    address: String,
    site: Site,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    changes: Changes,
    reports: Vec<Value>,
    clock_ms: i64,
    orders: BTreeMap<String, Entry>,
    log: Vec<Record>,
}

impl BackEnd {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// Where the page is not built.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let shared = Arc::new(Shared {
            address: format!("http://{}", listener.local_addr()?),
            site: Site::of(place::dist()?)?,
            state: Mutex::default(),
        });
        let server = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self { shared, server })
    }

    /// Where it listens, such as `http://127.0.0.1:4711`.
    pub fn address(&self) -> &str {
        &self.shared.address
    }

    /// Makes an order.
    pub fn sells(&self, terms: Terms) -> Order {
        let mut state = self.shared.state();
        let id = format!("order-{}", state.orders.len() + 1);
        state.orders.insert(id.clone(), Entry::new(&id, terms));
        Order::new(Arc::clone(&self.shared), id)
    }

    /// From now on the page comes with this configuration (contract, section 3).
    pub fn configures(&self, config: Value) {
        self.shared.state().changes.config = Some(config);
    }

    /// From now on one byte of the file whose name ends like this is another one; of the HTML, one
    /// of the script in it.
    pub fn spoils(&self, ending: &str) {
        self.shared.state().changes.spoilt = Some(ending.to_owned());
    }

    /// From now on browsers report what this Content-Security-Policy would forbid.
    pub fn watches(&self, policy: &str) {
        self.shared.state().changes.watched = Some(policy.to_owned());
    }

    /// What browsers have reported.
    pub fn reports(&self) -> Vec<Value> {
        self.shared.state().reports.clone()
    }

    /// From now on its clock is ahead of everybody else's, or behind where the number is negative.
    /// A page cannot tell whose clock is wrong.
    pub fn clock_is_ahead_by(&self, ms: i64) {
        self.shared.state().clock_ms = ms;
    }

    /// A page of the shop with a link to a checkout.
    pub fn shop_page(&self, checkout: &str) -> String {
        format!("{}/shop?{checkout}", self.address())
    }

    /// The shop's page for customers who have paid.
    pub fn thanks_page(&self) -> String {
        format!("{}/thanks", self.address())
    }
}

impl Drop for BackEnd {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // Data that is only ever replaced as a whole is sound whatever panicked meanwhile.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reply(&self, request: &Request) -> Reply {
        match Call::at(&request.path) {
            Some(call) => self.reply_to_call(call, request),
            None if request.path == REPORTS => self.take_report(request),
            None => self.site.reply(&self.state().changes, request),
        }
    }

    fn take_report(&self, request: &Request) -> Reply {
        let report = serde_json::from_slice(&request.body).unwrap_or_default();
        self.state().reports.push(report);
        Reply::of("text/plain", 200, "")
    }

    fn reply_to_call(&self, call: Call, request: &Request) -> Reply {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let id = body["id"].as_str().unwrap_or_default().to_owned();
        let mut state = self.state();
        let now_ms = order::now_ms().saturating_add_signed(state.clock_ms);
        let reply = state.orders.get_mut(&id).map(|entry| {
            let answers = entry.answers(call, now_ms);
            entry.misbehaviour(call).map_or_else(
                || (Reply::json(&answers.right), true),
                |spoilt| (spoilt.spoil(&answers), false),
            )
        });
        let (reply, answered) = reply.unwrap_or_else(|| (order::unknown(now_ms), true));
        state.log.push(Record {
            call,
            order: id,
            at: Instant::now(),
            body,
            answered,
        });
        reply
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, Arc::clone(&shared)));
    }
}

/// One request on one connection. A browser that hangs up is nobody's failure.
async fn converse(mut stream: TcpStream, shared: Arc<Shared>) {
    if let Ok(Some(request)) = http::read(&mut stream).await {
        let reply = shared.reply(&request);
        let _gone = http::write(stream, reply).await;
    }
}
