//! Why a story failed, in words for a person.

use std::any::Any;
use std::error::Error;
use std::fmt;

/// Why a story failed.
///
/// It turns from every error by `?`, which is why it is none itself.
pub struct Failure(String);

/// What harness and stories return.
pub type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure in these words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// The same with more to it.
    #[must_use]
    pub fn and(self, words: impl fmt::Display) -> Self {
        Self(format!("{self}\n{words}"))
    }

    pub(crate) fn of_panic(panic: &(dyn Any + Send)) -> Self {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Self::new(words.unwrap_or("the story panicked"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The test runner prints a failure with this.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            words.push_str(&format!(": {error}"));
            cause = error.source();
        }
        // The WebDriver's own stack is no news to whoever made a mistake in the page.
        let stack = words.find("Stacktrace:").unwrap_or(words.len());
        words.truncate(stack);
        Self(words.trim_end().to_owned())
    }
}
