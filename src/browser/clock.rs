//! The page's clock.

use web_sys::window;

/// Milliseconds since 1970. Unlike the wall clock it never jumps while the page lives.
pub fn now_ms() -> u64 {
    let performance = window().and_then(|window| window.performance());
    performance.map_or(0, |it| (it.time_origin() + it.now()) as u64)
}
