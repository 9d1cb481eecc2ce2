//! Stories of payers, told in real browsers. One file per theme; each name is a claim.

mod away;
mod base_contract;
mod code;
mod demo;
mod embed;
mod integrity;
mod keyboard;
mod launch;
mod misbehaviour;
mod pay;
mod phonepe;
mod recovery;
mod screens;
mod utr;
