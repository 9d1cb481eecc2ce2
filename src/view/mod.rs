//! What the customer sees: components that draw core's view and decide nothing.
//!
//! Each file has one component. Every part is built once and then only changed where its text or
//! attribute has changed, so that a tick of the countdown leaves the code alone; what is not to be
//! seen is `hidden`. The `data-testid`s are promised (contract, section 4).
//!
//! All bindings are made by [`Ui`], and what looks alike is one component ([`action`], [`mod@line`]): a
//! closure or an element written in a component is a type of its own, for which the compiler makes
//! all of the drawing anew, and the page is paid for by the byte.

mod ui;

pub mod action;
pub mod amount;
pub mod app_button;
pub mod app_list;
pub mod asked;
pub mod checkout_page;
pub mod countdown;
pub mod elsewhere;
pub mod headline;
pub mod line;
pub mod offline_notice;
pub mod payee_line;
pub mod qr_panel;
pub mod status_panel;
pub mod taps;
pub mod upi_id;
pub mod utr_form;
pub mod way_on;
pub mod web_link;

pub use checkout_page::CheckoutPage;
pub use ui::Ui;

#[cfg(all(test, feature = "ssr"))]
mod tests;
