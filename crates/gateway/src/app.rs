//! What every handler is given: the store, the merchants, and the parts that tests replace.

use std::net::IpAddr;
use std::sync::Arc;

use crate::assets::Assets;
use crate::clock::Clock;
use crate::limits::Limits;
use crate::memory::Memory;
use crate::merchant::{Merchant, Merchants};
use crate::metrics::Requests;
use crate::order::Order;
use crate::rails::Rails;
use crate::store::Store;
use crate::webhook::Webhooks;

/// One gateway.
pub struct App {
    /// The database.
    pub store: Store,
    /// Who is paid.
    pub merchants: Merchants,
    /// Where the checkout is reached, without a slash at the end: `https://pay.example`.
    pub public_url: String,
    /// Other origins on which the page is served; its calls from there are answered.
    pub page_origins: Vec<String>,
    /// The proxies in front, whose word on a client's address is taken; a proxy on this machine
    /// always is.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whether demo shop and demo bank are served.
    pub is_sandbox: bool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The page's files.
    pub assets: Arc<dyn Assets>,
    /// What pages are told again and again.
    pub memory: Memory,
    /// Who asks too often.
    pub limits: Limits,
    /// The requests so far.
    pub requests: Requests,
    /// The way to PhonePe.
    pub rails: Rails,
    /// The way to merchants.
    pub webhooks: Webhooks,
}

impl App {
    /// A gateway with nobody at the door yet.
    pub fn new(
        store: Store,
        merchants: Merchants,
        public_url: String,
        clock: Arc<dyn Clock>,
        assets: Arc<dyn Assets>,
    ) -> Self {
        Self {
            memory: Memory::new(store.changes()),
            limits: Limits::new(&store),
            store,
            merchants,
            public_url,
            page_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            is_sandbox: false,
            clock,
            assets,
            requests: Requests::default(),
            rails: Rails::default(),
            webhooks: Webhooks::default(),
        }
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The merchant of an order, while it is configured.
    pub fn merchant_of(&self, order: &Order) -> Option<&Arc<Merchant>> {
        self.merchants.get(&order.merchant_id)
    }

    /// Where an order is paid.
    pub fn checkout_url(&self, order: &Order) -> String {
        format!("{}/pay/{}", self.public_url, order.id)
    }
}
