//! What a framed page tells the loader in the shop's page.
//!
//! `docs/embed.md` has the channel. The loader is silent about what breaks one of its bounds, so every
//! message is made here, within them. It opens addresses by a rule of its own; [`is_opened`] is the
//! same rule, so that the page can offer another way at once.

use crate::apps::App;
use crate::checkout::Screen;
use crate::redirect;

/// The version of the channel: the number in every message, under [`MARK`].
pub const VERSION: u32 = 1;

/// The key by which a message is known.
pub const MARK: &str = "upi_checkout";

/// The page's first message, on the window. It has no value.
pub const HELLO: &str = "hello";

/// The loader's answer, on the port that came with `hello`.
pub const WELCOME: &str = "welcome";

/// The most that the loader takes of each.
const HEIGHT_MAX_PX: u32 = 9_999;
const QUESTION_MAX_UTF16: usize = 200;
const OBSTACLE_MAX: usize = 40;
const ADDRESS_LENGTH: std::ops::RangeInclusive<usize> = 9..=4_096;

/// A message on the port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its `type`.
    pub kind: &'static str,
    /// Its `value`.
    pub value: String,
}

impl Message {
    /// How high the content is, in CSS pixels.
    pub fn resize(height_px: u32) -> Self {
        Self::new("resize", height_px.min(HEIGHT_MAX_PX).to_string())
    }

    /// Which screen is shown.
    pub fn state(screen: Screen) -> Self {
        Self::new("state", screen.name().to_owned())
    }

    /// What to ask before an open payment is closed; `None` once there is nothing to lose. On the
    /// unavailable screen it goes before [`Message::state`], because each sets the outcome.
    pub fn ask(question: Option<&str>) -> Self {
        let mut value = String::new();
        let mut units: usize = 0;
        for c in question.unwrap_or_default().chars() {
            // The loader takes one line.
            let is_break = matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
            let c = if is_break { ' ' } else { c };
            units = units.saturating_add(c.len_utf16());
            if units > QUESTION_MAX_UTF16 {
                break;
            }
            value.push(c);
        }
        Self::new("ask", value)
    }

    /// An address to open at the top; `None` where the loader would refuse it.
    pub fn launch(address: &str) -> Option<Self> {
        is_opened(address).then(|| Self::new("launch", address.to_owned()))
    }

    /// The directive or token that kept an app from being opened; `None` where it has no such name.
    pub fn blocked(obstacle: &str) -> Option<Self> {
        let is_name = (1..=OBSTACLE_MAX).contains(&obstacle.len())
            && obstacle
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        is_name.then(|| Self::new("blocked", obstacle.to_owned()))
    }

    /// The customer wants to leave, or has seen the end.
    pub fn close() -> Self {
        Self::new("close", String::new())
    }

    fn new(kind: &'static str, value: String) -> Self {
        Self { kind, value }
    }
}

/// Whether the loader opens an address: a page in the browser's own spelling (`new URL(…).href`), or
/// a link to an app as [`crate::launch::address`] makes it without a way back.
pub fn is_opened(address: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_graphic() && b != b'\\';
    ADDRESS_LENGTH.contains(&address.len())
        && address.bytes().all(is_plain)
        && (is_page(address) || is_app(address))
}

fn is_page(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let has_path = rest
        .and_then(|rest| rest.split(['?', '#']).next())
        .is_some_and(|authority| authority.contains('/'));
    has_path && redirect::judge(address, &[]).is_ok()
}

fn is_app(address: &str) -> bool {
    let Some((prefix, rest)) = address.split_once('?') else {
        return false;
    };
    let (query, tail) = match rest.split_once('#') {
        Some((query, tail)) => (query, Some(tail)),
        None => (rest, None),
    };
    let is_intent = matches!(prefix, "intent://pay" | "intent://mandate");
    !query.is_empty()
        && match tail {
            Some(tail) => is_intent && is_intent_tail(tail),
            None => is_apps_own(prefix),
        }
}

