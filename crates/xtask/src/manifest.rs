//! What was built, for whoever checks a running checkout (`gateway verify-live`) or lists the scripts
//! of a payment page (PCI DSS 4.0.1, 6.4.3): `dist/manifest.json` and `dist/SCRIPTS.md`.

use crate::integrity::integrity;
use crate::problem::{Problem, Result, While};
use crate::project;
use std::fs;
use std::path::Path;

/// The scripts of ours by the beginnings and ends of their names: what is in each, and why.
const SCRIPTS: &[(&str, &str, &str)] = &[
    (
        "page-",
        ".wasm",
        "The checkout itself, written in Rust: shows the order, opens UPI apps, draws the code, asks \
         for the result.",
    ),
    (
        "page-",
        ".js",
        "Starts the checkout and hands it what it needs of the browser; written by wasm-bindgen.",
    ),
    (
        "embed/upi-checkout.",
        "js",
        "For merchants' pages: opens the checkout in a frame or sends the customer there. The \
         checkout itself does not load it.",
    ),
];

/// Why the script in the HTML is there.
const STARTER: &str = "Fetches the checkout, holds it to its hash, asks for the order meanwhile, and tells the customer \
     when something has failed.";

/// A file of the build, or the starter.
struct Entry {
    name: String,
    integrity: String,
}

/// Writes both files into the folder of the built page, whose starter has this hash.
pub(crate) fn write(dist: &Path, starter: &str) -> Result<()> {
    let mut entries = Vec::new();
    for file in project::files_below(dist)? {
        let name = file.strip_prefix(dist).unwrap_or(&file);
        let name = name.to_string_lossy().replace('\\', "/");
        if is_served(&name) {
            let content = fs::read(&file).while_doing(format!("read dist/{name}"))?;
            let integrity = integrity(&content);
            entries.push(Entry { name, integrity });
        }
    }
    let list = scripts(starter, &entries)?;
    fs::write(dist.join("SCRIPTS.md"), list).while_doing("write dist/SCRIPTS.md")?;
    fs::write(dist.join("manifest.json"), manifest(starter, &entries))
        .while_doing("write dist/manifest.json")
}

/// What browsers load, or merchants.
fn is_served(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    matches!(extension, "css" | "html" | "js" | "mjs" | "wasm")
}

/// Names and hashes need no escapes.
fn manifest(starter: &str, entries: &[Entry]) -> String {
    let line = |entry: &Entry| format!("    \"{}\": \"{}\"", entry.name, entry.integrity);
    let files: Vec<String> = entries.iter().map(line).collect();
    let files = files.join(",\n");
    format!("{{\n  \"starter\": \"{starter}\",\n  \"files\": {{\n{files}\n  }}\n}}\n")
}

/// Stops the build where there is a script that nobody has given a reason for.
fn scripts(starter: &str, entries: &[Entry]) -> Result<String> {
    let mut text = format!(
        "# Scripts\n\nEvery script of this build, its hash, and why it is there. The build writes this \
         file; there is no script of anybody else.\n\n| script | hash | why |\n| --- | --- | --- |\n\
         | in `index.html` | `{starter}` | {STARTER} |\n"
    );
    for Entry { name, integrity } in entries {
        if name.ends_with(".css") || name.ends_with(".html") {
            continue;
        }
        let reason = SCRIPTS
            .iter()
            .find(|(begin, end, _)| name.starts_with(begin) && name.ends_with(end));
        let Some((_, _, why)) = reason else {
            return Err(Problem::new(format!(
                "dist/{name} is a script that crates/xtask/src/manifest.rs gives no reason for"
            )));
        };
        text.push_str(&format!("| `{name}` | `{integrity}` | {why} |\n"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(names: &[&str]) -> Vec<Entry> {
        let entry = |name: &&str| Entry {
            name: (*name).to_owned(),
            integrity: format!("sha256-of-{name}"),
        };
        names.iter().map(entry).collect()
    }

    #[test]
    fn every_script_has_its_reason() {
        let known = entries(&[
            "embed/upi-checkout.mjs",
            "page-1.css",
            "page-2.js",
            "page-3.wasm",
        ]);
        let text = scripts("sha256-of-starter", &known).unwrap();
        assert_eq!(text.matches("sha256-of-").count(), 4, "{text}");
        assert!(!text.contains("page-1.css"));
        assert!(scripts("", &entries(&["analytics.js"])).is_err());
    }

    #[test]
    fn the_manifest_names_every_file() {
        let expected = "{\n  \"starter\": \"s\",\n  \"files\": {\n    \"a.css\": \"sha256-of-a.css\",\n    \
                        \"b.js\": \"sha256-of-b.js\"\n  }\n}\n";
        assert_eq!(manifest("s", &entries(&["a.css", "b.js"])), expected);
    }

    #[test]
    fn compressed_files_and_texts_are_no_files_of_their_own() {
        for (name, served) in [
            ("page-1.js", true),
            ("page-1.js.br", false),
            ("_headers", false),
        ] {
            assert_eq!(is_served(name), served, "{name}");
        }
    }
}
