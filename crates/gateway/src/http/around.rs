//! What surrounds the answer to every request, in one place and in order: who asks, an end to what takes
//! too long, the headers, the count.
//!
//! One layer for all of it: each layer of its own would cost every call two allocations and a box.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::callers::Caller;
use super::observe::Observed;
use super::{headers, slow};
use crate::app::App;

pub(crate) async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let observed = Observed::begin(&request);
    let caller = Caller::of(&app, &request);
    let mut response = match caller.as_ref().and_then(|caller| caller.answer(&app)) {
        Some(response) => response,
        None => slow::limit(next.run(request)).await,
    };
    if let Some(caller) = caller {
        caller.mark(&mut response);
    }
    headers::complete(&app, &mut response);
    observed.end(&app, &response);
    response
}
