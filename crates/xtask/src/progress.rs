//! Progress lines: what is being done now, and how long it took.

use std::time::Duration;

/// Announces something that takes a while.
pub(crate) fn doing(what: &str) {
    println!("==> {what}");
}

/// A remark below an announcement.
pub(crate) fn note(what: &str) {
    println!("    {what}");
}

/// A time for people: `9.4 s`, `3 min 07 s`.
pub(crate) fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{}.{} s", seconds, time.subsec_millis() / 100)
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        for (milliseconds, text) in [(40, "0.0 s"), (9_460, "9.4 s"), (187_000, "3 min 07 s")] {
            assert_eq!(elapsed(Duration::from_millis(milliseconds)), text);
        }
    }
}
