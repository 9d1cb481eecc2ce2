//! What must be on the machine, and how it gets there.
//!
//! A tool of the right version that is already on the PATH is used as it is. Otherwise it goes to
//! a folder of ours in the user's cache folder, one folder per version. So a second clone, or CI
//! that clones each time, finds it again; two versions live side by side; and nothing that the
//! user installed for other projects is replaced.

mod browser;
mod cargo_tool;
mod debian;
mod npm;
mod postgres;
mod rust;

use crate::problem::{Problem, Result, While};
use crate::project;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something that a command needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Need {
    /// rustfmt and clippy.
    RustComponents,
    /// Rust's standard library for WebAssembly.
    WasmTarget,
    /// The source of Rust's standard library: the page is built with its own, smaller one.
    StdSource,
    /// `wasm-bindgen` and its test runner, of the version in Cargo.lock.
    WasmBindgen,
    /// Trunk, which bundles the page.
    Trunk,
    /// `cargo fuzz`.
    CargoFuzz,
    /// `wasm-opt`, `esbuild` and `tsc`.
    NpmTools,
    /// Chromium and its WebDriver.
    Browser,
    /// Firefox and WebKit, their WebDrivers, and a screen that nobody sees.
    OtherBrowsers,
    /// The programs of PostgreSQL; the tests start a server of their own.
    Postgres,
}

/// What a build of the page needs.
pub(crate) const FOR_PAGE: &[Need] = &[
    Need::WasmTarget,
    Need::StdSource,
    Need::WasmBindgen,
    Need::Trunk,
    Need::NpmTools,
];

/// The tools, ready for use.
pub(crate) struct Tools {
    /// Folders to look in, ours first.
    path: Vec<PathBuf>,
}

impl Tools {
    /// Makes sure that everything needed is there; installs what is missing.
    pub(crate) fn ready(needs: &[Need]) -> Result<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut tools = Self {
            path: env::split_paths(&path).collect(),
        };
        // The order of the list is also the order of installation: what is quick and fails early
        // comes first.
        for (need, provide) in PROVIDERS {
            if needs.contains(need) {
                provide(&mut tools)?;
            }
        }
        Ok(tools)
    }

    /// A command that runs in the project's root and finds the tools.
    pub(crate) fn command(&self, program: &str) -> Result<Command> {
        let mut command = Command::new(
            self.find(program)
                .ok_or_else(|| Problem::new(format!("`{program}` is not on the PATH")))?,
        );
        command
            .current_dir(project::root())
            .env("PATH", self.joined_path()?);
        Ok(command)
    }

    /// Cargo: the one that runs us.
    pub(crate) fn cargo(&self) -> Result<Command> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .current_dir(project::root())
            .env("PATH", self.joined_path()?);
        Ok(command)
    }

    /// Where a program is, if it is anywhere.
    pub(crate) fn find(&self, program: impl AsRef<OsStr>) -> Option<PathBuf> {
        let mut name = program.as_ref().to_os_string();
        name.push(env::consts::EXE_SUFFIX);
        self.path
            .iter()
            .map(|folder| folder.join(&name))
            .find(|path| path.is_file())
    }

    /// Looks in this folder before all others.
    fn look_first_in(&mut self, folder: PathBuf) {
        self.path.insert(0, folder);
    }

    fn joined_path(&self) -> Result<OsString> {
        env::join_paths(&self.path).while_doing("join the PATH")
    }
}

type Provide = fn(&mut Tools) -> Result<()>;

const PROVIDERS: &[(Need, Provide)] = &[
    (Need::RustComponents, rust::components),
    (Need::WasmTarget, rust::wasm_target),
    (Need::StdSource, rust::std_source),
    (Need::NpmTools, npm::tools),
    (Need::Browser, browser::chromium),
    (Need::Postgres, postgres::programs),
    (Need::OtherBrowsers, browser::firefox_and_webkit),
    (Need::WasmBindgen, cargo_tool::wasm_bindgen),
    (Need::Trunk, cargo_tool::trunk),
    (Need::CargoFuzz, cargo_tool::cargo_fuzz),
];

/// The folder for tools that outlive this clone.
fn cache() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    set("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| set("LOCALAPPDATA").map(PathBuf::from))
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".cache")))
        // Without a home the tools live and die with the clone.
        .unwrap_or_else(|| project::target().join("tools"))
        .join("upi-checkout")
}
