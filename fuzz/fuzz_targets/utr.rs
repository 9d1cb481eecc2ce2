//! Any text in the UTR field: what is found is twelve digits that a program accepts too.
#![no_main]

use checkout_core::utr::Utr;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(utr) = Utr::from_pasted(text) {
        assert_eq!(Utr::parse(utr.as_str()).as_ref(), Ok(&utr));
        assert_eq!(Utr::from_pasted(utr.as_str()).as_ref(), Ok(&utr));
    }
});
