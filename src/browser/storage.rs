//! What is kept in this tab through reloads. A browser may refuse it at any time; then a reload
//! forgets, and nothing else happens.

use web_sys::{Storage, window};

/// What was kept for an order.
pub fn load(order_id: &str) -> Option<String> {
    storage()?.get_item(&key(order_id)).ok()?
}

/// Keeps a text for an order.
pub fn save(order_id: &str, text: &str) {
    if let Some(storage) = storage() {
        // Full, or refused.
        let _ = storage.set_item(&key(order_id), text);
    }
}

fn storage() -> Option<Storage> {
    window()?.session_storage().ok()?
}

fn key(order_id: &str) -> String {
    ["upi-checkout:", order_id].concat()
}
