//! PostgreSQL's programs. Whether the system's own server runs does not matter: the tests start one of
//! their own, in a folder of its own, and end it.

use super::Tools;
use super::debian::{self, Program};
use crate::problem::Result;
use std::fs;

/// Debian keeps them off the PATH, one folder for each version.
const DEBIAN: &str = "/usr/lib/postgresql";

const PROGRAMS: &[Program] = &[Program {
    names: &["initdb"],
    package: "postgresql",
}];

/// `initdb`, and what comes with it.
pub(super) fn programs(tools: &mut Tools) -> Result<()> {
    let mut versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    if versions.any(|version| version.path().join("bin/initdb").is_file()) {
        return Ok(());
    }
    debian::provide(tools, PROGRAMS, &[])
}
