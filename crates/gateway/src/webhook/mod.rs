//! Webhooks: each piece of news in the outbox is told to its merchant, at least once.
//!
//! | part | what it does |
//! | --- | --- |
//! | [`sign`] | how a merchant knows that it was us |
//! | [`guard`] | where we do not send: our own network |
//! | [`deliver`] | one try, and when the next one is |
//!
//! Invariants: news is written in the transaction that made it true, so none is lost; a try is counted
//! before it is made, so none is forgotten; no redirect is followed; what was not delivered stays in
//! sight (`GET /v1/events`).

pub mod deliver;
pub mod guard;
pub mod sign;

use std::sync::{Arc, OnceLock};

use reqwest::Client;

use crate::rails::http;
use crate::secret::Secret;

/// Where a merchant is told, and what it is signed with.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The address.
    pub url: url::Url,
    /// The secrets; two while one is being replaced. Each signs.
    pub secrets: Vec<Secret>,
}

/// The ways out to merchants, each made when it is first needed.
#[derive(Debug, Default)]
pub struct Webhooks {
    guarded: OnceLock<Option<Client>>,
    // The sandbox's: it tells a shop on this very machine.
    local: OnceLock<Option<Client>>,
}

impl Webhooks {
    /// The client that may send to an address, or why none may.
    fn client(&self, url: &url::Url, is_sandbox: bool) -> Result<&Client, &'static str> {
        let client = if is_sandbox && guard::is_loopback(url) {
            self.local.get_or_init(|| http::build(http::builder()))
        } else {
            guard::judge(url)?;
            self.guarded.get_or_init(|| {
                let resolver = Arc::new(guard::PublicOnly);
                http::build(http::builder().dns_resolver(resolver))
            })
        };
        client.as_ref().ok_or("there is no way out")
    }
}
