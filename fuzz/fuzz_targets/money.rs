//! Any text as an amount: what is read is printed and read back the same.
#![no_main]

use checkout_core::money::Paise;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(amount) = Paise::from_rupees(text) else { return };
    assert!(amount.get() > 0 && amount <= Paise::MAX);
    assert_eq!(Paise::from_rupees(&amount.to_rupees()), Ok(amount));
    let digits: String = amount.display().chars().filter(|c| !matches!(c, ',' | '₹')).collect();
    assert_eq!(digits, amount.to_rupees());
});
