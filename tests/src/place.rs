//! Where things are: the page, the gateway, and where pictures go.

use crate::{Failure, Result};
use std::env;
use std::path::{Path, PathBuf};

/// The built page.
///
/// # Errors
/// Where there is none.
pub fn dist() -> Result<PathBuf> {
    built("DIST_DIR", root().join("dist"), "index.html")
}

/// The merchants' loader, built.
///
/// # Errors
/// Where it is not.
pub fn embed() -> Result<PathBuf> {
    built("EMBED_DIR", target().join("embed"), "upi-checkout.js")
}

/// The gateway's binary.
///
/// # Errors
/// Where there is none.
pub fn gateway() -> Result<PathBuf> {
    let name = format!("gateway{}", env::consts::EXE_SUFFIX);
    built("GATEWAY_BIN", target().join("release").join(name), "")
}

/// The folder for pictures of the page; made where it is not there.
///
/// # Errors
/// Where it cannot be made.
pub fn screenshots() -> Result<PathBuf> {
    let folder = target().join("screenshots");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn built(variable: &str, default: PathBuf, file: &str) -> Result<PathBuf> {
    let path = env::var_os(variable).map_or(default, PathBuf::from);
    if path.join(file).exists() || (file.is_empty() && path.is_file()) {
        return Ok(path);
    }
    Err(Failure::new(format!(
        "{} is not built: run the tests with `cargo xtask test`, or `cargo xtask build` first",
        path.display()
    )))
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}
