//! What went wrong, in words for the person who typed the command.

use std::fmt::{self, Display};

/// A failure, told once. It says what to do wherever that is known.
#[derive(Debug)]
pub(crate) struct Problem(String);

impl Problem {
    /// A problem in these words.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The result of anything that can fail here.
pub(crate) type Result<T> = std::result::Result<T, Problem>;

/// Says what was being done when a lower layer failed.
pub(crate) trait While<T> {
    /// `cannot {doing}: {why}`.
    fn while_doing(self, doing: impl Display) -> Result<T>;
}

impl<T, E: Display> While<T> for std::result::Result<T, E> {
    fn while_doing(self, doing: impl Display) -> Result<T> {
        self.map_err(|why| Problem::new(format!("cannot {doing}: {why}")))
    }
}