/// `Intent;scheme=upi;package=PACKAGE;end`: no component, no selector, no extra, no way back.
fn is_intent_tail(tail: &str) -> bool {
    let package = tail
        .strip_prefix("Intent;scheme=upi;package=")
        .and_then(|rest| rest.strip_suffix(";end"));
    let apps = || App::ALL.iter().map(|app| app.facts().package);
    package.is_some_and(|package| !package.is_empty() && apps().any(|known| known == package))
}

fn is_apps_own(prefix: &str) -> bool {
    App::ALL.iter().any(|app| {
        let facts = app.facts();
        facts.pay == prefix || facts.pay_ios == prefix || facts.mandate == Some(prefix)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch;
    use crate::link::UpiLink;
    use crate::platform::Platform;
    use crate::platform::tests::*;
    use serde_json::Value;

    /// The loader is held to the same file, in a real browser.
    const ADDRESSES: &str = include_str!("../../../embed/tests/addresses.json");

    fn addresses(kind: &str) -> Vec<String> {
        let file: Value = serde_json::from_str(ADDRESSES).unwrap();
        let list = file[kind].as_array().unwrap().iter();
        list.map(|text| text.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn core_and_loader_open_the_same_addresses() {
        for address in addresses("apps").iter().chain(&addresses("pages")) {
            let message = Message::launch(address).unwrap_or_else(|| panic!("{address}"));
            assert_eq!((message.kind, &message.value), ("launch", address));
        }
        for address in addresses("refused") {
            assert_eq!(Message::launch(&address), None, "{address:?}");
        }
    }

    #[test]
    fn every_link_to_an_app_is_one_that_the_loader_opens() {
        let known = addresses("apps");
        let mut made = 0;
        for link in [
            "upi://pay?pa=shop%40bank&pn=A+B&tr=o1&am=499.00&cu=INR&sign=MEUC/+=",
            "upi://mandate?pa=shop@bank&am=299&recur=MONTHLY",
        ] {
            let link = UpiLink::parse(link).unwrap();
            for (agent, touch) in [CHROME_ANDROID, FIREFOX_ANDROID, SAFARI_IOS] {
                let platform = Platform::detect(agent, touch);
                for app in App::ALL {
                    let Some(address) = launch::address(&link, app, platform, "") else {
                        continue;
                    };
                    assert!(known.contains(&address), "{address}");
                    assert!(is_opened(&address), "{address}");
                    made += 1;
                }
            }
        }
        assert_eq!(made, 52);
    }

    #[test]
    fn a_link_with_a_way_back_is_not_for_the_loader() {
        let link = UpiLink::parse("upi://pay?pa=shop@bank&tr=1").unwrap();
        let (agent, touch) = CHROME_ANDROID;
        let platform = Platform::detect(agent, touch);
        let page = "https://pay.example/pay/o1";
        let address = launch::address(&link, App::PhonePe, platform, page).unwrap();
        assert_eq!(Message::launch(&address), None, "{address}");
    }

    #[test]
    fn messages_stay_within_the_loaders_bounds() {
        assert_eq!(Message::resize(512).value, "512");
        assert_eq!(Message::resize(u32::MAX).value, "9999");
        assert_eq!(Message::state(Screen::Pay).value, "pay");
        assert_eq!(Message::ask(None).value, "");
        assert_eq!(
            Message::ask(Some("Leave?\r\nReally?")).value,
            "Leave?  Really?"
        );
        let long = "₹".repeat(150) + &"🙂".repeat(150);
        let question = Message::ask(Some(&long)).value;
        assert_eq!(question.encode_utf16().count(), 200);
        assert_eq!(Message::blocked("frame-src").unwrap().value, "frame-src");
        for nonsense in ["", "frame-src; x", "é", &"x".repeat(41)] {
            assert_eq!(Message::blocked(nonsense), None, "{nonsense}");
        }
        let close = Message::close();
        assert_eq!((close.kind, close.value.as_str()), ("close", ""));
    }
}
