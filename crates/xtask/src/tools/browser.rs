//! The browser that tests drive: Chromium, with its WebDriver.

use super::{Tools, debian};
use crate::problem::Result;

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
    debian::install(
        tools,
        &[&missing, &[FONTS][..]].concat(),
        "Chromium or Chrome, and `chromedriver` of the same version, on the PATH",
    )
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
