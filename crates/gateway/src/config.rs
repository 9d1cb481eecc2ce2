//! The configuration: flags, environment and file, read once into types. Every bad value is
//! reported, not only the first.

mod phonepe;
mod section;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use checkout_core::redirect;
use checkout_core::vpa::Vpa;

use crate::merchant::{Brand, KeyHash, Merchant, Merchants};
use crate::secret::Secret;
use crate::store::Database;
use crate::webhook::{Webhook, guard};
use section::Section;

/// What the command line says; it goes before the environment, and that before the file.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--listen`.
    pub listen: Option<String>,
    /// `--database`.
    pub database: Option<String>,
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--sandbox`.
    pub sandbox: bool,
}

/// How the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// A configuration that holds.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where orders are kept.
    pub database: Database,
    /// Where customers reach the checkout; `None`: where it listens.
    pub public_url: Option<String>,
    /// Other origins on which the page is served.
    pub page_origins: Vec<String>,
    /// The proxies in front.
    pub trusted_proxies: Vec<IpAddr>,
    /// How the log looks.
    pub log: LogFormat,
    /// Who is paid.
    pub merchants: Merchants,
    /// In the sandbox: the demo merchant's API key.
    pub sandbox_key: Option<Secret>,
    /// In the sandbox: a PhonePe that is played elsewhere on this machine, instead of our own.
    pub sandbox_phonepe: Option<String>,
    /// In the sandbox: where the demo merchant is told, on this machine.
    pub sandbox_webhook: Option<url::Url>,
}

/// Everything that is wrong with a configuration, one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has {} problem(s):", self.0.len())?;
        self.0
            .iter()
            .try_for_each(|problem| write!(f, "\n  - {problem}"))
    }
}

impl std::error::Error for Problems {}

/// The demo merchant's key, where `UPI_CHECKOUT_SANDBOX_KEY` names no other. No secret: it opens
/// nothing but a sandbox.
const SANDBOX_KEY: &str = "uck_sandbox";

/// Reads the configuration.
///
/// `env` gives an environment variable by its whole name.
///
/// # Errors
/// All that is wrong with it.
pub fn load(flags: &Flags, env: impl Fn(&str) -> Option<String>) -> Result<Config, Problems> {
    let mut problems = Vec::new();
    let file = flags
        .config
        .clone()
        .or_else(|| env("UPI_CHECKOUT_CONFIG").map(PathBuf::from));
    let table = file.map_or_else(toml::Table::new, |path| read_file(&path, &mut problems));
    let mut root = Section::new("", table, &mut problems);
    for (key, flag) in [("listen", &flags.listen), ("database", &flags.database)] {
        root.overlay(key, env(&format!("UPI_CHECKOUT_{}", key.to_uppercase())));
        root.overlay(key, flag.clone());
    }
    root.overlay("public_url", env("UPI_CHECKOUT_PUBLIC_URL"));
    root.overlay("log", env("UPI_CHECKOUT_LOG"));

    let listen = root.parsed("listen", parse_listen);
    let database = root.parsed("database", Database::parse);
    let public_url = root.parsed("public_url", parse_origin);
    let page_origins = root.list("page_origins", parse_origin);
    let trusted_proxies = root.list("trusted_proxies", parse_address);
    let log = root.parsed("log", parse_log);
    let merchants = read_merchants(&mut root);
    if flags.sandbox && !merchants.is_empty() {
        root.complain(
            "merchants",
            "the sandbox pays orders without money: run it without real merchants",
        );
    }
    root.finish();
    let sandbox_phonepe = local(flags, &env, "UPI_CHECKOUT_SANDBOX_PHONEPE", &mut problems);
    let sandbox_webhook = local(flags, &env, "UPI_CHECKOUT_SANDBOX_WEBHOOK", &mut problems);

    if problems.is_empty() {
        let default_database = if flags.sandbox { "sandbox" } else { "checkout" };
        Ok(Config {
            listen: listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            database: database
                .unwrap_or_else(|| Database::file(format!("data/{default_database}.db"))),
            public_url,
            page_origins,
            trusted_proxies,
            log: log.unwrap_or(LogFormat::Text),
            merchants: Merchants::new(merchants),
            sandbox_key: flags.sandbox.then(|| {
                let key = env("UPI_CHECKOUT_SANDBOX_KEY").filter(|key| !key.is_empty());
                Secret::new(key.unwrap_or_else(|| SANDBOX_KEY.to_owned()))
            }),
            sandbox_phonepe: sandbox_phonepe
                .map(|url| url.as_str().trim_end_matches('/').to_owned()),
            sandbox_webhook,
        })
    } else {
        Err(Problems(problems))
    }
}

/// An address on this very machine, from the environment; only the sandbox looks at it.
fn local(
    flags: &Flags,
    env: &impl Fn(&str) -> Option<String>,
    name: &str,
    problems: &mut Vec<String>,
) -> Option<url::Url> {
    let text = env(name).filter(|text| flags.sandbox && !text.is_empty())?;
    let url = url::Url::parse(&text).ok().filter(guard::is_loopback);
    if url.is_none() {
        problems.push(format!(
            "{name}: write an address like http://127.0.0.1:9000"
        ));
    }
    url
}

fn read_file(path: &std::path::Path, problems: &mut Vec<String>) -> toml::Table {
    let name = path.display();
    let table = std::fs::read_to_string(path)
        .map_err(|error| format!("{name}: {error}"))
        .and_then(|text| {
            text.parse::<toml::Table>()
                .map_err(|error| format!("{name}: {error}"))
        });
    table.unwrap_or_else(|problem| {
        problems.push(problem);
        toml::Table::new()
    })
}

fn read_merchants(root: &mut Section<'_>) -> Vec<Merchant> {
    let mut merchants: Vec<Merchant> = Vec::new();
    root.each_section("merchants", |section| {
        let Some(merchant) = read_merchant(section) else {
            return;
        };
        if merchants.iter().any(|other| other.id == merchant.id) {
            section.complain("id", "another merchant has it");
        }
        // Credits name the payee: with two merchants on one account, whose is the money?
        if merchants
            .iter()
            .any(|other| other.vpa.is_same(&merchant.vpa))
        {
            section.complain("vpa", "another merchant has it");
        }
        merchants.push(merchant);
    });
    merchants
}

fn read_merchant(section: &mut Section<'_>) -> Option<Merchant> {
    let id = section.required("id", parse_id);
    let name = section.required("name", parse_name);
    let vpa = section.required("vpa", |text| Vpa::parse(text).map_err(|e| e.to_string()));
    let mcc = section.parsed("mcc", parse_mcc);
    let api_key_hashes = section.list("api_key_hashes", parse_hash);
    let redirect_hosts = section.list("redirect_hosts", parse_host);
    let parent_origins = section.list("parent_origins", parse_origin);
    let brand = read_brand(section);
    let webhook = section.section("webhook").and_then(read_webhook);
    let phonepe = section.section("phonepe").and_then(phonepe::read);
    let discount_max_paise = section.whole("discount_limit_paise", 0, 10_000);
    let order_lifetime_s = section.whole("order_lifetime_seconds", 5, 30 * 86_400);
    Some(Merchant {
        id: id?,
        name: name?,
        vpa: vpa?,
        mcc,
        api_key_hashes,
        redirect_hosts,
        parent_origins,
        brand,
        discount_max_paise: discount_max_paise.unwrap_or(DISCOUNT_MAX_PAISE),
        order_lifetime_ms: order_lifetime_s
            .and_then(|seconds| i64::try_from(seconds).ok()?.checked_mul(1_000))
            .unwrap_or(ORDER_LIFETIME_MS),
        phonepe,
        webhook,
    })
}

/// Ninety-nine orders of one amount can wait at the same time, and none loses a rupee.
pub const DISCOUNT_MAX_PAISE: u64 = 99;

/// A quarter of an hour.
pub const ORDER_LIFETIME_MS: i64 = 900_000;

fn read_brand(section: &mut Section<'_>) -> Brand {
    let Some(mut brand) = section.section("brand") else {
        return Brand::default();
    };
    let read = Brand {
        name: brand.parsed("name", parse_name),
        logo: brand.parsed("logo", parse_logo),
        accent: brand.parsed("accent", parse_accent),
    };
    brand.finish();
    read
}

fn read_webhook(mut section: Section<'_>) -> Option<Webhook> {
    let url = section.required("url", |text| {
        let url = url::Url::parse(text)
            .map_err(|_| "write an address, like https://shop.example/hook")?;
        guard::judge(&url).map_err(str::to_owned)?;
        Ok(url)
    });
    let secrets = section.list("secrets", |text| match text.len() {
        SECRET_MIN.. => Ok(Secret::new(text)),
        _ => Err(format!("write at least {SECRET_MIN} characters")),
    });
    if secrets.is_empty() {
        section.complain(
            "secrets",
            "write at least one: what is not signed is not believed",
        );
    }
    section.finish();
    let url = url.filter(|_| !secrets.is_empty())?;
    Some(Webhook { url, secrets })
}

/// The shortest secret that signs webhooks.
const SECRET_MIN: usize = 24;

fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "write an address and a port, like 127.0.0.1:8080".to_owned())
}

fn parse_address(text: &str) -> Result<IpAddr, String> {
    text.parse()
        .map_err(|_| "write an address, like 10.0.0.7".to_owned())
}

fn parse_log(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("write text or json".to_owned()),
    }
}

/// A scheme, a host and perhaps a port, in the browser's own spelling.
fn parse_origin(text: &str) -> Result<String, String> {
    let hint = "write an origin without a path, like https://shop.example";
    let url = url::Url::parse(text).map_err(|_| hint)?;
    let origin = url.origin().ascii_serialization();
    if !matches!(url.scheme(), "http" | "https") || text.trim_end_matches('/') != origin {
        return Err(hint.to_owned());
    }
    Ok(origin)
}

fn parse_host(text: &str) -> Result<String, String> {
    redirect::judge(&format!("https://{text}/"), &[])
        .ok()
        .filter(|()| !text.contains([':', '/', '?', '#']))
        .map(|()| text.to_ascii_lowercase())
        .ok_or_else(|| "write a plain host, like shop.example".to_owned())
}

fn parse_id(text: &str) -> Result<String, String> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if text.is_empty() || text.len() > 64 || !text.bytes().all(is_plain) {
        return Err("write 1 to 64 letters, digits, '-' or '_'".to_owned());
    }
    Ok(text.to_owned())
}

fn parse_name(text: &str) -> Result<String, String> {
    let length = text.chars().count();
    if text.trim().is_empty() || length > 99 || text.chars().any(char::is_control) {
        return Err("write 1 to 99 characters".to_owned());
    }
    // Apps and pages would take it for the payee's address.
    if text.contains(['@', '＠']) {
        return Err("a name must not hold an @".to_owned());
    }
    Ok(text.to_owned())
}

fn parse_mcc(text: &str) -> Result<String, String> {
    if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("write four digits".to_owned())
    }
}

fn parse_hash(text: &str) -> Result<KeyHash, String> {
    KeyHash::parse(text).ok_or_else(|| "write the 64 hex digits that `gateway key` prints".into())
}

fn parse_logo(text: &str) -> Result<String, String> {
    let is_own = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    if is_own || text.starts_with("data:image/") {
        Ok(text.to_owned())
    } else {
        Err("write a path on this server, or a data:image/… address".to_owned())
    }
}

fn parse_accent(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    if matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(text.to_owned())
    } else {
        Err("write a colour like #00695c".to_owned())
    }
}

#[cfg(test)]
mod tests;
