//! Compression as a server does it ahead of time: as small as it gets, the same bytes each time.

use crate::problem::{Result, While};
use crate::project;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Kinds of files that shrink. Pictures and fonts are compressed already.
const WORTHWHILE: &[&str] = &[
    "css",
    "html",
    "js",
    "json",
    "map",
    "mjs",
    "svg",
    "ts",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// Writes `name.br` beside each file of the folder that shrinks.
pub(crate) fn files_in(folder: &Path) -> Result<()> {
    for file in project::files_below(folder)? {
        if is_worthwhile(&file) {
            let content = fs::read(&file).while_doing(format!("read {}", file.display()))?;
            let beside = beside(&file);
            fs::write(&beside, brotli(&content)?)
                .while_doing(format!("write {}", beside.display()))?;
        }
    }
    Ok(())
}

/// Brotli, quality 11.
pub(crate) fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        // The largest window that every browser accepts.
        lgwin: 24,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)
        .while_doing("compress with brotli")?;
    Ok(compressed)
}

/// Gzip, level 9.
pub(crate) fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .while_doing("compress with gzip")
}

fn is_worthwhile(file: &Path) -> bool {
    file.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| WORTHWHILE.contains(&extension))
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_os_string();
    name.push(".br");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_can_be_read_again() {
        let content = b"pay pay pay pay pay pay pay pay pay pay".repeat(50);
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli(&content).unwrap(), &mut plain).unwrap();
        assert_eq!(plain, content);
        assert_eq!(brotli(&content).unwrap(), brotli(&content).unwrap());
        assert!(gzip(&content).unwrap().len() < content.len());
    }

    #[test]
    fn compressed_files_are_not_compressed_again() {
        assert!(is_worthwhile(Path::new("a/page-0f.wasm")));
        assert!(!is_worthwhile(Path::new("a/page-0f.wasm.br")));
        assert!(!is_worthwhile(Path::new("a/logo.png")));
        assert_eq!(beside(Path::new("a/b.js")), Path::new("a/b.js.br"));
    }
}
