//! The shop's back end: makes orders at the gateway and reports money, through the merchant API.

use crate::wait::{self, until};
use crate::{Failure, Result};
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// A merchant with an API key.
pub struct Merchant {
    http: Client,
    address: String,
    key: String,
    made: AtomicU32,
}

/// An order as the gateway tells its merchant.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Its id.
    pub id: String,
    /// Its page.
    pub checkout_url: String,
    /// Where it stands.
    pub status: String,
    /// Rupees.
    pub amount: String,
    /// What the customer has to pay now.
    pub user_pay_amount: String,
    /// The payee's UPI id.
    pub upi_id: String,
    /// The link that pays it.
    pub deeplink: String,
    /// The money that paid it.
    pub paid_utr: Option<String>,
}

/// Money that came, as the gateway tells its merchant.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Credit {
    /// The bank's reference.
    pub utr: String,
    /// `matched` or `unmatched`.
    pub state: String,
    /// The order that it paid.
    pub order_id: Option<String>,
}

#[derive(Deserialize)]
struct Page<T> {
    data: Vec<T>,
}

impl Merchant {
    pub(crate) fn new(address: String, key: &str) -> Result<Self> {
        // A connection that is kept would outlive the gateway that was killed.
        let http = Client::builder().pool_max_idle_per_host(0).build()?;
        Ok(Self {
            http,
            address,
            key: key.to_owned(),
            made: AtomicU32::new(0),
        })
    }

    /// Makes an order. `terms`: whatever the API takes beside `reference`.
    ///
    /// # Errors
    /// Where the gateway does not make it.
    pub async fn makes_order(&self, terms: Value) -> Result<Order> {
        let mut terms = terms;
        terms["reference"] = json!(self.fresh("reference"));
        Ok(serde_json::from_value(
            self.posts("/v1/orders", &terms).await?,
        )?)
    }

    /// Calls an order off.
    ///
    /// # Errors
    /// Where the gateway does not.
    pub async fn cancels(&self, order: &Order) -> Result<Order> {
        let path = format!("/v1/orders/{}/cancel", order.id);
        Ok(serde_json::from_value(
            self.posts(&path, &json!({})).await?,
        )?)
    }

    /// Looks at an order.
    ///
    /// # Errors
    /// Where the gateway does not know it.
    pub async fn order(&self, id: &str) -> Result<Order> {
        Ok(serde_json::from_value(
            self.gets(&format!("/v1/orders/{id}")).await?,
        )?)
    }

    /// Money for an order has come: this much, with no word about which order it is for.
    ///
    /// # Errors
    /// Where the gateway does not take it.
    pub async fn sees_money(&self, utr: &str, amount: &str, order: &Order) -> Result<Credit> {
        let credit = json!({ "utr": utr, "amount": amount, "payeeVpa": order.upi_id });
        Ok(serde_json::from_value(
            self.posts("/v1/credits", &credit).await?,
        )?)
    }

    /// All money that has come, the newest first.
    ///
    /// # Errors
    /// Where the gateway does not tell.
    pub async fn credits(&self) -> Result<Vec<Credit>> {
        let page: Page<Credit> = serde_json::from_value(self.gets("/v1/credits").await?)?;
        Ok(page.data)
    }

    /// What the page has told about an order, in order.
    ///
    /// # Errors
    /// Where the gateway does not know it.
    pub async fn page_events(&self, id: &str) -> Result<Vec<String>> {
        let answer = self.gets(&format!("/v1/orders/{id}/events")).await?;
        let page: Page<Value> = serde_json::from_value(answer)?;
        let told = page.data.iter().filter(|event| event["kind"] == "page");
        Ok(told
            .filter_map(|event| event["detail"].as_str().map(str::to_owned))
            .collect())
    }

    /// Waits until the gateway holds an event of the page.
    ///
    /// # Errors
    /// Where it does not come.
    pub async fn holds_event(&self, id: &str, event: &str) -> Result {
        let what = format!("the gateway to hold {event:?}");
        until(wait::SOON, &what, async || {
            let events = self.page_events(id).await?;
            Ok(if events.iter().any(|held| held == event) {
                Ok(())
            } else {
                Err(format!("{events:?}"))
            })
        })
        .await
    }

    /// A text that this merchant has not used yet.
    fn fresh(&self, what: &str) -> String {
        format!("{what}-{}", self.made.fetch_add(1, Ordering::Relaxed) + 1)
    }

    async fn posts(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.http.post(format!("{}{path}", self.address));
        let request = request.header("Idempotency-Key", self.fresh("key"));
        self.asks(request.json(body)).await
    }

    async fn gets(&self, path: &str) -> Result<Value> {
        self.asks(self.http.get(format!("{}{path}", self.address)))
            .await
    }

    async fn asks(&self, request: RequestBuilder) -> Result<Value> {
        let answer = request.bearer_auth(&self.key).send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        if status.is_success() {
            return Ok(body);
        }
        Err(Failure::new(format!("the gateway says {status}: {body}")))
    }
}
