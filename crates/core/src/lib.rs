//! The rules of a UPI checkout.
//!
//! Pure code: no I/O, no clock, no randomness, no float, no panic. Time and random numbers come in
//! as arguments; work goes out as [`checkout::Effect`]s, which the caller carries out.
//!
//! # Where to start
//!
//! - [`checkout::Checkout`]: the machine. An event goes in, effects come out, a view stands beside.
//! - [`money::Paise`]: every amount.
//! - [`link::UpiLink`]: every link that pays.
//! - [`wire`]: the five calls.

#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::wildcard_enum_match_arm,
        reason = "a test may panic"
    )
)]

pub mod money;
pub mod vpa;

pub mod apps;
pub mod launch;
pub mod link;
pub mod mandate;
pub mod qr;
pub mod redirect;
pub mod utr;
pub mod when;

pub mod json;
pub mod wire;

pub mod address;
pub mod clock;
pub mod config;
pub mod platform;
pub mod poll;

pub mod checkout;
pub mod words;
