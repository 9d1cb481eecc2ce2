//! Stories of payers, told in real browsers. One file per theme; each name is a claim.

mod base_contract;
mod demo;
mod embed;
mod keyboard;
mod misbehaviour;
mod pay;
mod recovery;
mod screens;
mod utr;
