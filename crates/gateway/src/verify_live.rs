//! `gateway verify-live URL`: compares a running checkout with the build within this program: the
//! page's headers, its HTML, and every file of the manifest, to the byte. Nothing that a server says
//! of itself is believed.
//!
//! What may differ from host to host is named and not judged: who may frame the page
//! (`frame-ancestors`), where it may send its calls (`connect-src`), and the data in the HTML.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Client;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use crate::assets::Assets;
use crate::http::headers;
use crate::rails::http as outgoing;

/// What `cargo xtask build` says of the page (`crates/xtask/src/manifest.rs`).
#[derive(Deserialize)]
struct Manifest {
    files: BTreeMap<String, String>,
}

/// The verdicts, line by line.
#[derive(Default)]
struct Report {
    lines: String,
    differences: usize,
}

impl Report {
    /// Notes one comparison. `what` differs where there is a `difference`.
    fn note(&mut self, what: &str, difference: Option<String>) {
        // Writing to a String cannot fail.
        let _ = match difference {
            None => writeln!(self.lines, "  same     {what}"),
            Some(difference) => {
                self.differences += 1;
                writeln!(self.lines, "  DIFFERS  {what}: {difference}")
            }
        };
    }
}

/// Fetches the page and its files, and prints what is the same and what is not.
///
/// # Errors
/// Where something differs, or the page cannot be fetched at all.
pub async fn verify_live(url: &str, build: &dyn Assets) -> Result<(), Box<dyn Error>> {
    let url = Url::parse(url)?;
    let file = build
        .get("manifest.json")
        .ok_or("this program was built without the page: run `cargo xtask build`")?;
    let manifest: Manifest = serde_json::from_slice(&file.bytes)?;
    let html = build.get("index.html").ok_or("there is no index.html")?;
    let html = String::from_utf8(html.bytes.into_owned())?;
    let client = outgoing::build(outgoing::builder()).ok_or("this system has no TLS to give")?;

    let mut report = Report::default();
    page(&client, &url, &html, &mut report).await?;
    for (name, integrity) in &manifest.files {
        if name != "index.html" {
            let difference = file_differs(&client, &url, name, integrity).await;
            report.note(name, difference);
        }
    }
    println!("{}", report.lines.trim_end());
    match report.differences {
        0 => {
            println!("{url} runs this build");
            Ok(())
        }
        differences => {
            Err(format!("{differences} differences: {url} does not run this build").into())
        }
    }
}

