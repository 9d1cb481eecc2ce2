//! Leaving for the shop.

use web_sys::window;

/// Goes to an address that core has judged, in place of this entry of the history: at the top level
/// where the page is framed and the browser allows that, else right here.
pub fn go(url: &str) {
    let Some(window) = window() else { return };
    let left = window
        .top()
        .ok()
        .flatten()
        .is_some_and(|top| top.location().replace(url).is_ok());
    if !left {
        let _ = window.location().replace(url);
    }
}
