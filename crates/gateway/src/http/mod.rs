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
pub(crate) mod client;
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

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::Method;
use axum::middleware;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use tower::ServiceExt;

use self::client::Peer;
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
        Route::post("/api/order/info", post(calls::order)),
        Route::post("/api/order/discount", post(calls::discount)),
        Route::post(calls::RESULT, post(calls::order)),
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

/// The whole gateway: what a request asks for, and the way to it. Tests call it without a port.
pub struct Gateway {
    app: Arc<App>,
    routes: Router,
}

impl Gateway {
    /// The gateway around these parts.
    pub fn new(app: Arc<App>) -> Self {
        let mut routes = api_routes();
        routes.extend(page_routes());
        if app.is_sandbox {
            routes.extend(sandbox::routes());
        }
        let routes = routes
            .into_iter()
            .fold(Router::new(), |router, route| {
                router.route(route.path, route.handler)
            })
            .fallback(files::serve)
            .layer(DefaultBodyLimit::max(BODY_MAX))
            .layer(middleware::from_fn_with_state(app.clone(), around::layer))
            .with_state(app.clone());
        Self { app, routes }
    }

    /// Answers a request that came over a connection with `peer`; `None`: who that is, is not known.
    pub async fn answer(&self, mut request: Request, peer: Option<IpAddr>) -> Response {
        // Nearly all of the work is customers who ask whether their payment has come: they do not go
        // through the table of routes, whose boxes and extensions cost them more than the answer.
        if request.method() == Method::POST && request.uri().path() == calls::RESULT {
            let answer = |request: Request| calls::look(&self.app, request.into_body());
            return around::around(&self.app, calls::RESULT, request, answer).await;
        }
        if let Some(peer) = peer {
            request.extensions_mut().insert(Peer(peer));
        }
        let Ok(answer) = Box::pin(self.routes.clone().oneshot(request)).await;
        answer
    }
}
