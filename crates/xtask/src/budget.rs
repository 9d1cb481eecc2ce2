//! `size-budget.toml`: how much what we send may weigh. The numbers only shrink.

use crate::command;
use crate::problem::{Problem, Result};
use crate::project;
use std::process::Command;

/// The file's name, from the root.
pub(crate) const FILE: &str = "size-budget.toml";

const FIRST_LOAD: &str = "first_load_brotli";
const LOADER: &str = "loader_brotli";

/// All numbers in the file.
pub(crate) const KEYS: [&str; 2] = [FIRST_LOAD, LOADER];

/// What the page's first load may weigh, in bytes.
pub(crate) fn first_load_brotli() -> Result<usize> {
    in_force(FIRST_LOAD)
}

/// What the merchants' loader may weigh, in bytes.
pub(crate) fn loader_brotli() -> Result<usize> {
    in_force(LOADER)
}

/// The number in force.
pub(crate) fn in_force(key: &str) -> Result<usize> {
    parse(&project::read(FILE)?, key)
        .ok_or_else(|| Problem::new(format!("{FILE} must have one line like `{key} = 80000`")))
}

/// The smallest number that any commit in reach has set, if there is history to read: a raise
/// stays visible however many commits ago it was made.
pub(crate) fn smallest_committed(key: &str) -> Option<usize> {
    let git = || {
        let mut git = Command::new("git");
        git.current_dir(project::root());
        git
    };
    let commits = command::answer(git().args(["log", "--format=%H", "--", FILE]))?;
    commits
        .lines()
        .filter_map(|commit| command::answer(git().args(["show", &format!("{commit}:{FILE}")])))
        .filter_map(|text| parse(&text, key))
        .min()
}

/// The number of a key. Exactly one line sets it, and no line sets anything unknown; comments and
/// blank lines may be around.
fn parse(text: &str, key: &str) -> Option<usize> {
    let mut found = None;
    let lines = text.lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, value) = line.split_once('=')?;
        let name = name.trim();
        if !KEYS.contains(&name) || (name == key && found.is_some()) {
            return None;
        }
        if name == key {
            found = Some(value.trim().replace('_', "").parse().ok()?);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_sets_each_number() {
        for (text, budget) in [
            ("first_load_brotli = 80000", Some(80_000)),
            ("# why\n\n  first_load_brotli=60_000 \n", Some(60_000)),
            ("first_load_brotli = 1\nloader_brotli = 2", Some(1)),
            ("loader_brotli = 2", None),
            ("", None),
            ("first_load = 1", None),
            ("first_load_brotli = many", None),
            ("first_load_brotli = -1", None),
            ("first_load_brotli = 1\nfirst_load_brotli = 2", None),
        ] {
            assert_eq!(parse(text, FIRST_LOAD), budget, "{text:?}");
        }
    }

    #[test]
    fn the_file_in_the_repository_can_be_read() {
        for key in KEYS {
            assert!(in_force(key).unwrap() > 0, "{key}");
        }
    }
}
