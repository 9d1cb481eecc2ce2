//! What the customer sees: components that draw core's view and decide nothing.
//!
//! Each file has one component. It gets its part of the view as a memo, so that it is drawn again
//! only when that part has changed: a tick of the countdown leaves the code alone. What the customer
//! does goes out through [`Dispatch`]. The `data-testid`s are promised (contract, section 4).

mod amount;
mod app_button;
mod app_list;
mod checkout_page;
mod countdown;
mod dispatch;
mod headline;
mod offline_notice;
mod open_again;
mod payee_line;
mod qr_panel;
mod status_panel;
mod upi_id;
mod utr_form;
mod way_on;

pub use checkout_page::CheckoutPage;
pub use dispatch::Dispatch;
