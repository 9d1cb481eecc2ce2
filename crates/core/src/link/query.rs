//! The query of a link: its tags in their order, byte for byte.

use std::fmt;

use super::LinkError;

/// The tags of a link. Printing gives back the very bytes that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query(Vec<String>);

impl Query {
    pub(super) fn parse(text: &str) -> Result<Self, LinkError> {
        let tags: Vec<String> = text.split('&').map(str::to_owned).collect();
        if tags.iter().any(|tag| split(tag).0.contains('%')) {
            return Err(LinkError::EscapedKey);
        }
        Ok(Self(tags))
    }

    /// The raw value of a tag; the first wins, and an empty one or `null` is none at all.
    pub(super) fn first_raw(&self, key: &str) -> Option<&str> {
        self.raw(key).next()
    }

    /// The value of a tag that may stand twice only if both say the same. `same` brings values into
    /// the form in which they are compared.
    pub(super) fn single(
        &self,
        key: &'static str,
        same: impl Fn(&str) -> String,
    ) -> Result<Option<String>, LinkError> {
        let mut values = self.raw(key).map(|raw| {
            if key == "am" {
                raw.to_owned()
            } else {
                unescape(raw)
            }
        });
        let Some(first) = values.next() else {
            return Ok(None);
        };
        let wanted = same(&first);
        if values.any(|other| same(&other) != wanted) {
            return Err(LinkError::Contradiction(key));
        }
        Ok(Some(first))
    }

    /// The value of a tag, unescaped; a `+` stays one.
    pub(super) fn value(&self, key: &str) -> Option<String> {
        self.first_raw(key).map(unescape)
    }

    /// Whether the last tag has this name; empty segments do not count.
    pub(super) fn ends_with(&self, key: &str) -> bool {
        let last = self.0.iter().rev().find(|tag| !tag.is_empty());
        last.is_some_and(|tag| split(tag).0.eq_ignore_ascii_case(key))
    }

    /// The value of a tag for a person to read: unescaped, `+` as a space, without characters that
    /// hide or turn text.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        let text = unescape(&self.first_raw(key)?.replace('+', " "));
        let text: String = text.chars().filter(|c| !is_hidden(*c)).collect();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The same tags with another amount in `am` and `mam`; `am` is added where there is none.
    pub(super) fn with_amount(&self, rupees: &str) -> Self {
        let mut has_amount = false;
        let mut tags: Vec<String> = Vec::with_capacity(self.0.len().saturating_add(1));
        for tag in &self.0 {
            let (key, raw) = split(tag);
            let is_amount = key.eq_ignore_ascii_case("am");
            has_amount |= is_amount;
            // A floor that is absent stays absent; an empty one is not filled either.
            let is_floor = key.eq_ignore_ascii_case("mam") && present(raw).is_some();
            if is_amount || is_floor {
                let written = tag.split_once('=').map_or(tag.as_str(), |(key, _)| key);
                tags.push(format!("{written}={rupees}"));
            } else {
                tags.push(tag.clone());
            }
        }
        if !has_amount {
            tags.push(format!("am={rupees}"));
        }
        Self(tags)
    }

    fn raw<'a, 'k>(&'a self, key: &'k str) -> impl Iterator<Item = &'a str> + use<'a, 'k> {
        self.0.iter().filter_map(move |tag| {
            let (name, raw) = split(tag);
            if name.eq_ignore_ascii_case(key) {
                present(raw)
            } else {
                None
            }
        })
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("&"))
    }
}

/// The name and raw value of a tag. `&amp;` from an HTML page leaves `amp;` before the name.
fn split(tag: &str) -> (&str, &str) {
    let (key, raw) = tag.split_once('=').unwrap_or((tag, ""));
    (key.strip_prefix("amp;").unwrap_or(key), raw)
}

/// "If any tag is not present it can be dropped or passed as null."
fn present(raw: &str) -> Option<&str> {
    (!raw.is_empty() && !raw.eq_ignore_ascii_case("null")).then_some(raw)
}

/// `%40` becomes `@`; a `%` without two hexadecimal digits is a space, as the specification lets
/// old apps write it. Bytes that are not UTF-8 become replacement characters.
fn unescape(raw: &str) -> String {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        match tail
            .split_at_checked(2)
            .and_then(|(hex, after)| Some((hex_byte(hex)?, after)))
        {
            Some((byte, after)) => {
                bytes.push(byte);
                rest = after;
            }
            None => bytes.push(b' '),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_byte(hex: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(hex).ok()?;
    // `from_str_radix` would take a sign.
    if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u8::from_str_radix(text, 16).ok()
}

/// Control, zero-width and direction characters: with them a name can look like another.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}
