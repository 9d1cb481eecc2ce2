//! The salt key and the checksum that it makes: `X-VERIFY`.
//!
//! `SHA256(what + key)` in hex, `###`, the key's index. `what` is the base64 payload and the path of
//! a POST, the path of a GET, or the `response` of a callback. Checksums are compared in constant
//! time, and a key is never printed.
//!
//! Source: PhonePe, "Calculate X-Verify", and the header tables of each request.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The header that carries the checksum.
pub const X_VERIFY: &str = "X-VERIFY";

/// One salt key of a merchant and its number at PhonePe.
#[derive(Clone)]
pub struct Salt {
    key: String,
    index: u32,
}

impl Salt {
    /// A key as PhonePe gave it, and its index, which counts from 1.
    pub fn new(key: impl Into<String>, index: u32) -> Self {
        let key = key.into();
        Self { key, index }
    }

    fn checksum(&self, parts: &[&str]) -> String {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
        }
        let hash = hash.chain_update(&self.key).finalize();
        let mut text = String::new();
        for byte in hash {
            text.extend([byte >> 4, byte & 15].map(hex_digit));
        }
        format!("{text}###{}", self.index)
    }
}

fn hex_digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or('0')
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Salt(***###{})", self.index)
    }
}

/// A merchant's keys: the one that signs, and older ones that a callback may still be signed with.
#[derive(Clone, Debug)]
pub struct Salts {
    current: Salt,
    older: Vec<Salt>,
}

/// The checksum is not the one that the content has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadChecksum;

impl fmt::Display for BadChecksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("X-VERIFY does not fit the content")
    }
}

impl std::error::Error for BadChecksum {}

impl Salts {
    /// `current` signs; it and `older` are believed.
    pub fn new(current: Salt, older: Vec<Salt>) -> Self {
        Self { current, older }
    }

    /// The checksum of a POST: base64 payload and path.
    pub fn sign_payload(&self, base64: &str, path: &str) -> String {
        self.current.checksum(&[base64, path])
    }

    /// The checksum of a request without a payload.
    pub fn sign_path(&self, path: &str) -> String {
        self.current.checksum(&[path])
    }

    /// The checksum of a callback's `response`.
    pub fn sign_callback(&self, response: &str) -> String {
        self.current.checksum(&[response])
    }

    /// Whether a checksum fits a POST.
    ///
    /// # Errors
    /// [`BadChecksum`].
    pub fn check_payload(&self, given: &str, base64: &str, path: &str) -> Result<(), BadChecksum> {
        self.check(given, &[base64, path])
    }

    /// Whether a checksum fits a request without a payload.
    ///
    /// # Errors
    /// [`BadChecksum`].
    pub fn check_path(&self, given: &str, path: &str) -> Result<(), BadChecksum> {
        self.check(given, &[path])
    }

    /// Whether a checksum fits a callback's `response`.
    ///
    /// # Errors
    /// [`BadChecksum`].
    pub fn check_callback(&self, given: &str, response: &str) -> Result<(), BadChecksum> {
        self.check(given, &[response])
    }

    /// Every key is tried, so that the time does not tell which indices there are.
    fn check(&self, given: &str, parts: &[&str]) -> Result<(), BadChecksum> {
        let given = given.trim().to_ascii_lowercase();
        let mut fits = subtle::Choice::from(0);
        for salt in std::iter::once(&self.current).chain(&self.older) {
            fits |= salt.checksum(parts).as_bytes().ct_eq(given.as_bytes());
        }
        if bool::from(fits) {
            Ok(())
        } else {
            Err(BadChecksum)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_fits_its_content_its_path_and_its_key_only() {
        let salts = Salts::new(Salt::new("new", 2), vec![Salt::new("old", 1)]);
        let good = salts.sign_payload("abc", "/v3/debit");
        assert!(salts.check_payload(&good, "abc", "/v3/debit").is_ok());
        assert!(
            salts
                .check_payload(&good.to_uppercase(), "abc", "/v3/debit")
                .is_ok()
        );
        for (given, base64, path) in [
            (good.as_str(), "abd", "/v3/debit"),
            (good.as_str(), "abc", "/v4/debit"),
            (&good[1..], "abc", "/v3/debit"),
            (&good.replace("###2", "###1"), "abc", "/v3/debit"),
            ("###2", "abc", "/v3/debit"),
            ("", "abc", "/v3/debit"),
        ] {
            let checked = salts.check_payload(given, base64, path);
            assert_eq!(checked, Err(BadChecksum), "{given} {base64} {path}");
        }
    }

    #[test]
    fn an_older_key_is_still_believed_but_signs_nothing() {
        let old = Salts::new(Salt::new("old", 1), Vec::new());
        let both = Salts::new(Salt::new("new", 2), vec![Salt::new("old", 1)]);
        let signed = old.sign_callback("abc");
        assert!(both.check_callback(&signed, "abc").is_ok());
        assert!(both.sign_callback("abc").ends_with("###2"));
        assert!(old.check_path(&both.sign_path("/v3"), "/v3").is_err());
    }

    #[test]
    fn a_key_is_not_printed() {
        let salts = Salts::new(Salt::new("sesame", 1), Vec::new());
        assert!(!format!("{salts:?}").contains("sesame"));
    }
}
