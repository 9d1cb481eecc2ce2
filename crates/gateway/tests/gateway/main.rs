//! The gateway from outside: the real router on a real SQLite file, a fresh one for each test.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on ends there"
)]

mod callers;
mod calls;
mod claims;
mod credits;
mod discount;
mod edges;
mod expiry;
mod harness;
mod headers;
mod idempotency;
mod killing;
mod openapi;
mod orders;
mod page;
mod phonepe;
mod process;
mod redirects;
mod sandbox;
mod webhooks;
