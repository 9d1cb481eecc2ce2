//! `size-budget.toml`: how much the first load may weigh. The number only shrinks.

use crate::command;
use crate::problem::{Problem, Result};
use crate::project;
use std::process::Command;

/// The file's name, from the root.
pub(crate) const FILE: &str = "size-budget.toml";

const KEY: &str = "first_load_brotli";

/// The budget in force, in bytes.
pub(crate) fn first_load_brotli() -> Result<usize> {
    parse(&project::read(FILE)?)
        .ok_or_else(|| Problem::new(format!("{FILE} must have one line like `{KEY} = 80000`")))
}

/// The smallest budget that any commit in reach has set, if there is history to read: a raise
/// stays visible however many commits ago it was made.
pub(crate) fn smallest_committed() -> Option<usize> {
    let git = || {
        let mut git = Command::new("git");
        git.current_dir(project::root());
        git
    };
    let commits = command::answer(git().args(["log", "--format=%H", "--", FILE]))?;
    commits
        .lines()
        .filter_map(|commit| command::answer(git().args(["show", &format!("{commit}:{FILE}")])))
        .filter_map(|text| parse(&text))
        .min()
}

/// The number in the file. Exactly one line sets it; comments and blank lines may be around.
fn parse(text: &str) -> Option<usize> {
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (key, value) = lines.next()?.split_once('=')?;
    let only = lines.next().is_none() && key.trim() == KEY;
    only.then(|| value.trim().replace('_', "").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_sets_the_budget() {
        for (text, budget) in [
            ("first_load_brotli = 80000", Some(80_000)),
            ("# why\n\n  first_load_brotli=60_000 \n", Some(60_000)),
            ("", None),
            ("first_load = 1", None),
            ("first_load_brotli = many", None),
            ("first_load_brotli = -1", None),
            ("first_load_brotli = 1\nfirst_load_brotli = 2", None),
        ] {
            assert_eq!(parse(text), budget, "{text:?}");
        }
    }

    #[test]
    fn the_file_in_the_repository_can_be_read() {
        assert!(first_load_brotli().unwrap() > 0);
    }
}
