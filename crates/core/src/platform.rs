//! Which system and browser show the page, told by the user agent.
//!
//! This decides how an app can be opened, and whether it can be at all. A wrong guess costs a tap,
//! never a payment: code, UPI id and UTR are always there.

/// Where the page runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    /// The operating system.
    pub system: System,
    /// The browser.
    pub browser: Browser,
}

/// The operating system, as far as UPI apps care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Android.
    Android,
    /// iPhone and iPad.
    Ios,
    /// Anything else: the customer's phone is another device, and scans the code.
    Desktop,
}

/// The browser, as far as opening apps is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// A browser of its own that opens app links: Chrome, Samsung Internet, Edge, Safari.
    Standard,
    /// Firefox, which follows an intent's fallback even where the app is there.
    Firefox,
    /// A browser inside an app (Instagram, Facebook, a WebView): app links replace the page with an
    /// error there.
    InApp,
}

/// The room that the window gives, as far as a code's size depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// CSS pixels across.
    pub width: usize,
    /// CSS pixels down.
    pub height: usize,
    /// Device pixels for a thousand CSS pixels: 2,625 on many phones, 1,000 on a plain monitor.
    pub device_pixels: usize,
}

impl Default for Room {
    /// The smallest phone that is designed for, with plain pixels.
    fn default() -> Self {
        Self {
            width: 360,
            height: 640,
            device_pixels: 1_000,
        }
    }
}

/// What in-app browsers call themselves.
const IN_APP: [&str; 16] = [
    "; wv)",
    "FBAN",
    "FBAV",
    "FB_IAB",
    "Instagram",
    "Line/",
    "MicroMessenger",
    "Twitter",
    "Snapchat",
    "LinkedInApp",
    "Pinterest",
    "TikTok",
    "musical_ly",
    "WhatsApp",
    "Telegram",
    "GSA/",
];

impl Platform {
    /// Tells by the user agent; iPads that pose as Macs are told by their touch points.
    pub fn detect(user_agent: &str, touch_points: i32) -> Self {
        let has = |word: &str| user_agent.contains(word);
        let ipad = has("iPad") || (has("Macintosh") && touch_points > 1);
        let system = if has("Android") {
            System::Android
        } else if has("iPhone") || has("iPod") || ipad {
            System::Ios
        } else {
            System::Desktop
        };
        // Every browser of its own on iOS ends in `Safari/…`; a bare WebView does not.
        let bare_web_view = system == System::Ios && !has("Safari/");
        let in_app =
            system != System::Desktop && (bare_web_view || IN_APP.iter().any(|name| has(name)));
        let browser = match () {
            () if in_app => Browser::InApp,
            () if has("Firefox/") || has("FxiOS/") => Browser::Firefox,
            () => Browser::Standard,
        };
        Self { system, browser }
    }

    /// Whether UPI apps can be on this device, so that it cannot scan its own screen.
    pub fn is_phone(self) -> bool {
        self.system != System::Desktop
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Real user agents, with touch points.
    pub(crate) const CHROME_ANDROID: (&str, i32) = (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
        5,
    );
    pub(crate) const SAMSUNG: (&str, i32) = (
        "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-A245F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
        5,
    );
    pub(crate) const FIREFOX_ANDROID: (&str, i32) = (
        "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0",
        5,
    );
    pub(crate) const WEB_VIEW: (&str, i32) = (
        "Mozilla/5.0 (Linux; Android 13; RMX3085 Build/TP1A.220905.001; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/129.0.6668.100 Mobile Safari/537.36",
        5,
    );
    pub(crate) const INSTAGRAM_ANDROID: (&str, i32) = (
        "Mozilla/5.0 (Linux; Android 13; SM-M336BU Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/129.0.0.0 Mobile Safari/537.36 Instagram 352.1.0.41.100 Android",
        5,
    );
    pub(crate) const SAFARI_IOS: (&str, i32) = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        5,
    );
    pub(crate) const CHROME_IOS: (&str, i32) = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0.6723.90 Mobile/15E148 Safari/604.1",
        5,
    );
    pub(crate) const IN_APP_IOS: (&str, i32) = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 352.0.0.23.97 (iPhone14,5; iOS 18_1; en_IN; en; scale=3.00; 1170x2532; 652010672)",
        5,
    );
    pub(crate) const IPAD: (&str, i32) = (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
        5,
    );
    pub(crate) const CHROME_DESKTOP: (&str, i32) = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
        10,
    );
    pub(crate) const FIREFOX_DESKTOP: (&str, i32) = (
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        0,
    );
    pub(crate) const SAFARI_DESKTOP: (&str, i32) = (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
        0,
    );

    #[test]
    fn platforms_are_told_apart() {
        use Browser::*;
        use System::*;
        for ((agent, touch), system, browser) in [
            (CHROME_ANDROID, Android, Standard),
            (SAMSUNG, Android, Standard),
            (FIREFOX_ANDROID, Android, Firefox),
            (WEB_VIEW, Android, InApp),
            (INSTAGRAM_ANDROID, Android, InApp),
            (SAFARI_IOS, Ios, Standard),
            (CHROME_IOS, Ios, Standard),
            (IN_APP_IOS, Ios, InApp),
            (IPAD, Ios, Standard),
            (CHROME_DESKTOP, Desktop, Standard),
            (FIREFOX_DESKTOP, Desktop, Firefox),
            (SAFARI_DESKTOP, Desktop, Standard),
        ] {
            let platform = Platform::detect(agent, touch);
            assert_eq!(
                (platform.system, platform.browser),
                (system, browser),
                "{agent}"
            );
            assert_eq!(platform.is_phone(), system != Desktop);
        }
    }
}
