//! Tools that npm distributes ready to run: `wasm-opt` (package binaryen), `esbuild`, and `tsc`
//! (package typescript).
//!
//! `crates/xtask/npm/` pins them with digests. Trunk downloads a `wasm-opt` of its own unless it
//! finds on the PATH the version that Trunk.toml names, so the two must agree (there is a test).

use super::{Tools, cache};
use crate::command;
use crate::problem::{Problem, Result, While};
use crate::stamp::Fingerprint;
use crate::{progress, project};
use std::fs;
use std::path::Path;

const MANIFEST: &str = "crates/xtask/npm/package.json";
const LOCK: &str = "crates/xtask/npm/package-lock.json";

/// `wasm-opt`, `esbuild` and `tsc`.
pub(super) fn tools(tools: &mut Tools) -> Result<()> {
    let (manifest, lock) = (project::read(MANIFEST)?, project::read(LOCK)?);
    let mut fingerprint = Fingerprint::new();
    fingerprint.add(&manifest);
    fingerprint.add(&lock);
    let home = cache().join(format!("npm-{fingerprint}"));
    if !home.is_dir() {
        install(tools, &home, &manifest, &lock)?;
    }
    tools.look_first_in(home.join("node_modules").join(".bin"));
    Ok(())
}

/// Installs beside the final place and moves there at the end: the folder is there whole or not.
fn install(tools: &Tools, home: &Path, manifest: &str, lock: &str) -> Result<()> {
    progress::doing("installing wasm-opt, esbuild and TypeScript");
    let draft = home.with_extension(format!("draft-{}", std::process::id()));
    let writing = || format!("write to {}", draft.display());
    fs::create_dir_all(&draft).while_doing(writing())?;
    fs::write(draft.join("package.json"), manifest).while_doing(writing())?;
    fs::write(draft.join("package-lock.json"), lock).while_doing(writing())?;
    let mut npm = tools.command("npm").map_err(|_| {
        Problem::new("npm is not there: install Node.js (18 or newer), which brings it")
    })?;
    // No install scripts: no package here needs one, so none gets to run.
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .args(["--loglevel", "error"])
        .current_dir(&draft);
    command::run(&mut npm)?;
    if let Err(why) = fs::rename(&draft, home) {
        // Somebody else was faster. Theirs is as good as ours.
        if !home.is_dir() {
            return Err(why).while_doing(format!("create {}", home.display()));
        }
        fs::remove_dir_all(&draft).while_doing(format!("remove {}", draft.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_asks_for_the_wasm_opt_that_npm_brings() {
        let trunk = project::read("Trunk.toml").unwrap();
        let asked = trunk
            .lines()
            .find_map(|line| line.strip_prefix("wasm_opt = \"version_"))
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap();
        let brought = format!("\"binaryen\": \"{asked}.0.0\"");
        assert!(project::read(MANIFEST).unwrap().contains(&brought));
    }
}
