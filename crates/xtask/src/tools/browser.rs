//! The browsers that tests drive, each with its WebDriver: Chromium, Firefox, WebKit.

use super::debian::{self, Program};
use super::{Tools, cargo_tool};
use crate::problem::Result;

const CHROMIUM: &[Program] = &[
    Program {
        names: &[
            "chromium",
            "google-chrome",
            "google-chrome-stable",
            "chrome",
        ],
        package: "chromium",
    },
    Program {
        names: &["chromedriver"],
        package: "chromium-driver",
    },
];

const OTHERS: &[Program] = &[
    Program {
        names: &["firefox"],
        package: "firefox-esr",
    },
    Program {
        names: &["WebKitWebDriver"],
        package: "webkit2gtk-driver",
    },
    // WebKit has no mode without a window, so it gets a screen that nobody sees.
    Program {
        names: &["Xvfb"],
        package: "xvfb",
    },
];

/// Browsers only recommend them; without them, text has another width than elsewhere.
const FONTS: &[&str] = &["fonts-liberation"];

/// Chromium under any of its names, and `chromedriver`.
pub(super) fn chromium(tools: &mut Tools) -> Result<()> {
    debian::provide(tools, CHROMIUM, FONTS)
}

/// Firefox and WebKit's small browser, each with its driver. Debian has no `geckodriver`.
pub(super) fn firefox_and_webkit(tools: &mut Tools) -> Result<()> {
    debian::provide(tools, OTHERS, FONTS)?;
    cargo_tool::geckodriver(tools)
}
