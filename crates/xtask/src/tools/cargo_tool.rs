//! Tools that crates.io distributes as source: Trunk, `wasm-bindgen`, `cargo fuzz`, `geckodriver`.

use super::{Tools, cache};
use crate::command;
use crate::problem::{Problem, Result};
use crate::{progress, project};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The version that bundles the page. 0.22 needs a newer Rust than rust-toolchain.toml names.
const TRUNK: &str = "0.21.14";

/// The version that drives the fuzz targets.
const CARGO_FUZZ: &str = "0.13.2";

/// The version that drives Firefox.
const GECKODRIVER: &str = "0.37.1";

/// A crate with a program in it.
struct CargoTool<'a> {
    package: &'a str,
    program: &'a str,
    version: &'a str,
}

/// Trunk.
pub(super) fn trunk(tools: &mut Tools) -> Result<()> {
    let tool = CargoTool {
        package: "trunk",
        program: "trunk",
        version: TRUNK,
    };
    tool.provide(tools)
}

/// `cargo fuzz`.
pub(super) fn cargo_fuzz(tools: &mut Tools) -> Result<()> {
    let tool = CargoTool {
        package: "cargo-fuzz",
        program: "cargo-fuzz",
        version: CARGO_FUZZ,
    };
    tool.provide(tools)
}

/// `geckodriver`.
pub(super) fn geckodriver(tools: &mut Tools) -> Result<()> {
    let tool = CargoTool {
        package: "geckodriver",
        program: "geckodriver",
        version: GECKODRIVER,
    };
    tool.provide(tools)
}

/// `wasm-bindgen`, whose version must be that of the library, to the last digit.
pub(super) fn wasm_bindgen(tools: &mut Tools) -> Result<()> {
    let lock = project::read("Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen")
        .ok_or_else(|| Problem::new("Cargo.lock names no version of wasm-bindgen"))?;
    let tool = CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version,
    };
    tool.provide(tools)
}

impl CargoTool<'_> {
    fn provide(&self, tools: &mut Tools) -> Result<()> {
        if tools
            .find(self.program)
            .is_some_and(|path| self.is_suitable(&path))
        {
            return Ok(());
        }
        let home = cache().join(format!("{}-{}", self.package, self.version));
        let programs = home.join("bin");
        let program = format!("{}{}", self.program, std::env::consts::EXE_SUFFIX);
        if !self.is_suitable(&programs.join(program)) {
            self.install(tools, &home)?;
        }
        tools.look_first_in(programs);
        Ok(())
    }

    fn is_suitable(&self, program: &Path) -> bool {
        program.is_file()
            && command::answer(Command::new(program).arg("--version"))
                .is_some_and(|text| text.split_whitespace().nth(1) == Some(self.version))
    }

    fn install(&self, tools: &Tools, home: &Path) -> Result<()> {
        progress::doing(&format!(
            "installing {} {} (once; some minutes)",
            self.package, self.version
        ));
        let started = Instant::now();
        // The versions that its authors tested come first. They may name a release that has been
        // withdrawn, or that a mirror of the registry does not hold; then cargo picks.
        let locked = command::run(&mut self.install_command(tools, home, &["--locked"])?);
        if locked.is_err() {
            progress::note("not with its own Cargo.lock; trying with versions that cargo picks");
            command::run(&mut self.install_command(tools, home, &[])?)?;
        }
        progress::note(&format!("took {}", progress::elapsed(started.elapsed())));
        Ok(())
    }

    fn install_command(&self, tools: &Tools, home: &Path, more: &[&str]) -> Result<Command> {
        let mut install = tools.cargo()?;
        install
            .args(["install", "--force", "--root"])
            .arg(home)
            .args(["--version", self.version, self.package])
            .args(more)
            // Full optimisation takes a quarter of an hour on two cores and saves seconds.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        Ok(install)
    }
}

/// The version of a package in a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
