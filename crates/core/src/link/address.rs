//! What stands before the `?`: which scheme, and whether it asks for a payment or a mandate.

use super::{Kind, LinkError};
use crate::apps::App;

/// Other spellings of the apps' own links, seen in WhatsApp's and Google Pay's lists of apps.
const ALSO_PAY: [&str; 5] = [
    "gpay://upi/pay",
    "phonepe://upi/pay",
    "paytmmp://upi/pay",
    "bhim://upi/pay",
    "amazonpay://pay",
];

/// The same for mandates: PhonePe's answer to an autopay request names its app by `ppe:`.
const ALSO_MANDATE: [&str; 3] = ["ppe://mandate", "gpay://upi/mandate", "navi://mandate"];

/// What a link with this address asks for. Case does not count, and one `/` at the end is forgiven.
pub(super) fn kind(address: &str) -> Result<Kind, LinkError> {
    let address = address.to_ascii_lowercase();
    let address = address.strip_suffix('/').unwrap_or(&address);
    let facts = || App::ALL.iter().map(|app| app.facts());
    if facts().any(|facts| facts.pay == address) || ALSO_PAY.contains(&address) {
        return Ok(Kind::Pay);
    }
    if facts().any(|facts| facts.mandate == Some(address)) || ALSO_MANDATE.contains(&address) {
        return Ok(Kind::Mandate);
    }
    let scheme = address.split(':').next().unwrap_or_default();
    Err(match scheme {
        "upiglobal" => LinkError::Global,
        _ if address.ends_with("collect") => LinkError::Collect,
        "upi" => LinkError::NotPay,
        _ => LinkError::Scheme,
    })
}
