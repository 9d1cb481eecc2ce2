//! A merchant's account at PhonePe: `[merchants.phonepe]`.

use checkout_core::vpa::Vpa;
use phonepe::call::Account;
use phonepe::salt::{Salt, Salts};

use super::section::Section;
use super::{parse_id, parse_origin};
use crate::rails::PhonePe;

/// PhonePe numbers its keys from 1.
const INDEX_MAX: u64 = 9_999;

pub(super) fn read(mut section: Section<'_>) -> Option<PhonePe> {
    let merchant_id = section.required("merchant_id", parse_id);
    let api_url = section.required("api_url", parse_base);
    let page_url = section.parsed("page_url", parse_origin);
    let current = salt(&mut section, "salt_key", "salt_index");
    if current.is_none() {
        section.complain("salt_key", "write the key and its `salt_index`");
    }
    let previous = salt(&mut section, "previous_salt_key", "previous_salt_index");
    let provider_id = section.parsed("provider_id", parse_id);
    let vpa = section.parsed("vpa", |text| Vpa::parse(text).map_err(|e| e.to_string()));
    section.finish();
    let api_url = api_url?;
    Some(PhonePe {
        account: Account {
            merchant_id: merchant_id?,
            salts: Salts::new(current?, previous.into_iter().collect()),
            provider_id,
        },
        page_url: page_url.or_else(|| origin(&api_url))?,
        api_url,
        vpa,
    })
}

/// A key and its index; both or none.
fn salt(section: &mut Section<'_>, key: &str, index: &str) -> Option<Salt> {
    let text = section.parsed(key, |text| match text {
        "" => Err("write the key that PhonePe gave".to_owned()),
        text => Ok(text.to_owned()),
    });
    let number = section.whole(index, 1, INDEX_MAX);
    let number = number.and_then(|number| u32::try_from(number).ok());
    Some(Salt::new(text?, number?))
}

/// `https` always; plain `http` only to this very machine.
fn parse_base(text: &str) -> Result<String, String> {
    let hint = "write PhonePe's address, like https://api-preprod.phonepe.com/apis/pg-sandbox";
    let url = url::Url::parse(text).map_err(|_| hint)?;
    let is_own = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_own);
    if !is_safe || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(hint.to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn origin(url: &str) -> Option<String> {
    Some(url::Url::parse(url).ok()?.origin().ascii_serialization())
}
