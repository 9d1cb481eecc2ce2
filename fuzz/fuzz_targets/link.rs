//! Any text as a link: whatever is read keeps its bytes, and what opens it is read back the same.
#![no_main]

use checkout_core::apps::App;
use checkout_core::launch;
use checkout_core::link::{Kind, LinkError, UpiLink};
use checkout_core::money::Paise;
use checkout_core::platform::{Browser, Platform, System};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(link) = UpiLink::parse(text) else { return };
    if !text.to_ascii_lowercase().starts_with("intent:") {
        assert_eq!(link.as_str(), text);
    }
    let _ = (link.warnings(), link.payee_name(), link.note(), link.expires_at_ms());
    let _ = link.mandate().map(|mandate| mandate.words());
    let amount = Paise::new(12_345).unwrap();
    match link.with_amount(amount) {
        Ok(changed) => {
            assert_eq!(changed.charged_now(), Some(amount));
            assert_eq!(changed.payee(), link.payee());
        }
        Err(LinkError::Signed) => assert!(link.is_signed()),
        Err(LinkError::MandateTerms) => assert_eq!(link.kind(), Kind::Mandate),
        // Only the length can grow past what is allowed.
        Err(error) => assert_eq!(error, LinkError::TooLong),
    }
    for system in [System::Android, System::Ios] {
        let platform = Platform { system, browser: Browser::Standard };
        for app in App::ALL {
            let Some(address) = launch::address(&link, app, platform, "https://pay.example/pay/1") else { continue };
            match UpiLink::parse(&address) {
                Ok(read) => assert_eq!(read.query(), link.query()),
                Err(error) => assert_eq!(error, LinkError::TooLong),
            }
        }
    }
});
