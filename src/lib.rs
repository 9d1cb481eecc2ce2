//! The checkout page.
