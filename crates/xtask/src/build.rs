//! `cargo xtask build`: the release page in `dist/`, and the release gateway with it inside.

use crate::problem::Result;
use crate::stamp::Stamp;
use crate::tools::{FOR_PAGE, Tools};
use crate::{command, compress, embed, manifest, progress, project, seal, static_headers};
use std::process::Command;
use std::time::Instant;

/// Whatever can change the page. A path that is not there (yet) does no harm.
const PAGE_INPUTS: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/core",
    "crates/xtask/npm",
    "crates/xtask/src/build.rs",
    "crates/xtask/src/compress.rs",
    "crates/xtask/src/embed.rs",
    "crates/xtask/src/integrity.rs",
    "crates/xtask/src/manifest.rs",
    "crates/xtask/src/seal.rs",
    "crates/xtask/src/shorten.rs",
    "crates/xtask/src/static_headers.rs",
    "embed",
    "index.html",
    "locales",
    "public",
    "rust-toolchain.toml",
    "src",
    "style",
];

/// Trunk's warnings, but not the one that it cannot minify JavaScript: we do it.
const QUIET: &str = "warn,trunk::processing::minify=error";

/// Builds page and gateway.
pub(crate) fn build() -> Result<()> {
    let tools = Tools::ready(FOR_PAGE)?;
    page(&tools)?;
    gateway(&tools)?;
    progress::note(&format!("the page:    {}", project::dist().display()));
    progress::note(&format!("the gateway: {}", project::gateway().display()));
    Ok(())
}

/// Builds the page, unless nothing has changed since the last time.
pub(crate) fn page(tools: &Tools) -> Result<()> {
    let stamp = page_stamp();
    if stamp.is_fresh()? {
        progress::doing("building the page: nothing has changed");
        return Ok(());
    }
    progress::doing("building the page");
    let started = Instant::now();
    let mut trunk = trunk_command(tools)?;
    command::run(small(&mut trunk).args(["--log", QUIET, "build", "--release"]))?;
    let starter = seal::seal(tools)?;
    embed::build(tools, &project::dist().join("embed"))?;
    static_headers::write(&project::dist(), &starter)?;
    manifest::write(&project::dist(), &starter)?;
    compress::files_in(&project::dist())?;
    stamp.set()?;
    progress::note(&format!("took {}", progress::elapsed(started.elapsed())));
    Ok(())
}

/// Builds the gateway with the page inside. Cargo knows whether there is anything to do.
pub(crate) fn gateway(tools: &Tools) -> Result<()> {
    progress::doing("building the gateway");
    command::run(
        tools
            .cargo()?
            .args(["build", "--release", "--package", "gateway"]),
    )
}

/// Runs Trunk by hand, with the project's tools.
pub(crate) fn trunk(arguments: &[&str]) -> Result<()> {
    let tools = Tools::ready(FOR_PAGE)?;
    command::run(trunk_command(&tools)?.args(arguments))
}

fn trunk_command(tools: &Tools) -> Result<Command> {
    let mut trunk = tools.command("trunk")?;
    trunk
        // It would ask the network whether there is a newer Trunk.
        .arg("--skip-version-check")
        // Many people set it to `1`; Trunk knows only `true` and `false` and refuses to start.
        .env_remove("NO_COLOR")
        // Trunk's own stack is no news to whoever made a mistake in the page.
        .env("RUST_BACKTRACE", "0");
    Ok(trunk)
}

/// Has cargo build Rust's standard library anew, with panics that stop at once.
///
/// A panic's message and its way there are more than a third of the page (112,784 bytes against
/// 66,000, brotli), and nobody reads them: the starter tells the customer that the page has stopped
/// either way. Names of source files and texts for debugging are left out too, and the library is
/// the smaller of its variants (360 bytes together). The switches are unstable, so the pinned
/// compiler is told to take them; no other build uses them.
fn small(trunk: &mut Command) -> &mut Command {
    trunk
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
        )
}

fn page_stamp() -> Stamp {
    let inputs = PAGE_INPUTS.iter().map(|path| project::root().join(path));
    let paths = inputs.chain([project::dist()]).collect();
    Stamp::new(project::target().join("page.stamp"), paths)
}
