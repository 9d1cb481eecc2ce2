//! PhonePe's server-to-server APIs as the gateway speaks them.
//!
//! Pure code: no I/O, no clock, no randomness, no panic. A request goes in and a [`call::Call`] comes
//! out, ready to be sent; what came back goes in and a word that can be matched on comes out.
//!
//! # Where to start
//!
//! - [`debit`], [`collect`], [`autopay`]: the three ways to ask for money, one file each.
//! - [`vpa`], [`status`]: is there such a UPI id, and what became of a payment?
//! - [`callback`]: what PhonePe tells by itself; nothing in it can be read before it is proven.
//! - [`report`]: what a status answer or a callback says about one payment, in one type.
//! - [`ladder`]: when to ask for the status.
//!
//! Invariants: a request that breaks a limit never becomes a call, and the error names its field;
//! amounts are whole paise and cannot be negative; a word that PhonePe did not use yesterday is kept
//! and never read as success or as failure; no key is printed.
//!
//! Sources: PhonePe's documents for debit v3, debit v4, request payment and submit auth request;
//! "Check X-VERIFY", "Check transaction status", "Auth request status", "Cancel", "Verify VPA".

pub mod salt;

pub mod call;
pub mod limits;

pub mod autopay;
pub mod collect;
pub mod debit;
pub mod gst;

pub mod answer;
pub mod callback;
pub mod report;
pub mod status;
pub mod vpa;

pub mod ladder;

#[cfg(feature = "simulator")]
pub mod simulator;
