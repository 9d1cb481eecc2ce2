//! Makes of Trunk's bundle the page that is served: three files, each named by its content, and an
//! HTML that starts nothing but these very bytes.
//!
//! ```text
//! index.html ── starter (inline, its hash in the Content-Security-Policy)
//!      │            └── fetch: page-….wasm, with its hash
//!      ├── <script type=module>: page-….js, with its hash
//!      └── <link rel=stylesheet>: page-….css, with its hash
//! ```

use crate::integrity::{integrity, short_hash};
use crate::problem::{Problem, Result, While};
use crate::tools::Tools;
use crate::{command, project, shorten};
use std::fs;
use std::path::{Path, PathBuf};

/// Runs right after Trunk. Returns the starter's hash.
pub(crate) fn seal(tools: &Tools) -> Result<String> {
    let dist = project::dist();
    let glue = only(&dist, ".js")?;
    let module = only(&dist, ".wasm")?;
    shorten::names(tools, &module, &glue)?;
    open_up(&glue)?;
    let bundle = dist.join("bundle.js");
    esbuild(
        tools,
        "src/main.js",
        &bundle,
        &[
            "--bundle".to_owned(),
            "--format=esm".to_owned(),
            format!("--alias:page={}", glue.display()),
        ],
    )?;
    fs::remove_file(&glue).while_doing(format!("remove {}", glue.display()))?;

    let style_was = base(&only(&dist, ".css")?);
    let style = Sealed::file(only(&dist, ".css")?, "css")?;
    let script = Sealed::file(bundle, "js")?;
    let module = Sealed::file(module, "wasm")?;
    let html = dist.join("index.html");
    let text = fs::read_to_string(&html).while_doing("read dist/index.html")?;
    let tags = Tags {
        starter: starter(tools, &module)?,
        script,
        style,
    };
    let sealed = tags.put_into(&text, &style_was)?;
    fs::write(&html, sealed).while_doing("write dist/index.html")?;
    Ok(integrity(tags.starter.as_bytes()))
}

/// What src/main.js takes of the script that wasm-bindgen writes. Where a name is not there any more,
/// esbuild stops the build.
const INNER_PARTS: &str = "\nexport { __wbg_finalize_init, __wbg_get_imports };\n";

/// What wasm-bindgen writes for others than the browsers that run the module at all (Chrome 96,
/// Firefox 79, Safari 15), as a condition, and how it turns out in those.
const DECIDED: &[(&str, &str)] = &[
    // Chrome 84, Firefox 79, Safari 14.1.
    ("(typeof FinalizationRegistry === 'undefined')", "false"),
    // Chrome 74, Firefox 61, Safari 14.1.
    ("!('encodeInto' in cachedTextEncoder)", "false"),
    // Two gigabytes of texts, in which Safari's decoder stops.
    ("numBytesDecoded >= MAX_SAFARI_DECODE_BYTES", "false"),
    // Node's name.
    ("typeof global === 'undefined'", "true"),
];

/// Leaves of wasm-bindgen's script what the page needs, and lets src/main.js at it.
fn open_up(glue: &Path) -> Result<()> {
    let text = fs::read_to_string(glue).while_doing(format!("read {}", glue.display()))?;
    fs::write(glue, decided(text)? + INNER_PARTS).while_doing(format!("write {}", glue.display()))
}

fn decided(mut glue: String) -> Result<String> {
    for (condition, outcome) in DECIDED {
        if glue.matches(condition).count() != 1 {
            return Err(Problem::new(format!(
                "wasm-bindgen's script should have one `{condition}`: it writes otherwise now, see \
                 crates/xtask/src/seal.rs"
            )));
        }
        glue = glue.replace(condition, outcome);
    }
    Ok(glue)
}

/// The one file of the bundle with this ending.
fn only(dist: &Path, ending: &str) -> Result<PathBuf> {
    let mut found = project::files_below(dist)?;
    found.retain(|file| file.to_string_lossy().ends_with(ending));
    match <[PathBuf; 1]>::try_from(found) {
        Ok([file]) => Ok(file),
        Err(found) => Err(Problem::new(format!(
            "Trunk should leave one {ending} file in {}, and left {}",
            dist.display(),
            found.len()
        ))),
    }
}

