//! The merchants' loader: `embed/upi-checkout.js` becomes an ES module and a classic script.
//!
//! | file | for whom |
//! | --- | --- |
//! | `upi-checkout.js` | `<script src>`; sets `window.UpiCheckout` |
//! | `upi-checkout.mjs` | `import`, and npm |
//! | `upi-checkout.d.ts`, `package.json`, `README.md` | npm: `npm publish dist/embed` |

use crate::problem::{Problem, Result, While};
use crate::tools::{Need, Tools};
use crate::{budget, command, compress, progress, project};
use std::fs;
use std::path::{Path, PathBuf};

/// What this needs.
pub(crate) const NEEDS: &[Need] = &[Need::NpmTools];

/// The browsers that are told to leave for the checkout's own page must be able to read the script
/// that tells them.
const TARGET: &str = "--target=es2018";

/// Files that go out as they are.
const COPIED: &[&str] = &["upi-checkout.d.ts", "package.json", "README.md"];

/// Where the classic script came from: known only while it runs for the first time, and not at all
/// where a page has loaded it as a module.
const HOME: &str = "const home = (document.currentScript || {}).src;\n";

/// What a classic script has instead of an export.
const GLOBAL: &str = "\nwindow.UpiCheckout = { open };\n";

/// Builds the loader into a folder, which is made where it is not there.
pub(crate) fn build(tools: &Tools, folder: &Path) -> Result<()> {
    let writing = || format!("write to {}", folder.display());
    fs::create_dir_all(folder).while_doing(writing())?;
    let source = project::read("embed/upi-checkout.js")?;
    let classic = folder.join("classic.js");
    fs::write(&classic, classic_form(&source)?).while_doing(writing())?;
    esbuild(tools, &classic, &folder.join("upi-checkout.js"), "iife")?;
    fs::remove_file(&classic).while_doing(writing())?;
    let module = project::root().join("embed/upi-checkout.js");
    esbuild(tools, &module, &folder.join("upi-checkout.mjs"), "esm")?;
    for name in COPIED {
        let from = project::root().join("embed").join(name);
        fs::copy(from, folder.join(name)).while_doing(writing())?;
    }
    Ok(())
}

/// The module as a classic script: esbuild's own way to the same is eleven bytes longer.
fn classic_form(module: &str) -> Result<String> {
    let mut text = module.to_owned();
    for (from, to) in [("import.meta.url", "home"), ("export function", "function")] {
        if text.matches(from).count() != 1 {
            let words = format!("embed/upi-checkout.js must have one `{from}`");
            return Err(Problem::new(words));
        }
        text = text.replace(from, to);
    }
    Ok(format!("{HOME}{text}{GLOBAL}"))
}

fn esbuild(tools: &Tools, source: &Path, into: &Path, format: &str) -> Result<()> {
    let mut esbuild = tools.command("esbuild")?;
    esbuild
        .arg(source)
        .args(["--minify", "--charset=utf8", "--log-level=warning", TARGET])
        // Whatever runs a module knows it.
        .arg("--supported:import-meta=true")
        .arg(format!("--format={format}"))
        .arg(format!("--outfile={}", into.display()));
    command::run(&mut esbuild)
}

/// Builds the loader, and holds it to its typings, its rules and its budget.
pub(crate) fn check(tools: &Tools) -> Result<()> {
    let folder = built();
    build(tools, &folder)?;
    progress::doing("checking the loader against its typings");
    command::run(tools.command("tsc")?.args(["--project", "embed"]))?;
    progress::doing("weighing the loader");
    let budget = budget::loader_brotli()?;
    for name in ["upi-checkout.js", "upi-checkout.mjs"] {
        let content = fs::read(folder.join(name)).while_doing(format!("read {name}"))?;
        let size = compress::brotli(&content)?.len();
        println!("{}", verdict(name, size, budget)?);
    }
    Ok(())
}

/// Where the checks and the tests have it built.
pub(crate) fn built() -> PathBuf {
    project::target().join("embed")
}

fn verdict(name: &str, size: usize, budget: usize) -> Result<String> {
    if size > budget {
        return Err(Problem::new(format!(
            "{name} is {size} bytes, {} more than the {budget} in {}: make it smaller, the number \
             never grows",
            size - budget,
            budget::FILE
        )));
    }
    Ok(format!("    {name}: {size} bytes of {budget}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_becomes_a_classic_script() {
        let module = "export function open(base = import.meta.url) {}";
        let classic = classic_form(module).unwrap();
        assert!(classic.contains("\nfunction open(base = home) {}\nwindow.UpiCheckout"));
        assert!(classic_form("export function open() {}").is_err());
        assert!(classic_form(&format!("{module}{module}")).is_err());
    }

    #[test]
    fn the_loaders_budget_holds_to_the_byte() {
        assert!(verdict("a", 1_416, 1_415).is_err());
        assert!(verdict("a", 1_415, 1_415).is_ok());
    }
}
