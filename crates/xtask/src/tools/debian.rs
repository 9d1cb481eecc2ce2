//! Programs that Debian distributes ready to run.

use super::Tools;
use crate::command;
use crate::problem::{Problem, Result};
use crate::progress;
use std::path::Path;
use std::process::Command;

/// A program, and the package that brings it.
pub(super) struct Program {
    /// It may have any of these names.
    pub(super) names: &'static [&'static str],
    pub(super) package: &'static str,
}

/// Installs what is missing, as root on Debian, and these packages with it; else it says what is
/// missing.
pub(super) fn provide(tools: &Tools, programs: &[Program], with: &[&str]) -> Result<()> {
    let is_there = |program: &Program| program.names.iter().any(|name| tools.find(name).is_some());
    let missing: Vec<&str> = programs
        .iter()
        .filter(|program| !is_there(program))
        .map(|program| program.package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !Path::new("/etc/debian_version").exists() {
        return Err(Problem::new(format!(
            "the tests need on the PATH what these packages of Debian bring: {}",
            missing.join(", ")
        )));
    }
    if !is_root() {
        return Err(Problem::new(format!(
            "the tests need more packages: sudo apt-get install {}",
            missing.join(" ")
        )));
    }
    install(tools, &[&missing, with].concat())
}

fn is_root() -> bool {
    command::answer(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

fn install(tools: &Tools, packages: &[&str]) -> Result<()> {
    progress::doing(&format!("apt-get install {}", packages.join(" ")));
    let apt = || -> Result<Command> {
        let mut apt = tools.command("apt-get")?;
        apt.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        Ok(apt)
    };
    command::run(apt()?.arg("update"))?;
    command::run(
        apt()?
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages),
    )
}
