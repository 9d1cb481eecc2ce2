//! A merchant's own site, on an origin of its own: opens the checkout by the loader in each mode, under
//! no policy and under a strict one. It speaks to the gateway as any merchant's server does, by the
//! merchant API and its key, and believes nobody else.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};

use super::layout::Site;
use crate::rails::http as outgoing;
use crate::random;
use crate::secret::Secret;

const PRICE: &str = "499";

/// The merchant's site, and what its server needs.
pub struct Shop {
    /// Where it is, for the customer's way back.
    origin: String,
    /// Where the gateway is.
    gateway: String,
    key: Secret,
    client: Option<Client>,
}

impl Shop {
    /// A shop at an origin, whose payments go through this gateway.
    pub fn new(origin: String, gateway: String, key: Secret) -> Self {
        let client = outgoing::build(outgoing::builder());
        Self {
            origin,
            gateway,
            key,
            client,
        }
    }

    /// Its pages, and the two calls that its script makes.
    pub fn router(self) -> Router {
        Router::new()
            .route("/", get(plain))
            .route("/strict", get(strict))
            .route("/thanks", get(thanks))
            .route("/orders", post(order))
            .route("/orders/{id}", get(look))
            .route("/merchant.js", get(script))
            .route("/demo.css", get(super::style))
            .with_state(Arc::new(self))
    }

    /// Asks the gateway, as the merchant.
    async fn ask(&self, path: &str, body: Option<Value>) -> Result<Value, Trouble> {
        let client = self.client.as_ref().ok_or(Trouble)?;
        let url = format!("{}{path}", self.gateway);
        let request = match &body {
            Some(body) => client
                .post(url)
                .header("idempotency-key", random::hex::<16>().map_err(|_| Trouble)?)
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string()),
            None => client.get(url),
        };
        let answer = request.bearer_auth(self.key.expose()).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status);
        let bytes = answer.map_err(|_| Trouble)?.bytes().await;
        serde_json::from_slice(&bytes.map_err(|_| Trouble)?).map_err(|_| Trouble)
    }
}

/// The gateway has not answered as it should.
struct Trouble;

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        (StatusCode::BAD_GATEWAY, "The gateway did not answer.\n").into_response()
    }
}

async fn plain(State(shop): State<Arc<Shop>>) -> Response {
    shop.page("", ("With a strict policy", "/strict"))
}

/// The strictest policy that a shop can have: nothing but its own files, the loader, and the frame.
async fn strict(State(shop): State<Arc<Shop>>) -> Response {
    let Shop { gateway, .. } = &*shop;
    let policy = format!(
        "default-src 'none'; script-src 'self' {gateway}; frame-src {gateway}; connect-src 'self'; \
         style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    shop.page(&policy, ("Without a policy", "/"))
}

/// Where a mode of the loader is tried: its name, and what a customer sees of it.
const MODES: [(&str, &str, &str); 3] = [
    (
        "modal",
        "Modal",
        "Over this page. Esc, the cross and Android's Back close it.",
    ),
    (
        "inline",
        "Inline",
        "Within this page, as high as it needs to be.",
    ),
    (
        "redirect",
        "Redirect",
        "This page goes to the checkout, and you come back.",
    ),
];

impl Shop {
    fn page(&self, policy: &str, other: (&'static str, &'static str)) -> Response {
        let site = Site {
            name: ("Merchant of the sandbox", "/"),
            link: other,
            style: "/demo.css",
            policy,
        };
        site.page("Merchant of the sandbox", self.counter())
    }

    fn counter(&self) -> Markup {
        html! {
            h1 { "A T-shirt for ₹" (PRICE) }
            p { "This shop and the checkout are two origins. Each button makes an order on the shop's own \
                 server and opens it." }
            div.modes {
                @for (mode, name, about) in MODES {
                    section.mode {
                        h2 { (name) }
                        p.hint { (about) }
                        button.main type="button" data-mode=(mode) data-testid={ "open-" (mode) } { "Pay" }
                    }
                }
            }
            div id="inline" {}
            h2 { "What the shop hears" }
            ol.heard id="heard" data-testid="heard" aria-live="polite" {}
            p.hint { "Pay as the customer's bank would: "
                a href={ (self.gateway) "/demo/bank" } target="_blank" { "demo bank" } "." }
            script src={ (self.gateway) "/embed/upi-checkout.js" } {}
            script src="/merchant.js" {}
        }
    }
}

/// `POST /orders`: the shop's server makes an order. The price is the shop's, not the browser's.
async fn order(State(shop): State<Arc<Shop>>) -> Result<Response, Trouble> {
    let reference = random::hex::<6>().map_err(|_| Trouble)?;
    let order = json!({
        "amount": PRICE,
        "reference": reference,
        "successUrl": format!("{}/thanks?order={reference}", shop.origin),
    });
    let made = shop.ask("/v1/orders", Some(order)).await?;
    Ok(axum::Json(json!({ "id": made["id"] })).into_response())
}

/// `GET /orders/{id}`: what the shop's server knows.
async fn look(State(shop): State<Arc<Shop>>, Path(id): Path<String>) -> Result<Response, Trouble> {
    let order = shop.ask(&format!("/v1/orders/{id}"), None).await?;
    Ok(axum::Json(json!({ "status": order["status"] })).into_response())
}

#[derive(Deserialize)]
struct Thanks {
    #[serde(default)]
    order: String,
}

/// `GET /thanks?order={reference}`: believed is what the gateway says, not who comes here.
async fn thanks(
    State(shop): State<Arc<Shop>>,
    Query(query): Query<Thanks>,
) -> Result<Response, Trouble> {
    let known = query.order.bytes().all(|b| b.is_ascii_hexdigit());
    let reference = if known { query.order.as_str() } else { "" };
    let found = shop
        .ask(&format!("/v1/orders?reference={reference}"), None)
        .await?;
    let order = &found["data"][0];
    let site = Site {
        name: ("Merchant of the sandbox", "/"),
        link: ("With a strict policy", "/strict"),
        style: "/demo.css",
        policy: "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'",
    };
    let words = match order["status"].as_str() {
        Some("SUCCESS") => "Thank you! It is paid.",
        Some(_) => "We are still waiting for your payment",
        None => "We do not know this order",
    };
    Ok(site.page(
        "Thank you",
        html! {
            div data-testid="thanks" data-status=[order["status"].as_str()] { h1 { (words) } }
            p { a href="/" { "Buy another one" } }
        },
    ))
}

async fn script() -> impl IntoResponse {
    let kind: (HeaderName, &str) = (CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind], include_str!("merchant.js"))
}
