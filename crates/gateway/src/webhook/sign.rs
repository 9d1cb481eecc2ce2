//! The signature of a webhook: `Checkout-Signature: t=<seconds since 1970>,v1=<hex>`.
//!
//! `v1` is the HMAC-SHA256 of `<t>.<raw body>` under the merchant's secret. While a secret is being
//! replaced there are two of them. The merchant refuses an old `t`, so a recorded message cannot be
//! played again.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::random::to_hex;
use crate::secret::Secret;

/// The header.
pub const SIGNATURE: &str = "checkout-signature";

/// Signs a body.
pub fn sign(secrets: &[Secret], at_ms: i64, body: &str) -> String {
    let at_s = at_ms / 1_000;
    let mut header = format!("t={at_s}");
    for secret in secrets {
        header.push_str(",v1=");
        header.push_str(&mac(secret, at_s, body));
    }
    header
}

fn mac(secret: &Secret, at_s: i64, body: &str) -> String {
    // HMAC takes keys of every length.
    Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes())
        .map(|mac| {
            let mac = mac.chain_update(format!("{at_s}.")).chain_update(body);
            to_hex(&mac.finalize().into_bytes())
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf '%s' '1800000000.{"id":"1"}' | openssl dgst -sha256 -hmac whsec_1`
    const BY_OPENSSL: &str = "7acfb938e6a98091291fc11170da8206b8dfea416b50fe8cd155aa9a76f2cdf9";

    #[test]
    fn the_signature_is_what_openssl_computes() {
        let secret = Secret::new("whsec_1");
        let signed = sign(&[secret], 1_800_000_000_999, r#"{"id":"1"}"#);
        assert_eq!(signed, format!("t=1800000000,v1={BY_OPENSSL}"));
    }

    #[test]
    fn each_secret_signs_and_everything_is_signed() {
        let secrets = [Secret::new("a"), Secret::new("b")];
        let both = sign(&secrets, 1_000, "x");
        let first = sign(&secrets[..1], 1_000, "x");
        assert!(both.starts_with(&first) && both.matches(",v1=").count() == 2);
        assert_ne!(sign(&secrets, 2_000, "x")[4..], both[4..]);
        assert_ne!(sign(&secrets, 1_000, "y"), both);
    }
}
