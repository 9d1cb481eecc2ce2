//! The one place that waits.

use crate::Result;
use crate::failure::Failure;
use std::time::Duration;
use thirtyfour::extensions::query::{ElementPoller, ElementPollerWithTimeout};

/// Enough for whatever the page does by itself; CI is slow.
pub const SOON: Duration = Duration::from_secs(15);

/// How often a condition is looked at.
const EVERY: Duration = Duration::from_millis(40);

/// What a look at a condition found: the thing that was waited for, or what is there instead.
pub type Look<T = ()> = std::result::Result<T, String>;

/// Looks at a condition until it holds, and returns what it found.
///
/// # Errors
/// What was to be seen and what was seen last, where it does not hold `within` that time.
pub async fn until<T>(
    within: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<Look<T>>,
) -> Result<T> {
    let mut poller = ElementPollerWithTimeout::new(within, EVERY);
    loop {
        let instead = match look().await? {
            Ok(found) => return Ok(found),
            Err(instead) => instead,
        };
        if !poller.tick().await {
            return Err(Failure::new(format!(
                "waited {within:?} for {what}; instead: {instead}"
            )));
        }
    }
}
