//! The two devices that stories are told on.

use super::apps;
use crate::Result;
use serde_json::{Value, json};
use std::process::Command;
use thirtyfour::{
    BrowserCapabilitiesHelper, ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel,
};

/// What a browser looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// An Android phone with a small screen and touch.
    Phone,
    /// A desktop.
    Desktop,
}

const ANDROID: &str = "Mozilla/5.0 (Linux; Android 14; SM-A245F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";

/// Chromium keeps to itself: no look at the network but for the pages under test.
const ARGUMENTS: [&str; 8] = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

impl Device {
    /// Its name in file names.
    pub fn name(self) -> &'static str {
        match self {
            Device::Phone => "phone",
            Device::Desktop => "desktop",
        }
    }

    /// What a window of a desktop shows, which is less than the window's own size; a phone's window
    /// is as large as the phone.
    pub(super) fn metrics(self) -> Option<Value> {
        let desktop = json!({
            "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false,
        });
        (self == Device::Desktop).then_some(desktop)
    }

    pub(super) fn capabilities(self, origins: &[String]) -> Result<ChromeCapabilities> {
        let mut capabilities = ChromeCapabilities::new();
        for argument in ARGUMENTS {
            capabilities.add_arg(argument)?;
        }
        if is_root() {
            // Chromium's own sandbox refuses to start as root, which is what containers run as.
            capabilities.add_arg("--no-sandbox")?;
        }
        if self == Device::Phone {
            let phone = json!({
                "deviceMetrics": {
                    "width": 360, "height": 740, "pixelRatio": 2.0, "touch": true, "mobile": true,
                },
                "userAgent": ANDROID,
            });
            capabilities.set_browser_option("mobileEmulation", phone)?;
        }
        capabilities.set_browser_option("prefs", apps::preferences(origins))?;
        capabilities.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
        capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
        Ok(capabilities)
    }
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}
