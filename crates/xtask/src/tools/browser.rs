//! The browser that tests drive: Chromium, with its WebDriver.

use super::Tools;
use crate::command;
use crate::problem::{Problem, Result};
use crate::progress;
use std::path::Path;
use std::process::Command;

/// Programs, each with the Debian package that brings it.
const PROGRAMS: &[(&str, &str)] = &[
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
];

/// Chromium only recommends it; without it, text has another width than elsewhere.
const FONTS: &str = "fonts-liberation";

/// Chromium under any of its names, and `chromedriver`.
pub(super) fn chromium(tools: &mut Tools) -> Result<()> {
    let missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(program, _)| !is_there(tools, program))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !Path::new("/etc/debian_version").exists() {
        return Err(Problem::new(
            "the tests need Chromium or Chrome, and `chromedriver` of the same version, on the PATH",
        ));
    }
    if !is_root() {
        return Err(Problem::new(format!(
            "the tests need more packages: sudo apt-get install {}",
            missing.join(" ")
        )));
    }
    install(tools, &missing)
}

fn is_there(tools: &Tools, program: &str) -> bool {
    let names: &[&str] = match program {
        "chromium" => &[
            "chromium",
            "google-chrome",
            "google-chrome-stable",
            "chrome",
        ],
        other => &[other],
    };
    names.iter().any(|name| tools.find(name).is_some())
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
            .args(["install", "--yes", "--no-install-recommends", FONTS])
            .args(packages),
    )
}
