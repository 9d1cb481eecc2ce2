//! What the page asks of the browser: one file per ability.
//!
//! Any of these can be missing or refused (private windows, embedded views, policies). None of that
//! is an error here: the checkout goes on without.

pub mod clipboard;
pub mod clock;
pub mod focus;
pub mod gestures;
pub mod http;
pub mod json;
pub mod launch;
pub mod leave;
pub mod lifecycle;
mod listener;
pub mod page;
pub mod parent;
pub mod picture;
pub mod room;
pub mod storage;
pub mod timer;
pub mod wake_lock;

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
