//! The devices that stories are told on. Most of them are Chromium: what makes them differ is how
//! they introduce themselves, their size and their touch. The others are the desktop once more, in the
//! other engines.

use super::apps;
use crate::Result;
use serde_json::{Value, json};
use std::process::Command;
use thirtyfour::{
    BrowserCapabilitiesHelper, Capabilities, ChromeCapabilities, ChromiumLikeCapabilities,
    FirefoxCapabilities, LoggingPrefsLogLevel,
};

/// What a browser looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// An Android phone with a small screen and touch, in Chrome.
    Phone,
    /// The same in Samsung's browser.
    SamsungInternet,
    /// The same in Firefox.
    FirefoxOnAndroid,
    /// The same in a WebView of another app.
    WebView,
    /// An iPhone in Safari.
    Iphone,
    /// An iPhone in Instagram.
    InstagramOnIphone,
    /// A desktop.
    Desktop,
    /// The same in Firefox.
    DesktopFirefox,
    /// The same in WebKit, as far as Linux has it: the engine is Safari's, the browser around it is not.
    DesktopWebkit,
}

/// What is inside of a browser. Only Chromium has what stands in `Window` as Chromium's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chrome's, and of most browsers on Android.
    Chromium,
    /// Firefox's.
    Firefox,
    /// Safari's, and of every browser on an iPhone.
    Webkit,
}

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

/// What makes it WebKit's test browser under its driver. The driver never answers again once Back has
/// crossed the border that Cross-Origin-Opener-Policy draws around the checkout, so there is none.
const WEBKIT_ARGUMENTS: [&str; 2] = ["--automation", "--features=-CrossOriginOpenerPolicy"];

impl Device {
    /// Its name in file names.
    pub fn name(self) -> &'static str {
        match self {
            Device::Phone => "phone",
            Device::SamsungInternet => "samsung-internet",
            Device::FirefoxOnAndroid => "firefox-on-android",
            Device::WebView => "web-view",
            Device::Iphone => "iphone",
            Device::InstagramOnIphone => "instagram-on-iphone",
            Device::Desktop => "desktop",
            Device::DesktopFirefox => "desktop-firefox",
            Device::DesktopWebkit => "desktop-webkit",
        }
    }

    /// What is inside.
    pub fn engine(self) -> Engine {
        match self {
            Device::Phone
            | Device::SamsungInternet
            | Device::FirefoxOnAndroid
            | Device::WebView
            | Device::Iphone
            | Device::InstagramOnIphone
            | Device::Desktop => Engine::Chromium,
            Device::DesktopFirefox => Engine::Firefox,
            Device::DesktopWebkit => Engine::Webkit,
        }
    }

    /// How it introduces itself; a desktop says what it is.
    fn user_agent(self) -> Option<&'static str> {
        Some(match self {
            Device::Phone => {
                "Mozilla/5.0 (Linux; Android 14; SM-A245F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
            }
            Device::SamsungInternet => {
                "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-A245F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36"
            }
            Device::FirefoxOnAndroid => {
                "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0"
            }
            Device::WebView => {
                "Mozilla/5.0 (Linux; Android 13; RMX3085 Build/TP1A.220905.001; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/129.0.6668.100 Mobile Safari/537.36"
            }
            Device::Iphone => {
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
            }
            Device::InstagramOnIphone => {
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 352.0.0.23.97 (iPhone14,5; iOS 18_1; en_IN; en; scale=3.00; 1170x2532; 652010672)"
            }
            Device::Desktop | Device::DesktopFirefox | Device::DesktopWebkit => return None,
        })
    }

    /// What a window of a desktop shows, which is less than the window's own size; a phone's window
    /// is as large as the phone.
    pub(super) fn metrics(self) -> Option<Value> {
        let desktop = json!({
            "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false,
        });
        (self == Device::Desktop).then_some(desktop)
    }

    /// What its driver is asked for. Pages of `origins` may open its apps.
    pub(super) fn capabilities(self, origins: &[String]) -> Result<Capabilities> {
        Ok(match self.engine() {
            Engine::Chromium => self.chromium(origins)?.into(),
            Engine::Firefox => {
                let mut capabilities = FirefoxCapabilities::new();
                capabilities.add_arg("-headless")?;
                capabilities.into()
            }
            Engine::Webkit => {
                let mut capabilities = Capabilities::new();
                capabilities.set("browserName", "MiniBrowser")?;
                capabilities.set(
                    "webkitgtk:browserOptions",
                    json!({ "args": WEBKIT_ARGUMENTS }),
                )?;
                capabilities
            }
        })
    }

    fn chromium(self, origins: &[String]) -> Result<ChromeCapabilities> {
        let mut capabilities = ChromeCapabilities::new();
        for argument in ARGUMENTS {
            capabilities.add_arg(argument)?;
        }
        if is_root() {
            // Chromium's own sandbox refuses to start as root, which is what containers run as.
            capabilities.add_arg("--no-sandbox")?;
        }
        if let Some(user_agent) = self.user_agent() {
            let phone = json!({
                "deviceMetrics": {
                    "width": 360, "height": 740, "pixelRatio": 2.0, "touch": true, "mobile": true,
                },
                "userAgent": user_agent,
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
