//! Stories of payers, in real browsers.
