//! The page's configuration, read tolerantly: what is missing or wrong falls back to the default,
//! because a customer cannot mend it.

use crate::apps::App;
use crate::json::Json;
use crate::wire::CallKind;

/// What a back end or a static host can set (contract, section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    api_base: String,
    paths: [(CallKind, String); 5],
    /// The apps that are offered, in order.
    pub apps: Vec<App>,
    /// Hosts allowed for `successUrl`; empty: any `https` host.
    pub redirect_hosts: Vec<String>,
    /// The origins whose pages may hold the page in a frame and talk to it.
    pub parent_origins: Vec<String>,
    /// Whether links that no app can verify (no `mc`, no `tr`) are launched, or are for the code
    /// alone.
    pub plain_links: PlainLinks,
    /// Whether the page stands in an app that opens no app links, whatever its user agent says.
    pub in_app: bool,
    /// The merchant's looks.
    pub brand: Brand,
}

/// What becomes of links that no app can verify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlainLinks {
    /// They are launched like any other.
    #[default]
    Launch,
    /// They are shown as a code, never launched.
    Qr,
}

/// The merchant's looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// A name to show where the order names no payee.
    pub name: Option<String>,
    /// A picture on the page's own host: a path such as `/logo.svg`.
    pub logo: Option<String>,
    /// The main colour as `#rrggbb`.
    pub accent: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self::read(&Json::Null)
    }
}

impl Config {
    /// Reads the configuration; `Json::Null` gives the defaults.
    pub fn read(json: &Json) -> Self {
        let paths = json.get("paths").unwrap_or(&Json::Null);
        let path = |key: &str, default: &str| paths.text(key).unwrap_or(default).to_owned();
        let apps: Vec<App> = json
            .texts("apps")
            .unwrap_or_default()
            .iter()
            .filter_map(|id| App::from_id(id))
            .collect();
        Self {
            api_base: json
                .text("apiBase")
                .unwrap_or("/api")
                .trim_end_matches('/')
                .to_owned(),
            paths: [
                (CallKind::Info, path("info", "/order/info")),
                (CallKind::Discount, path("discount", "/order/discount")),
                (CallKind::Result, path("result", "/order/result")),
                (CallKind::Event, path("event", "/order/event")),
                (CallKind::Utr, path("utr", "/order/utr")),
            ],
            apps: if apps.is_empty() {
                App::DEFAULT.to_vec()
            } else {
                apps
            },
            redirect_hosts: json.texts("redirectHosts").unwrap_or_default(),
            parent_origins: json.texts("parentOrigins").unwrap_or_default(),
            plain_links: match json.text("plainLinks") {
                Some("qr") => PlainLinks::Qr,
                Some(_) | None => PlainLinks::Launch,
            },
            in_app: json.get("inApp") == Some(&Json::Bool(true)),
            brand: Brand::read(json.get("brand").unwrap_or(&Json::Null)),
        }
    }

    /// Where a call goes: the base and the call's path, or the path alone where it is a whole
    /// address.
    pub fn url(&self, kind: CallKind) -> String {
        let path = self
            .paths
            .iter()
            .find(|(known, _)| *known == kind)
            .map_or("", |(_, path)| path);
        if path.contains("://") {
            return path.to_owned();
        }
        format!("{}/{}", self.api_base, path.trim_start_matches('/'))
    }
}

impl Brand {
    fn read(json: &Json) -> Self {
        // No third-party request: a logo lies beside the page, or is not shown.
        let is_local =
            |path: &&str| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
        let is_colour = |text: &&str| {
            text.len() == 7
                && text.starts_with('#')
                && text.bytes().skip(1).all(|b| b.is_ascii_hexdigit())
        };
        Self {
            name: json.text("name").map(str::to_owned),
            logo: json.text("logo").filter(is_local).map(str::to_owned),
            accent: json.text("accent").filter(is_colour).map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_defaults_are_the_contracts() {
        let config = Config::default();
        assert_eq!(config.url(CallKind::Info), "/api/order/info");
        assert_eq!(config.url(CallKind::Utr), "/api/order/utr");
        assert_eq!(config.apps, App::DEFAULT);
        assert!(config.redirect_hosts.is_empty());
    }

    #[test]
    fn a_back_end_of_ones_own_is_reached() {
        let config = Config::read(&Json::from(json!({
            "apiBase": "https://api.shop.example/v9/",
            "paths": {"info": "orderInfo", "result": "/r", "event": "https://events.shop.example/e"},
            "apps": ["gpay", "nonsense", "phonepe"],
            "redirectHosts": ["shop.example"],
            "parentOrigins": ["https://shop.example"], "plainLinks": "qr", "inApp": true,
            "brand": {"name": "Shop", "logo": "/logo.svg", "accent": "#0a7d55"},
        })));
        assert_eq!(
            config.url(CallKind::Info),
            "https://api.shop.example/v9/orderInfo"
        );
        assert_eq!(
            config.url(CallKind::Result),
            "https://api.shop.example/v9/r"
        );
        assert_eq!(config.url(CallKind::Event), "https://events.shop.example/e");
        assert_eq!(
            config.url(CallKind::Discount),
            "https://api.shop.example/v9/order/discount"
        );
        assert_eq!(config.apps, [App::GPay, App::PhonePe]);
        assert_eq!(config.parent_origins, ["https://shop.example"]);
        assert_eq!((config.plain_links, config.in_app), (PlainLinks::Qr, true));
        assert_eq!(config.brand.accent.as_deref(), Some("#0a7d55"));
    }

    #[test]
    fn nonsense_falls_back_to_the_defaults() {
        let nonsense = json!({
            "apiBase": 5.5, "paths": "x", "plainLinks": "never", "inApp": "yes", "apps": ["?"], "redirectHosts": "shop.example",
            "brand": {"logo": "https://tracker.example/pixel", "accent": "red;}"},
        });
        let config = Config::read(&Json::from(nonsense));
        assert_eq!(config.apps, App::DEFAULT);
        assert_eq!(
            (config.plain_links, config.in_app),
            (PlainLinks::Launch, false)
        );
        assert_eq!(config.brand, Brand::default());
        let other_host = Config::read(&Json::from(
            json!({"brand": {"logo": "//tracker.example/p"}}),
        ));
        assert_eq!(other_host.brand.logo, None);
    }
}
