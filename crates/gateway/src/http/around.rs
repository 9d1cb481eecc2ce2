//! What surrounds the answer to every request, in one place and in order: who asks, an end to what takes
//! too long, the headers, the count.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::callers::Caller;
use super::observe::Observed;
use super::{headers, slow};
use crate::app::App;

/// Around the answers of the route table, as one layer: each layer of its own would cost every request
/// two allocations and a box.
pub(crate) async fn layer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let matched: Option<MatchedPath> = request.extensions().get().cloned();
    let route = matched.as_ref().map_or("files", MatchedPath::as_str);
    around(&app, route, request, |request| next.run(request)).await
}

/// Around one answer. `route` is the pattern of its address.
pub(crate) async fn around<F: Future<Output = Response>>(
    app: &App,
    route: &str,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let observed = Observed::begin(route, &request);
    let caller = Caller::of(app, &request);
    let mut response = match caller.as_ref().and_then(|caller| caller.answer(app)) {
        Some(response) => response,
        None => slow::limit(answer(request)).await,
    };
    if let Some(caller) = caller {
        caller.mark(&mut response);
    }
    headers::complete(app, &mut response);
    observed.end(app, &response);
    response
}
