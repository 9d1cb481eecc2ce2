//! The gateway: keeps orders, answers the page's five calls, matches money to orders.
//!
//! # Where to start
//!
//! - [`transition`]: the one function that says what may become of an order.
//! - [`ledger`]: the use cases around it, each one transaction.
//! - [`matching`]: which order a credit at the bank pays.
//! - [`rails`]: PhonePe as a way to be paid.
//! - [`webhook`]: how merchants hear of it.
//! - [`http`]: the route table, one file per resource.
//! - [`store`]: the only place with SQL; [`memory`]: what need not be read from there again.
//!
//! Invariants: only [`ledger`] changes an order, and only through [`transition`]; SUCCESS is
//! final; every change writes its event and its news in the same transaction; texts from outside
//! become types at the edge, and no UPI id, UTR or key reaches a log.

pub mod app;
pub mod assets;
pub mod cli;
pub mod clock;
pub mod config;
pub mod credit;
pub mod discount;
pub mod expiry;
pub mod http;
pub mod inspect;
pub mod ledger;
pub mod limits;
pub mod matching;
pub mod memory;
pub mod merchant;
pub mod metrics;
pub mod order;
pub mod rails;
pub mod random;
pub mod sandbox;
pub mod secret;
pub mod serve;
pub(crate) mod server;
pub mod store;
pub mod success_url;
pub mod transition;
pub mod verify_live;
pub mod webhook;

pub use app::App;
pub use http::Gateway;
