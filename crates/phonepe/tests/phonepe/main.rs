//! The crate from outside: the documents' own samples, the limits, and what answers mean.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on ends there"
)]

mod answers;
mod golden;
mod limits;
mod properties;
mod samples;
mod simulator;
mod talk;
