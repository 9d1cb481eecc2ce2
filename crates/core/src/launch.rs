//! How a link opens an app on a platform: one pure function and its table.
//!
//! The query's bytes stay as they are, always. What cannot be opened gives `None`: then the code,
//! the UPI id and other ways are what the page offers.

use crate::apps::App;
use crate::link::{Kind, UpiLink};
use crate::platform::{Browser, Platform, System};

/// The fragment that Android's browsers add to the page's address where the app is not there. Only
/// the fragment changes, so the page is not loaded again.
pub const NOT_OPENED: &str = "#app-not-opened";

/// How the links begin that PhonePe makes for its own app on iOS.
const PHONEPES_OWN: &str = "ppe:";

/// The address to navigate to so that `app` opens with `link`; `None`: not on this platform.
///
/// `page`: the page's own address, to which Android comes back where the app is missing.
///
/// | platform | address | source |
/// | --- | --- | --- |
/// | Android, Chromium browsers | `intent://pay?…` for the app's package, with a way back | Chrome's documentation of intents |
/// | Android, Firefox | the same without a way back, which Firefox would always take | mozilla-mobile/fenix issue 23397 |
/// | Android, any app | `upi://pay?…`: the system's chooser | Juspay's guide to mobile web |
/// | iOS | the app's own scheme; there is no chooser, so no "any app" | Google's and Juspay's guides |
/// | iOS, PhonePe's own mandate link | that link: PhonePe made it for its app | PhonePe, "Submit auth request" |
/// | in-app browsers, desktop | nothing | |
pub fn address(link: &UpiLink, app: App, platform: Platform, page: &str) -> Option<String> {
    if link.is_for_scanning() {
        return None;
    }
    match (platform.system, platform.browser) {
        (System::Desktop, _) | (_, Browser::InApp) => None,
        (System::Ios, _) => ios(link, app),
        (System::Android, Browser::Firefox) => android(link, app, None),
        (System::Android, Browser::Standard) => android(link, app, way_back(page)),
    }
}

fn ios(link: &UpiLink, app: App) -> Option<String> {
    if app == App::Any {
        return None;
    }
    let facts = app.facts();
    if app == App::PhonePe && link.as_str().starts_with(PHONEPES_OWN) {
        return Some(link.as_str().to_owned());
    }
    let prefix = match link.kind() {
        Kind::Pay => facts.pay_ios,
        Kind::Mandate => facts.mandate?,
    };
    Some(format!("{prefix}?{}", link.query()))
}

fn android(link: &UpiLink, app: App, way_back: Option<String>) -> Option<String> {
    let facts = app.facts();
    let (host, query) = match link.kind() {
        Kind::Pay => ("pay", link.query()),
        Kind::Mandate => {
            facts.mandate?;
            ("mandate", link.query())
        }
    };
    if app == App::Any {
        return Some(format!("upi://{host}?{query}"));
    }
    let package = facts.package;
    let fallback = way_back
        .map(|url| format!("S.browser_fallback_url={url};"))
        .unwrap_or_default();
    Some(format!(
        "intent://{host}?{query}#Intent;scheme=upi;package={package};{fallback}end"
    ))
}

