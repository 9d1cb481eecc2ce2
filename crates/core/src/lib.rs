//! The rules of a UPI checkout.
//!
//! Pure code: no I/O, no clock, no randomness, no float, no panic. Time and random numbers come in
//! as arguments; work goes out as effects, which the caller carries out.
//!
//! # Where to start
//!
//! - [`money::Paise`]: every amount.

pub mod apps;
pub mod json;
pub mod link;
pub mod money;
pub mod qr;
pub mod redirect;
pub mod utr;
pub mod vpa;
pub mod wire;
