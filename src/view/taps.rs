//! What each tap means: one table for the whole page, by the id of what is tapped.
//!
//! One listener on the page looks ids up here; a listener for each button would weigh more than the
//! buttons.

use checkout_core::apps::App;
use checkout_core::checkout::Event;

/// What before an app's id makes the id of its row.
pub(super) const APP: &str = "app-";

/// What the customer wants who taps this.
pub fn event(id: &str) -> Option<Event> {
    Some(match id {
        "open-again" => Event::OpenAgainTapped,
        "show-qr" => Event::QrTapped,
        "save-qr" => Event::QrSaveTapped,
        "share-qr" => Event::QrShareTapped,
        "copy-upi-id" => Event::CopyTapped,
        "copy-address" => Event::CopyAddressTapped,
        "utr-open" => Event::UtrTapped,
        "continue-web" => Event::ContinuedOnWeb,
        "retry" => Event::RetryTapped,
        "continue" => Event::ContinueTapped,
        _ => Event::AppTapped(App::from_id(id.strip_prefix(APP)?)?),
    })
}
