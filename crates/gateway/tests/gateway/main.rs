//! The gateway from outside: the real router on a real database, a fresh one for each test; the whole
//! suite on SQLite and on PostgreSQL (`database.rs`).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on ends there"
)]

mod callers;
mod calls;
mod claims;
mod credits;
mod database;
mod discount;
mod edges;
mod expiry;
mod harness;
mod headers;
mod idempotency;
mod killing;
mod limits;
mod memory;
mod openapi;
mod orders;
mod page;
mod phonepe;
mod postgres;
mod process;
mod redirects;
mod sandbox;
mod together;
mod webhooks;
