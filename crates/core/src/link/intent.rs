//! `intent:` links, Android's way to name an app: read strictly, because what else they can carry
//! reaches past the app (components, selectors, extras), and not every browser strips it.
//!
//! Grammar: `intent://HOST?QUERY#Intent;KEY=VALUE;…;end`.

use super::LinkError;
use crate::apps::App;

/// Turns an `intent:` link into the link that it wraps: its scheme, its host, its query's bytes.
pub(super) fn unwrap(text: &str) -> Result<String, LinkError> {
    let (link, parts) = text.split_once("#Intent;").ok_or(LinkError::IntentShape)?;
    let parts = parts.strip_suffix(";end").ok_or(LinkError::IntentShape)?;
    let target = link
        .split_once("://")
        .map(|(_, target)| target)
        .ok_or(LinkError::IntentShape)?;
    if parts.contains('#') || target.contains('#') {
        return Err(LinkError::IntentShape);
    }
    let mut scheme = None;
    let mut seen: Vec<&str> = Vec::new();
    for part in parts.split(';') {
        let (key, value) = part.split_once('=').ok_or(LinkError::IntentShape)?;
        if seen.contains(&key) {
            return Err(LinkError::IntentShape);
        }
        seen.push(key);
        match key {
            "scheme" => scheme = Some(value),
            "package" if is_known_package(value) => {}
            "package" => return Err(LinkError::IntentPackage),
            "action" if value == "android.intent.action.VIEW" => {}
            // The page has its own way to go on, so this one is dropped.
            "S.browser_fallback_url" => {}
            _ => return Err(LinkError::IntentKey),
        }
    }
    let scheme = scheme.ok_or(LinkError::IntentShape)?;
    if scheme.is_empty() || !scheme.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(LinkError::Scheme);
    }
    Ok(format!("{scheme}://{target}"))
}

fn is_known_package(package: &str) -> bool {
    !package.is_empty() && App::ALL.iter().any(|app| app.facts().package == package)
}
