//! Debian packages: installed where we may, named where we may not.

use super::Tools;
use crate::command;
use crate::problem::{Problem, Result};
use crate::progress;
use std::path::Path;
use std::process::Command;

/// Installs packages that are missing. `otherwise`: what a person on another system must see to.
pub(super) fn install(tools: &Tools, packages: &[&str], otherwise: &str) -> Result<()> {
    if !Path::new("/etc/debian_version").exists() {
        return Err(Problem::new(format!("the tests need {otherwise}")));
    }
    if !is_root() {
        return Err(Problem::new(format!(
            "the tests need more packages: sudo apt-get install {}",
            packages.join(" ")
        )));
    }
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

fn is_root() -> bool {
    command::answer(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
