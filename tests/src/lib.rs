//! The harness of the end-to-end tests: what a story needs to happen in a real browser.
//!
//! # Where to start
//!
//! - [`mod@scene`]: runs one story, says what the payer saw where it fails, and cleans up.
//! - [`pay_page::PayPage`]: the page in the words of a payer.
//! - [`gateway::Gateway`]: the real gateway, as a process with a SQLite file.
//! - [`site::Site`]: small sites of others, each an origin of its own.
//! - [`back_end::BackEnd`]: a scripted back end that speaks the base contract, or misbehaves.
//!
//! Nothing here sleeps: every wait is for a condition, with an end ([`wait::until`]).

pub mod failure;
pub mod scene;
pub mod wait;

pub mod browser;
pub mod pay_page;
pub mod qr;

pub mod back_end;
pub mod gateway;
pub mod merchant;
pub mod place;
pub mod site;

pub use failure::{Failure, Result};
pub use scene::{Scene, scene};