fn base(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A file under its final name, and its hash as `integrity` has it.
struct Sealed {
    name: String,
    integrity: String,
}

impl Sealed {
    fn file(file: PathBuf, extension: &str) -> Result<Self> {
        let content = fs::read(&file).while_doing(format!("read {}", file.display()))?;
        let name = format!("page-{}.{extension}", short_hash(&content));
        fs::rename(&file, file.with_file_name(&name)).while_doing(format!("name {name}"))?;
        Ok(Self {
            name,
            integrity: integrity(&content),
        })
    }
}

/// The starter's text: src/starter.js, minified, told which module to fetch.
fn starter(tools: &Tools, module: &Sealed) -> Result<String> {
    let built = project::target().join("starter.js");
    let defines = [
        "--format=iife".to_owned(),
        format!("--define:MODULE=\"/{}\"", module.name),
        format!("--define:INTEGRITY=\"{}\"", module.integrity),
    ];
    esbuild(tools, "src/starter.js", &built, &defines)?;
    let text = fs::read_to_string(&built).while_doing("read the starter")?;
    Ok(text.trim().to_owned())
}

fn esbuild(tools: &Tools, source: &str, into: &Path, more: &[String]) -> Result<()> {
    let mut esbuild = tools.command("esbuild")?;
    esbuild
        .arg(source)
        // Browsers that run the module at all know this much.
        .args([
            "--minify",
            "--target=es2020",
            "--charset=utf8",
            "--log-level=warning",
        ])
        .args(more)
        .arg(format!("--outfile={}", into.display()));
    command::run(&mut esbuild)
}

/// What the head of the page starts with.
struct Tags {
    starter: String,
    script: Sealed,
    style: Sealed,
}

impl Tags {
    /// Puts them in the places of Trunk's script and style sheet. The starter comes first: scripts
    /// wait for the style sheets before them.
    fn put_into(&self, html: &str, style_was: &str) -> Result<String> {
        let Self {
            starter,
            script,
            style,
        } = self;
        let link = format!("<link href=/{style_was} rel=stylesheet>");
        let tags = format!(
            "<script>{starter}</script>\
             <link href=/{} integrity={} rel=stylesheet>\
             <script type=module src=/{} integrity={}></script>",
            style.name, style.integrity, script.name, script.integrity
        );
        let (before, rest) = split_at_only(html, "<script type=module>")?;
        let (_, after) = rest
            .split_once("</script>")
            .ok_or_else(|| Problem::new("the script in Trunk's index.html has no end"))?;
        let html = format!("{before}{after}");
        let (before, after) = split_at_only(&html, &link)?;
        Ok(format!("{before}{tags}{after}"))
    }
}

fn split_at_only<'a>(html: &'a str, tag: &str) -> Result<(&'a str, &'a str)> {
    let mut parts = html.split(tag);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(before), Some(after), None) => Ok((before, after)),
        _ => Err(Problem::new(format!(
            "Trunk's index.html should have one {tag}: it writes otherwise now, see \
             crates/xtask/src/seal.rs"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags() -> Tags {
        let sealed = |name: &str| Sealed {
            name: name.to_owned(),
            integrity: format!("sha256-of-{name}"),
        };
        Tags {
            starter: "go()".to_owned(),
            script: sealed("page-2.js"),
            style: sealed("page-3.css"),
        }
    }

    #[test]
    fn the_starter_comes_before_the_style_sheet_and_trunks_script_goes() {
        let html = "<title>P</title><link href=/page-1.css rel=stylesheet>\
                    <script type=module>import a from\"b\";a()</script></head>";
        assert_eq!(
            tags().put_into(html, "page-1.css").unwrap(),
            "<title>P</title><script>go()</script>\
             <link href=/page-3.css integrity=sha256-of-page-3.css rel=stylesheet>\
             <script type=module src=/page-2.js integrity=sha256-of-page-2.js></script></head>"
        );
    }

    #[test]
    fn conditions_are_decided_or_the_build_stops() {
        let all: Vec<&str> = DECIDED.iter().map(|(condition, _)| *condition).collect();
        let glue = all.join(";");
        assert_eq!(decided(glue.clone()).unwrap(), "false;false;false;true");
        assert!(decided(glue.replace("encodeInto", "encode")).is_err());
        assert!(decided(format!("{glue};{glue}")).is_err());
    }

    #[test]
    fn html_of_another_form_stops_the_build() {
        for html in [
            "<link href=/page-1.css rel=stylesheet>",
            "<script type=module>a()</script>",
            "<script type=module>a()</script><script type=module>b()</script>",
            "<link href=/page-1.css rel=stylesheet><script type=module>a()",
        ] {
            assert!(tags().put_into(html, "page-1.css").is_err(), "{html}");
        }
    }
}
