//! Random names from the operating system.

use std::fmt::Write;

/// `N` random bytes in lower-case hex.
///
/// # Errors
/// Where the operating system has no randomness to give.
pub fn hex<const N: usize>() -> Result<String, getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(to_hex(&bytes))
}

/// Bytes in lower-case hex.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A random byte, to spread what would happen at once. Nothing depends on it being secret or even.
pub fn byte() -> u8 {
    let mut bytes = [0];
    // Without randomness nothing is spread, and nothing else is lost.
    let _ = getrandom::fill(&mut bytes);
    let [byte] = bytes;
    byte
}
