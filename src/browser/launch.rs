//! Opening an app by its link.

use web_sys::window;

/// Opens a link that core has given. Whether an app answers to it, no browser tells.
pub fn open(link: &str) {
    if let Some(window) = window() {
        // Refused where the scheme is blocked; core offers other ways after a while.
        let _ = window.location().set_href(link);
    }
}