/// Compares the document: its headers and its HTML without the data in it.
async fn page(
    client: &Client,
    url: &Url,
    built: &str,
    report: &mut Report,
) -> Result<(), Box<dyn Error>> {
    let answer = client.get(url.clone()).send().await?;
    let given = answer.headers().clone();
    let served = answer.text().await?;
    let same_html = without_data(&served) == built;
    let differs = (!same_html).then(|| "other markup than was built".to_owned());
    report.note("the HTML", differs);
    let policy = headers::policy(built, &[]);
    report.note(
        "Content-Security-Policy",
        policy_differs(&policy, value(&given, "content-security-policy")),
    );
    for (name, expected) in headers::DOCUMENT {
        let found = value(&given, name.as_str());
        let differs = (found != expected).then(|| format!("{found:?}, not {expected:?}"));
        report.note(name.as_str(), differs);
    }
    let found = value(&given, "x-content-type-options");
    report.note(
        "x-content-type-options",
        (found != "nosniff").then(|| format!("{found:?}, not \"nosniff\"")),
    );
    let kept = value(&given, "cache-control");
    let may_be_kept = !matches!(kept, "no-store" | "no-cache");
    report.note(
        "cache-control",
        may_be_kept.then(|| format!("{kept:?}, neither \"no-store\" nor \"no-cache\"")),
    );
    if url.scheme() == "https" {
        let found = value(&given, "strict-transport-security");
        let lacks = !found.contains("max-age=");
        report.note(
            "strict-transport-security",
            lacks.then(|| format!("{found:?}")),
        );
    }
    Ok(())
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// The HTML without `<script type="application/json">…</script>`: order and configuration.
fn without_data(html: &str) -> String {
    const DATA: &str = "<script type=\"application/json\"";
    const END: &str = "</script>";
    let mut rest = html;
    let mut kept = String::with_capacity(html.len());
    while let Some((before, data)) = rest.split_once(DATA) {
        kept.push_str(before);
        rest = data.split_once(END).map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Compares two policies by directive; the sources of one may stand in any order.
fn policy_differs(expected: &str, found: &str) -> Option<String> {
    /// Each host's own.
    const OF_THE_HOST: &[&str] = &["frame-ancestors", "connect-src"];
    let read = |policy: &str| -> BTreeMap<String, BTreeSet<String>> {
        let directives = policy.split(';').map(str::split_whitespace);
        directives
            .filter_map(|mut words| {
                Some((words.next()?.to_owned(), words.map(str::to_owned).collect()))
            })
            .collect()
    };
    let (mut expected, mut found) = (read(expected), read(found));
    for own in OF_THE_HOST {
        match (expected.remove(*own), found.remove(*own)) {
            (Some(_), None) => return Some(format!("no {own}")),
            (_, Some(sources)) if sources.contains("*") => return Some(format!("{own} *")),
            _ => {}
        }
    }
    let names: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    names.into_iter().find_map(|name| {
        let (due, is) = (expected.get(name), found.get(name));
        (due != is).then(|| format!("{name} is {is:?}, not {due:?}"))
    })
}

/// How a file differs: in its bytes, its type, or how long browsers keep it.
async fn file_differs(client: &Client, page: &Url, name: &str, integrity: &str) -> Option<String> {
    let Ok(url) = page.join(&format!("/{name}")) else {
        return Some("it has no address".to_owned());
    };
    let answer = match client.get(url).send().await {
        Ok(answer) if answer.status().is_success() => answer,
        Ok(answer) => return Some(format!("the answer is {}", answer.status())),
        Err(error) => return Some(error.without_url().to_string()),
    };
    let given = answer.headers().clone();
    let bytes = match answer.bytes().await {
        Ok(bytes) => bytes,
        Err(error) => return Some(error.without_url().to_string()),
    };
    let found = format!("sha256-{}", STANDARD.encode(Sha256::digest(&bytes)));
    let kind = value(&given, "content-type");
    let due = match name.rsplit('.').next() {
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        _ => "text/javascript",
    };
    let kept = value(&given, "cache-control");
    if found != integrity {
        Some(format!("{found}, not {integrity}"))
    } else if !kind.starts_with(due) {
        Some(format!("its type is {kind:?}, not {due:?}"))
    } else if value(&given, "x-content-type-options") != "nosniff" {
        Some("its type may be guessed: no \"nosniff\"".to_owned())
    } else if name.starts_with("page-") && !kept.contains("immutable") {
        Some(format!("it is kept as {kept:?}, not as \"immutable\""))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_may_differ_and_nothing_else() {
        let data = "<script type=\"application/json\" id=\"order-info\">{\"a\":1}</script>";
        let served = format!("<head><script>go()</script>{data}{data}</head>");
        assert_eq!(without_data(&served), "<head><script>go()</script></head>");
        assert_eq!(without_data("<p>"), "<p>");
    }

    #[test]
    fn policies_are_compared_by_what_they_say() {
        let ours = "default-src 'none'; script-src 'self' 'sha256-x'; connect-src 'self'; frame-ancestors 'none'";
        for (found, same) in [
            (ours, true),
            (
                "script-src 'sha256-x' 'self'; default-src 'none'; connect-src https://api.example; \
                 frame-ancestors https://shop.example",
                true,
            ),
            ("", false),
            (
                "default-src 'none'; script-src 'self' 'sha256-x' 'unsafe-inline'; connect-src 'self'; \
                 frame-ancestors 'none'",
                false,
            ),
            (
                "default-src 'none'; script-src 'self' 'sha256-x'; connect-src 'self'; frame-ancestors *",
                false,
            ),
            (
                "default-src 'none'; script-src 'self' 'sha256-x'; connect-src 'self'",
                false,
            ),
            (
                "default-src 'none'; script-src 'self' 'sha256-x'; connect-src 'self'; \
                 frame-ancestors 'none'; img-src *",
                false,
            ),
        ] {
            assert_eq!(policy_differs(ours, found).is_none(), same, "{found}");
        }
    }
}
