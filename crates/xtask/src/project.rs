//! Where the project's things are.

use crate::problem::{Result, While};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The repository's root folder.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable when it runs us; the built-in path is for a binary run by hand.
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors()
        .nth(2)
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// The page, as it is served.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The release gateway.
pub(crate) fn gateway() -> PathBuf {
    target()
        .join("release")
        .join(format!("gateway{}", env::consts::EXE_SUFFIX))
}

/// Reads a text file of the project, by its path from the root.
pub(crate) fn read(path: &str) -> Result<String> {
    fs::read_to_string(root().join(path)).while_doing(format!("read {path}"))
}

/// All files below a folder, sorted, so that whoever walks them does it in the same order
/// everywhere. A folder that is not there has no files.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        let reading = || format!("read the folder {}", folder.display());
        for entry in fs::read_dir(&folder).while_doing(reading())? {
            let path = entry.while_doing(reading())?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
