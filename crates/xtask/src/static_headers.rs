//! `dist/_headers`: what a static host sends with each file, in the form that many hosts read.
//!
//! `public/_headers` has the page's own headers, which the gateway's tests compare with what the
//! gateway sends; the build adds the files whose name changes with their content.

use crate::problem::{Result, While};
use crate::project;
use std::fs;
use std::path::Path;

const NAME: &str = "_headers";

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// What allows the page's module, and after it what allows the starter.
const MODULE: &str = "'wasm-unsafe-eval'";

/// Writes the file into the folder of the built page, whose starter has this hash.
pub(crate) fn write(dist: &Path, starter: &str) -> Result<()> {
    let page = project::read("public/_headers")?;
    let page = page.replacen(MODULE, &format!("{MODULE} '{starter}'"), 1);
    let mut names = Vec::new();
    for file in project::files_below(dist)? {
        if let Ok(name) = file.strip_prefix(dist) {
            names.push(name.to_string_lossy().replace('\\', "/"));
        }
    }
    let file = dist.join(NAME);
    fs::write(&file, complete(&page, &names)).while_doing(format!("write {}", file.display()))
}

fn complete(page: &str, names: &[String]) -> String {
    let mut text = page.to_owned();
    for name in names {
        if is_hashed(name) {
            // `!` takes back what `/*` says, or both values would be sent.
            text.push_str(&format!(
                "/{name}\n  ! Cache-Control\n  Cache-Control: {FOR_EVER}\n"
            ));
        }
    }
    // Pages of all origins load it, as a module too.
    text.push_str("/embed/*\n  Access-Control-Allow-Origin: *\n");
    text
}

/// Whether the name changes with what is in the file, as the gateway sees it: a long run of hex
/// digits in it.
fn is_hashed(name: &str) -> bool {
    let is_run = |part: &str| {
        part.len() >= 12 && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    !name.ends_with(".br") && name.split(|c: char| !c.is_ascii_alphanumeric()).any(is_run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_never_change_are_named() {
        let names = [
            "index.html",
            "page-446c495bdd62e2c2.css",
            "page-446c495bdd62e2c2.css.br",
            "embed/upi-checkout.js",
        ];
        let text = complete("/*\n  A: b\n", &names.map(str::to_owned));
        let expected = "/*\n  A: b\n/page-446c495bdd62e2c2.css\n  ! Cache-Control\n  Cache-Control: \
                        public, max-age=31536000, immutable\n/embed/*\n  \
                        Access-Control-Allow-Origin: *\n";
        assert_eq!(text, expected);
    }
}
