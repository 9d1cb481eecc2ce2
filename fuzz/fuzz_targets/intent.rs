//! Any text inside an `intent:` link: what is read names a scheme and a host of the list, and holds
//! nothing of the intent's own keys.
#![no_main]

use checkout_core::link::UpiLink;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: (&str, &str)| {
    let (target, keys) = parts;
    let text = format!("intent://{target}#Intent;{keys}");
    let Ok(link) = UpiLink::parse(&text) else { return };
    let shown = link.as_str().to_ascii_lowercase();
    assert!(!shown.starts_with("intent:") && !shown.contains('#'));
    assert_eq!(UpiLink::parse(link.as_str()).as_ref(), Ok(&link));
    for key in ["component=", "SEL", "launchFlags=", "category=", "type="] {
        assert!(!keys.split(';').any(|part| part.starts_with(key)), "{text}");
    }
});