/// The page's own address with the fragment that says what happened, escaped for an intent.
fn way_back(page: &str) -> Option<String> {
    let page = page.split('#').next().unwrap_or_default();
    if !page.starts_with("https://") && !page.starts_with("http://") {
        return None;
    }
    let mut escaped = String::with_capacity(page.len().saturating_mul(2));
    for byte in page.bytes().chain(NOT_OPENED.bytes()) {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::tests::*;

    const QUERY: &str = "pa=shop%40bank&pn=A+B%&tr=o1&am=499.00&cu=INR&sign=MEUC/+=";
    const PAGE: &str = "https://pay.example/pay/o1?lang=en#top";
    const BACK: &str =
        "S.browser_fallback_url=https%3A%2F%2Fpay.example%2Fpay%2Fo1%3Flang%3Den%23app-not-opened;";

    fn open(app: App, (agent, touch): (&str, i32)) -> Option<String> {
        let link = UpiLink::parse(&format!("upi://pay?{QUERY}")).unwrap();
        address(&link, app, Platform::detect(agent, touch), PAGE)
    }

    /// Package and iOS prefix of each app, written down once more by hand.
    const TABLE: [(App, &str, &str); 9] = [
        (App::PhonePe, "com.phonepe.app", "phonepe://pay"),
        (
            App::GPay,
            "com.google.android.apps.nbu.paisa.user",
            "gpay://upi/pay",
        ),
        (App::Paytm, "net.one97.paytm", "paytmmp://pay"),
        (App::Navi, "com.naviapp", "navipay://pay"),
        (App::SuperMoney, "money.super.payments", "super://pay"),
        (App::Bhim, "in.org.npci.upiapp", "bhim://pay"),
        (App::Cred, "com.dreamplug.androidapp", "credpay://upi/pay"),
        (
            App::AmazonPay,
            "in.amazon.mShop.android.shopping",
            "amazonpay://upi/pay",
        ),
        (App::WhatsApp, "com.whatsapp", "whatsapp://upi/pay"),
    ];

    #[test]
    fn every_app_opens_on_every_platform_that_can() {
        for (app, package, prefix) in TABLE {
            for browser in [CHROME_ANDROID, SAMSUNG] {
                let expected =
                    format!("intent://pay?{QUERY}#Intent;scheme=upi;package={package};{BACK}end");
                assert_eq!(open(app, browser), Some(expected), "{app:?} {browser:?}");
            }
            let expected = format!("intent://pay?{QUERY}#Intent;scheme=upi;package={package};end");
            assert_eq!(open(app, FIREFOX_ANDROID), Some(expected), "{app:?}");
            for browser in [SAFARI_IOS, CHROME_IOS, IPAD] {
                assert_eq!(
                    open(app, browser),
                    Some(format!("{prefix}?{QUERY}")),
                    "{app:?} {browser:?}"
                );
            }
        }
        for browser in [CHROME_ANDROID, SAMSUNG, FIREFOX_ANDROID] {
            assert_eq!(open(App::Any, browser), Some(format!("upi://pay?{QUERY}")));
        }
        assert_eq!(open(App::Any, SAFARI_IOS), None);
    }

    #[test]
    fn nothing_opens_in_an_app_or_on_a_desktop() {
        for app in App::ALL {
            for browser in [
                WEB_VIEW,
                INSTAGRAM_ANDROID,
                IN_APP_IOS,
                CHROME_DESKTOP,
                FIREFOX_DESKTOP,
                SAFARI_DESKTOP,
            ] {
                assert_eq!(open(app, browser), None, "{app:?} {browser:?}");
            }
        }
    }

    #[test]
    fn what_is_made_for_a_code_is_never_launched() {
        for (mode, opens) in [
            ("01", false),
            ("02", false),
            ("22", false),
            ("04", true),
            ("05", true),
            ("", true),
        ] {
            let link = UpiLink::parse(&format!("upi://pay?pa=shop@bank&tr=1&mode={mode}")).unwrap();
            let (agent, touch) = CHROME_ANDROID;
            let address = address(&link, App::GPay, Platform::detect(agent, touch), PAGE);
            assert_eq!(address.is_some(), opens, "mode {mode}");
        }
    }

    #[test]
    fn a_mandate_goes_to_the_apps_that_take_one() {
        let query = "pa=shop@bank&am=299&recur=MONTHLY";
        let link = UpiLink::parse(&format!("upi://mandate?{query}")).unwrap();
        let open = |app, (agent, touch)| address(&link, app, Platform::detect(agent, touch), "");
        assert_eq!(
            open(App::PhonePe, CHROME_ANDROID),
            Some(format!(
                "intent://mandate?{query}#Intent;scheme=upi;package=com.phonepe.app;end"
            ))
        );
        assert_eq!(
            open(App::GPay, SAFARI_IOS),
            Some(format!("tez://upi/mandate?{query}"))
        );
        assert_eq!(
            open(App::Any, CHROME_ANDROID),
            Some(format!("upi://mandate?{query}"))
        );
        let own = UpiLink::parse(&format!("ppe://mandate?{query}")).unwrap();
        let open_own = |app, (agent, touch)| address(&own, app, Platform::detect(agent, touch), "");
        assert_eq!(
            open_own(App::PhonePe, SAFARI_IOS),
            Some(format!("ppe://mandate?{query}"))
        );
        for (app, browser) in [(App::PhonePe, CHROME_ANDROID), (App::GPay, SAFARI_IOS)] {
            assert_eq!(open_own(app, browser), open(app, browser));
        }
        assert_eq!(open(App::WhatsApp, CHROME_ANDROID), None);
        assert_eq!(open(App::AmazonPay, SAFARI_IOS), None);
    }

    #[test]
    fn what_opens_is_read_back_as_the_same_link() {
        for app in App::ALL {
            for browser in [CHROME_ANDROID, FIREFOX_ANDROID, SAFARI_IOS] {
                let Some(address) = open(app, browser) else {
                    continue;
                };
                let read =
                    UpiLink::parse(&address).unwrap_or_else(|error| panic!("{address}: {error}"));
                assert_eq!(read.query(), QUERY, "{address}");
            }
        }
    }
}
