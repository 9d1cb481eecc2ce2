//! Which files a browser fetches before the page can start.

use crate::problem::{Result, While};
use crate::project;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const START: &str = "index.html";

/// Kinds of files that count: what the page cannot start without.
const COUNTED: &[&str] = &["css", "html", "js", "wasm"];

/// Kinds of files that can name others.
const TEXTS: &[&str] = &["css", "html", "js"];

/// The files of the first load, by their path below the folder, sorted.
pub(crate) fn files(dist: &Path) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for file in project::files_below(dist)? {
        if let Ok(name) = file.strip_prefix(dist) {
            all.push(name.to_string_lossy().replace('\\', "/"));
        }
    }
    reachable(&all, |name| {
        fs::read_to_string(dist.join(name)).while_doing(format!("read dist/{name}"))
    })
}

/// Follows the names of files from text to text, beginning with the HTML. Names carry hashes, so
/// one that occurs is meant. A file that a script loads later is counted as well: this never
/// finds too little.
fn reachable(all: &[String], read: impl Fn(&str) -> Result<String>) -> Result<Vec<String>> {
    let mut found = BTreeSet::from([START.to_owned()]);
    let mut unread = vec![START.to_owned()];
    while let Some(name) = unread.pop() {
        if !is_any(&name, TEXTS) {
            continue;
        }
        let text = read(&name)?;
        for other in all.iter().filter(|other| is_any(other, COUNTED)) {
            if text.contains(base(other)) && found.insert(other.clone()) {
                unread.push(other.clone());
            }
        }
    }
    Ok(found.into_iter().collect())
}

fn is_any(name: &str, extensions: &[&str]) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| extensions.contains(&extension))
}

fn base(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, base)| base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_followed_from_the_html_on() {
        let files = [
            (
                "index.html",
                "<script src=/start-1.js><link href=/page-2.css><link href=/page-3_bg.wasm>",
            ),
            ("index.html.br", ""),
            ("start-1.js", "import './snippets/x/inline0.js'"),
            ("snippets/x/inline0.js", ""),
            ("page-2.css", "url(/font-5.woff2)"),
            ("page-3_bg.wasm", ""),
            ("page-3_bg.wasm.br", ""),
            ("font-5.woff2", ""),
            ("embed/upi-checkout.js", ""),
        ];
        let all: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        let read = |wanted: &str| {
            let (_, text) = files.iter().find(|(name, _)| *name == wanted).unwrap();
            Ok((*text).to_owned())
        };
        let expected = [
            "index.html",
            "page-2.css",
            "page-3_bg.wasm",
            "snippets/x/inline0.js",
            "start-1.js",
        ];
        assert_eq!(reachable(&all, read).unwrap(), expected);
    }
}
