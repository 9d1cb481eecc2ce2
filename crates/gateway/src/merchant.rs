//! Merchants: who is paid, and with which keys they ask.

use std::sync::Arc;

use checkout_core::vpa::Vpa;
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::rails::PhonePe;
use crate::random;
use crate::secret::Secret;
use crate::webhook::Webhook;

/// A merchant as configured.
#[derive(Clone, Debug)]
pub struct Merchant {
    /// Its name in the database and in logs.
    pub id: String,
    /// The payee's name that customers see.
    pub name: String,
    /// Where its money goes.
    pub vpa: Vpa,
    /// Its merchant category code, four digits.
    pub mcc: Option<String>,
    /// The hashes of its API keys; several while a key is being replaced.
    pub api_key_hashes: Vec<KeyHash>,
    /// Hosts that `successUrl` may name; none: any `https` host.
    pub redirect_hosts: Vec<String>,
    /// Origins that may embed the checkout; none: nobody.
    pub parent_origins: Vec<String>,
    /// How the page looks.
    pub brand: Brand,
    /// The most that is taken off to make an amount unique, in paise; 0: nothing.
    pub discount_max_paise: u64,
    /// How long an order waits for its money, where the order does not say, in milliseconds.
    pub order_lifetime_ms: i64,
    /// Its account at PhonePe, for the flows that go through it.
    pub phonepe: Option<PhonePe>,
    /// Where it is told what happens.
    pub webhook: Option<Webhook>,
}

/// How the page looks for one merchant.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Brand {
    /// Shown on top, where it is not the payee's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// An image of this server, or a `data:image/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// A colour, `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
}

/// All merchants of this gateway.
#[derive(Clone, Debug, Default)]
pub struct Merchants(Vec<Arc<Merchant>>);

impl Merchants {
    /// Takes the list; ids and UPI ids are different in each.
    pub fn new(merchants: Vec<Merchant>) -> Self {
        Self(merchants.into_iter().map(Arc::new).collect())
    }

    /// The merchant of an order. `None`: it has left the configuration.
    pub fn get(&self, id: &str) -> Option<&Arc<Merchant>> {
        self.0.iter().find(|merchant| merchant.id == id)
    }

    /// The merchant who holds a key. Every hash is looked at, so that the time tells nothing.
    pub fn by_key(&self, key: &Secret) -> Option<&Arc<Merchant>> {
        let hash = KeyHash::of(key);
        let mut found = None;
        for merchant in &self.0 {
            for own in &merchant.api_key_hashes {
                if bool::from(own.0.ct_eq(&hash.0)) {
                    found = Some(merchant);
                }
            }
        }
        found
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The SHA-256 of an API key. A slow hash would add nothing: the keys are 256 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// Hashes a key.
    pub fn of(key: &Secret) -> Self {
        Self(Sha256::digest(key.expose()).into())
    }

    /// Reads 64 hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 32];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// 64 hex digits, for the configuration.
    pub fn to_hex(self) -> String {
        random::to_hex(&self.0)
    }
}

/// Makes an API key of 256 random bits.
///
/// # Errors
/// Where the operating system has no randomness to give.
pub fn new_key() -> Result<Secret, getrandom::Error> {
    Ok(Secret::new(format!("uck_{}", random::hex::<32>()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        let key = new_key().unwrap();
        let hash = KeyHash::of(&key);
        assert_eq!(KeyHash::parse(&hash.to_hex()), Some(hash));
        assert_eq!(KeyHash::parse("12"), None);
        assert_eq!(KeyHash::parse(&"é".repeat(32)), None);
        assert_eq!(format!("{key:?}"), "***");
    }
}
