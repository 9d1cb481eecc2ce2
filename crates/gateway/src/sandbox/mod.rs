//! The sandbox: a demo shop, a merchant's own site, a demo bank and a played PhonePe, to try everything
//! without money.
//!
//! Only with `--sandbox`, which is refused beside real merchants. Whatever happens here goes
//! through the same [`crate::ledger`] that real orders and credits use.

mod bank;
mod layout;
pub mod merchant;
pub mod phonepe;
mod shop;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use checkout_core::vpa::Vpa;
use url::Url;

use crate::config::{DISCOUNT_MAX_PAISE, ORDER_LIFETIME_MS};
use crate::http::Route;
use crate::merchant::{Brand, KeyHash, Merchant, Merchants};
use crate::rails::PhonePe;
use crate::secret::Secret;
use crate::webhook::Webhook;

/// The demo merchant's UPI id.
pub const PAYEE: &str = "demo.shop@sandbox";

/// Signs what the demo merchant is told. No secret: it proves nothing outside a sandbox.
const WEBHOOK_SECRET: &str = "whsec_sandbox";

/// The demo merchant's id.
const MERCHANT: &str = "demo";

/// The demo merchant, alone. `key` is its API key, `phonepe` its account at the
/// simulator, `hook` where it is told, `origins` where its own site is.
pub fn merchants(
    key: &Secret,
    phonepe: Option<PhonePe>,
    hook: Option<Url>,
    origins: Vec<String>,
) -> Merchants {
    // A text of ours that is a UPI id: the list is never empty.
    let demo = Vpa::parse(PAYEE).ok().map(|vpa| Merchant {
        id: MERCHANT.to_owned(),
        name: "Demo Shop".to_owned(),
        vpa,
        mcc: Some("5399".to_owned()),
        api_key_hashes: vec![KeyHash::of(key)],
        redirect_hosts: Vec::new(),
        parent_origins: origins,
        brand: Brand::default(),
        discount_max_paise: DISCOUNT_MAX_PAISE,
        order_lifetime_ms: ORDER_LIFETIME_MS,
        phonepe,
        webhook: hook.map(|url| Webhook {
            url,
            secrets: vec![Secret::new(WEBHOOK_SECRET)],
        }),
    });
    Merchants::new(demo.into_iter().collect())
}

/// The demo's pages and forms.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/demo", get(shop::show)),
        Route::post("/demo/orders", post(shop::order)),
        Route::get("/demo/thanks", get(shop::thanks)),
        Route::get("/demo/bank", get(bank::show)),
        Route::post("/demo/bank/order", post(bank::act)),
        Route::post("/demo/bank/credit", post(bank::credit)),
        Route::get("/demo/demo.css", get(style)),
    ]
}

async fn style() -> impl IntoResponse {
    let kind = "text/css; charset=utf-8";
    ([(CONTENT_TYPE, kind)], include_str!("demo.css"))
}
