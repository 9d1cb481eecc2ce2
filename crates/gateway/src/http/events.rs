//! What a merchant was told, is being told, or could not be told: `/v1/events`.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::api::{ApiError, Caller, Page, ok, page_limit};
use crate::app::App;
use crate::store::outbox::{self, Item, Standing};
use crate::webhook::deliver;

/// `GET /v1/events`: the merchant's news, the newest first, whether it was delivered or not.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Caller(merchant): Caller,
    query: Result<Query<ListEvents>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::field("query", error.body_text()))?;
    let limit = page_limit(query.limit)?;
    let standing = query.state.map(|word| {
        Standing::parse(&word)
            .ok_or_else(|| ApiError::field("state", "delivered, waiting or given-up"))
    });
    let standing = standing.transpose()?;
    let mut conn = app.store.read().await?;
    let more = limit.saturating_add(1);
    let items = outbox::list(&mut conn, &merchant.id, standing, query.after, more).await?;
    let page = Page::cut(items, limit, |item| item.seq.to_string());
    let mut data = Vec::new();
    for item in &page.data {
        let content = deliver::content(&mut conn, item).await?;
        data.push(EventAnswer::new(content, item));
    }
    ok(&Page {
        data,
        next: page.next,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListEvents {
    limit: Option<u32>,
    after: Option<i64>,
    state: Option<String>,
}

/// The event as it is sent, and how that goes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventAnswer {
    #[serde(flatten)]
    content: Value,
    state: &'static str,
    tries: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivered_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_try_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_up_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_answer: Option<String>,
}

impl EventAnswer {
    fn new(content: Value, item: &Item) -> Self {
        Self {
            content,
            state: Standing::of(item).as_str(),
            tries: item.tries,
            delivered_at: item.delivered_at_ms,
            next_try_at: item.is_waiting().then_some(item.next_at_ms),
            given_up_at: item.given_up_at_ms,
            last_answer: item.last_answer.clone(),
        }
    }
}
