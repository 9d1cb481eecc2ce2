//! The page's one timer.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::window;

/// The longest time that browsers can wait. Core only asks anew if it is woken too early.
const LONGEST_MS: u64 = i32::MAX as u64;

/// Setting it replaces the time that was set before; dropping it stops it.
pub struct Timer {
    wake: Closure<dyn Fn()>,
    handle: Cell<Option<i32>>,
}

impl Timer {
    /// A timer that calls `wake`. It is not set.
    pub fn new(wake: impl Fn() + 'static) -> Self {
        Self {
            wake: Closure::new(wake),
            handle: Cell::new(None),
        }
    }

    /// Calls at `at_ms`, instead of when it was told before; `None`: not at all.
    pub fn set(&self, now_ms: u64, at_ms: Option<u64>) {
        let Some(window) = window() else { return };
        if let Some(handle) = self.handle.take() {
            window.clear_timeout_with_handle(handle);
        }
        let Some(at_ms) = at_ms else { return };
        let wait_ms = at_ms.saturating_sub(now_ms).min(LONGEST_MS) as i32;
        let wake = self.wake.as_ref().unchecked_ref();
        let handle = window.set_timeout_with_callback_and_timeout_and_arguments_0(wake, wait_ms);
        self.handle.set(handle.ok());
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.set(0, None);
    }
}
