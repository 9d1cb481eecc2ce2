//! Hashes of files, as browsers compare them (Subresource Integrity).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The value of an `integrity` attribute, and of a source in a Content-Security-Policy.
pub(crate) fn integrity(content: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content)))
}

/// Enough of the hash, in hex, to name a file by its content.
pub(crate) fn short_hash(content: &[u8]) -> String {
    let hash = Sha256::digest(content);
    hash.iter().take(6).map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn the_hash_is_the_standards() {
        let expected = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        assert_eq!(integrity(b"abc"), expected);
        assert_eq!(short_hash(b"abc"), "ba7816bf8f01");
    }
}
