//! Parts of the Rust toolchain. `rust-toolchain.toml` names them and rustup usually has brought
//! them by now; this is for a toolchain that was there before the file, or a rustup that is told
//! not to install by itself.

use super::Tools;
use crate::command;
use crate::problem::{Problem, Result};
use crate::progress;
use std::path::Path;
use std::process::Command;

const WASM: &str = "wasm32-unknown-unknown";

/// rustfmt and clippy.
pub(super) fn components(tools: &mut Tools) -> Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if command::answer(tools.cargo()?.args([subcommand, "--version"])).is_none() {
            rustup(tools, &["component", "add", component])?;
        }
    }
    Ok(())
}

/// The standard library for the browser.
pub(super) fn wasm_target(tools: &mut Tools) -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", WASM]);
    let there =
        command::answer(&mut rustc).is_some_and(|libraries| Path::new(libraries.trim()).is_dir());
    if there {
        return Ok(());
    }
    rustup(tools, &["target", "add", WASM])
}

/// The standard library's source.
pub(super) fn std_source(tools: &mut Tools) -> Result<()> {
    let mut rustc = Command::new("rustc");
    let sysroot = command::answer(rustc.args(["--print", "sysroot"])).unwrap_or_default();
    let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock");
    if source.is_file() {
        return Ok(());
    }
    rustup(tools, &["component", "add", "rust-src"])
}

fn rustup(tools: &Tools, arguments: &[&str]) -> Result<()> {
    let line = format!("rustup {}", arguments.join(" "));
    progress::doing(&line);
    let mut rustup = tools.command("rustup").map_err(|_| {
        Problem::new(format!(
            "rustup is not there: install it from https://rustup.rs, or add to this Rust \
             installation by hand what `{line}` would add"
        ))
    })?;
    command::run(rustup.args(arguments))
}
