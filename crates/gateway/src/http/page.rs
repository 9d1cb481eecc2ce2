//! The checkout page: `GET /pay/{id}` and `GET /?id={id}`.
//!
//! The order stands in the HTML already, so the page starts without its first call.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::calls::success;
use super::{headers, wire};
use crate::app::App;
use crate::ledger::{self, LedgerError};
use crate::merchant::{Brand, Merchant};
use crate::order::{Flow, Order, OrderId};
use crate::rails::ask;

/// `GET /pay/{id}`.
pub(crate) async fn by_path(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    page(&app, &id).await
}

#[derive(Deserialize)]
pub(crate) struct ById {
    #[serde(default)]
    id: String,
}

/// `GET /?id={id}`. Without an id, people who try the sandbox want its shop.
pub(crate) async fn by_query(
    State(app): State<Arc<App>>,
    query: Result<Query<ById>, QueryRejection>,
) -> Response {
    let id = query.map_or_else(|_| String::new(), |Query(query)| query.id);
    if id.is_empty() && app.is_sandbox {
        return Redirect::to("/demo").into_response();
    }
    page(&app, &id).await
}

/// The page, with the order in it; without one, the page shows its own words.
async fn page(app: &App, id: &str) -> Response {
    let Some(html) = app
        .assets
        .get("index.html")
        .and_then(|file| String::from_utf8(file.bytes.into_owned()).ok())
    else {
        let hint = "The page was not built. Run: cargo xtask build\n";
        return (StatusCode::SERVICE_UNAVAILABLE, hint).into_response();
    };
    let (status, order) = match find(app, id).await {
        Ok(Some(order)) => (StatusCode::OK, Some(order)),
        Ok(None) => (StatusCode::NOT_FOUND, None),
        Err(error) => {
            // The page asks again by itself.
            tracing::error!(%error, "an order could not be read for its page");
            (StatusCode::OK, None)
        }
    };
    let merchant = order.as_ref().and_then(|order| app.merchant_of(order));
    let mut config = PageConfig::from(merchant.map(Arc::as_ref));
    if let Some(order) = &order {
        config.apps = apps(app, order).await;
    }
    let mut data = script("checkout-config", &config);
    if let Some(order) = &order {
        let envelope = success(app.now_ms(), wire::Order::from(order));
        data.push_str(&script("order-info", &envelope));
    }
    let parents = merchant.map_or(&[][..], |merchant| &merchant.parent_origins);
    let policy = HeaderValue::from_str(&headers::policy(&html, parents));
    let own = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    let html = insert(&html, &data);
    let mut response = (status, own, headers::DOCUMENT, html).into_response();
    if let Ok(policy) = policy {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn find(app: &App, id: &str) -> Result<Option<Order>, LedgerError> {
    let Some(id) = OrderId::parse(id) else {
        return Ok(None);
    };
    match ledger::read(&app.store, &id, app.now_ms()).await {
        Ok(order) => Ok(Some(order)),
        Err(LedgerError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The apps to offer: the one that PhonePe made a mandate's link for, or none in particular.
async fn apps(app: &App, order: &Order) -> Vec<&'static str> {
    if order.flow != Flow::PhonepeAutopay {
        return Vec::new();
    }
    match ask::of(&app.store, order).await {
        Ok(ask) => ask
            .and_then(|ask| ask.app())
            .map(|app| app.id())
            .into_iter()
            .collect(),
        Err(error) => {
            tracing::error!(%error, "what PhonePe was asked for could not be read for a page");
            Vec::new()
        }
    }
}

/// What the page is told about its merchant, and about the way to pay this order.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct PageConfig {
    brand: Brand,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    apps: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    redirect_hosts: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parent_origins: Vec<String>,
}

impl From<Option<&Merchant>> for PageConfig {
    fn from(merchant: Option<&Merchant>) -> Self {
        merchant.map_or_else(Self::default, |merchant| Self {
            brand: merchant.brand.clone(),
            apps: Vec::new(),
            redirect_hosts: merchant.redirect_hosts.clone(),
            parent_origins: merchant.parent_origins.clone(),
        })
    }
}

/// JSON within HTML. No `<` stays one: `</script>` in a name must not end the element.
fn script(id: &str, value: &impl Serialize) -> String {
    let mut json = serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned());
    for (from, to) in [
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u{2028}", "\\u2028"),
        ("\u{2029}", "\\u2029"),
    ] {
        json = json.replace(from, to);
    }
    format!("<script type=\"application/json\" id=\"{id}\">{json}</script>")
}

/// Puts the data where the page's own scripts find it: at the end of the head.
fn insert(html: &str, data: &str) -> String {
    let at = html
        .find("</head>")
        .or_else(|| html.find("<body"))
        .unwrap_or(html.len());
    let (before, after) = html.split_at(at);
    format!("{before}{data}{after}")
}
