//! The files of the page on a static host, with the headers that the build names, and two pages of a
//! shop.

use super::http::{Reply, Request};
use crate::Result;
use serde_json::Value;
use std::path::{Component, Path, PathBuf};

/// What a static host sends with each file: the build's `_headers`, read as such hosts do.
pub struct StaticHeaders(Vec<Rule>);

/// What holds for some paths.
struct Rule {
    /// A path, or the beginning of paths where it ends in `*`.
    paths: String,
    /// `Name: value`, or `! Name` to take one back.
    lines: Vec<String>,
}

impl StaticHeaders {
    /// Reads the file that the build has left beside the page.
    ///
    /// # Errors
    /// Where the page is not built.
    pub fn read(dist: &Path) -> Result<Self> {
        let file = std::fs::read_to_string(dist.join("_headers"))?;
        let mut rules: Vec<Rule> = Vec::new();
        for line in file.lines() {
            match (line.strip_prefix("  "), rules.last_mut()) {
                (Some(header), Some(rule)) => rule.lines.push(header.to_owned()),
                _ if line.starts_with('/') => rules.push(Rule {
                    paths: line.to_owned(),
                    lines: Vec::new(),
                }),
                _ => (),
            }
        }
        Ok(Self(rules))
    }

    /// One of those that come with the page.
    pub fn of_page(&self, name: &str) -> Option<String> {
        let headers = self.of("/pay/*");
        let mut pairs = headers.iter().filter_map(|line| line.split_once(": "));
        pairs.find_map(|(known, value)| (known == name).then(|| value.to_owned()))
    }

    fn of(&self, path: &str) -> Vec<&str> {
        let mut sent: Vec<&str> = Vec::new();
        let fits = |rule: &&Rule| match rule.paths.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == rule.paths,
        };
        for line in self.0.iter().filter(fits).flat_map(|rule| &rule.lines) {
            match line.strip_prefix("! ") {
                Some(name) => sent.retain(|line| line.split(':').next() != Some(name)),
                None => sent.push(line),
            }
        }
        sent
    }
}

/// How the site differs from what was built.
#[derive(Default)]
pub(super) struct Changes {
    /// The page's configuration (contract, section 3).
    pub(super) config: Option<Value>,
    /// The file that has one byte changed: how its name ends.
    pub(super) spoilt: Option<String>,
    /// A policy that is only reported, to [`REPORTS`].
    pub(super) watched: Option<String>,
}

/// Where browsers tell of what a policy would have forbidden.
pub(super) const REPORTS: &str = "/reports";

/// The page's files on a static host, and two pages of a shop.
pub(super) struct Site {
    dist: PathBuf,
    headers: StaticHeaders,
}

impl Site {
    pub(super) fn of(dist: PathBuf) -> Result<Self> {
        let headers = StaticHeaders::read(&dist)?;
        Ok(Self { dist, headers })
    }

    /// Answers whatever is not one of the five calls.
    pub(super) fn reply(&self, changes: &Changes, request: &Request) -> Reply {
        let path = request.path.as_str();
        match path {
            "/shop" => page(&format!(
                r#"<h1>Shop</h1><a id="checkout" href="{}">Pay</a>"#,
                request.query
            )),
            "/thanks" => page("<h1>Thank you</h1>"),
            _ if path == "/" || path.starts_with("/pay/") => self.file("index.html", changes),
            _ => self.file(path.trim_start_matches('/'), changes),
        }
    }

    fn file(&self, name: &str, changes: &Changes) -> Reply {
        let path = Path::new(name);
        let inside = path
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let read = std::fs::read(self.dist.join(path)).ok().filter(|_| inside);
        let Some(mut body) = read else {
            return Reply::of("text/plain", 404, "not here");
        };
        let kind = match path.extension().and_then(|extension| extension.to_str()) {
            Some("html") => "text/html; charset=utf-8",
            Some("js" | "mjs") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("wasm") => "application/wasm",
            Some("svg") => "image/svg+xml",
            _ => "application/octet-stream",
        };
        if changes
            .spoilt
            .as_ref()
            .is_some_and(|end| name.ends_with(end))
        {
            spoil(name, &mut body);
        }
        if let (Some(config), "index.html") = (&changes.config, name) {
            body = with_config(&body, config);
        }
        let mut headers = format!("Content-Type: {kind}\r\n");
        for line in self.headers.of(&format!("/{name}")) {
            headers.push_str(&format!("{line}\r\n"));
        }
        if let Some(policy) = &changes.watched {
            headers.push_str(&format!(
                "Content-Security-Policy-Report-Only: {policy}; report-uri {REPORTS}\r\n"
            ));
        }
        Reply::Answer {
            status: 200,
            headers,
            body,
        }
    }
}

/// Changes one byte: a letter of the starter in the HTML, the last one but a few of any other file.
/// Each file stays what it is, but for the better of somebody else.
fn spoil(name: &str, body: &mut [u8]) {
    let at = if name.ends_with(".html") {
        const STARTER: &[u8] = b"<script>";
        let start = body.windows(STARTER.len()).position(|it| it == STARTER);
        start.map_or(0, |start| start + STARTER.len())
    } else {
        body.len().saturating_sub(3)
    };
    if let Some(byte) = body.get_mut(at) {
        *byte ^= 0x20;
    }
}

/// The page with its configuration, as data in its HTML.
fn with_config(html: &[u8], config: &Value) -> Vec<u8> {
    let data =
        format!(r#"<script type="application/json" id="checkout-config">{config}</script></head>"#);
    String::from_utf8_lossy(html)
        .replacen("</head>", &data, 1)
        .into_bytes()
}

fn page(body: &str) -> Reply {
    let html = format!(r#"<!doctype html><link rel="icon" href="data:,">{body}"#);
    Reply::of("text/html; charset=utf-8", 200, html)
}
