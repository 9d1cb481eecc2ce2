//! The checkout page: a thin shell around [`checkout_core`].
//!
//! ```text
//! browser event ──► driver ──► core's Checkout ──► effects ──► driver ──► browser
//!                                    └──► View (plain data) ──► view
//! ```
//!
//! Every rule and every word stands in core. What is left is here:
//!
//! - [`driver`]: feeds core its events, draws its view, carries out its effects.
//! - [`browser`]: one file per ability of the browser. Nothing else touches `web_sys`.
//! - [`view`]: one file per component. Each draws a part of core's view and decides nothing, so
//!   that all of it also renders on the host (feature `ssr`).

pub mod driver;

pub mod browser;

pub mod view;
