//! The way in: the route table, one file per resource.
//!
//! | who asks | file |
//! | --- | --- |
//! | the page, the five calls | `calls`, its shapes in `wire` |
//! | a merchant's back end | `orders`, `credits`, `events`, what they share in `api` |
//! | a browser | `page`, `files` |
//! | PhonePe | `callbacks` |
//! | whoever runs it | `health`, `openapi` |
//!
//! Around all of them (`around`): `observe` counts, `headers` completes, `slow` ends what takes too
//! long, `callers` keeps foreign pages from the five calls.

pub(crate) mod api;
pub(crate) mod around;
pub(crate) mod callbacks;
pub(crate) mod callers;
pub(crate) mod calls;
pub mod client;
pub(crate) mod credits;
pub(crate) mod events;
pub(crate) mod files;
pub(crate) mod headers;
pub(crate) mod health;
pub(crate) mod observe;
pub mod openapi;
pub(crate) mod orders;
pub(crate) mod page;
pub(crate) mod slow;
pub(crate) mod wire;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{MethodRouter, get, post};

use crate::app::App;
use crate::sandbox;

/// No request of ours is longer.
const BODY_MAX: usize = 16 * 1024;

/// One method of one path.
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path's pattern.
    pub path: &'static str,
    handler: MethodRouter<Arc<App>>,
}

impl Route {
    pub(crate) fn get(path: &'static str, handler: MethodRouter<Arc<App>>) -> Self {
        Self {
            method: "GET",
            path,
            handler,
        }
    }

    pub(crate) fn post(path: &'static str, handler: MethodRouter<Arc<App>>) -> Self {
        Self {
            method: "POST",
            path,
            handler,
        }
    }
}

/// The routes for programs; `openapi.json` describes each.
pub fn api_routes() -> Vec<Route> {
    vec![
        Route::post("/api/order/info", post(calls::info)),
        Route::post("/api/order/discount", post(calls::discount)),
        Route::post("/api/order/result", post(calls::result)),
        Route::post("/api/order/event", post(calls::event)),
        Route::post("/api/order/utr", post(calls::utr)),
        Route::post("/v1/orders", post(orders::create)),
        Route::get("/v1/orders", get(orders::list)),
        Route::get("/v1/orders/{id}", get(orders::one)),
        Route::post("/v1/orders/{id}/cancel", post(orders::cancel)),
        Route::get("/v1/orders/{id}/events", get(orders::events)),
        Route::post("/v1/credits", post(credits::record)),
        Route::get("/v1/credits", get(credits::list)),
        Route::post("/v1/credits/{utr}/assign", post(credits::assign)),
        Route::get("/v1/events", get(events::list)),
        Route::post("/callbacks/phonepe/{merchant}", post(callbacks::phonepe)),
        Route::get("/healthz", get(health::healthz)),
        Route::get("/readyz", get(health::readyz)),
        Route::get("/metrics", get(health::metrics)),
        Route::get("/openapi.json", get(openapi::document)),
    ]
}

/// The routes for browsers.
fn page_routes() -> Vec<Route> {
    vec![
        Route::get("/", get(page::by_query)),
        Route::get("/pay/{id}", get(page::by_path)),
    ]
}

/// The whole gateway. Tests call it without a port.
pub fn app(app: Arc<App>) -> Router {
    let mut routes = api_routes();
    routes.extend(page_routes());
    if app.is_sandbox {
        routes.extend(sandbox::routes());
    }
    routes
        .into_iter()
        .fold(Router::new(), |router, route| {
            router.route(route.path, route.handler)
        })
        .fallback(files::serve)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn_with_state(app.clone(), around::around))
        .with_state(app)
}
