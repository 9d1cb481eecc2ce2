//! The page's files: what `cargo xtask build` left in `dist/`, inside the binary in a release.

use std::borrow::Cow;

use rust_embed::RustEmbed;

use crate::random::to_hex;

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
    /// The hash of that, for `ETag`.
    pub hash: String,
}

/// Where the files come from.
pub trait Assets: Send + Sync {
    /// The file at a path without a leading slash.
    fn get(&self, path: &str) -> Option<File>;
}

/// The folder `dist/`: embedded in a release, read from the disk in a debug build. It may be
/// missing: the gateway builds without the page, and then says how to build it.
#[derive(RustEmbed)]
#[folder = "../../dist"]
#[allow_missing = true]
struct Dist;

/// The files of this build.
#[derive(Clone, Copy, Debug)]
pub struct Embedded;

impl Assets for Embedded {
    fn get(&self, path: &str) -> Option<File> {
        Dist::get(path).map(|file| File {
            hash: to_hex(&file.metadata.sha256_hash()),
            bytes: file.data,
        })
    }
}
