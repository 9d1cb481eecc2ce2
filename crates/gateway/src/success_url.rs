//! The verdict on `successUrl` when an order is made.

use checkout_core::redirect::{self, RedirectError};

/// Judges a `successUrl` as the page will, and brings it into the form that every parser reads
/// alike. Both the text and that form must pass.
///
/// # Errors
/// The first rule that it breaks.
pub fn normalize(text: &str, allowed_hosts: &[String]) -> Result<String, RedirectError> {
    redirect::judge(text, allowed_hosts)?;
    let url = url::Url::parse(text).map_err(|_| RedirectError::BadHost)?;
    redirect::judge(url.as_str(), allowed_hosts)?;
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_judged_and_brought_into_one_form() {
        let hosts = ["shop.example".to_owned()];
        for (text, url) in [
            ("https://Shop.Example", Some("https://shop.example/")),
            (
                "https://shop.example:443/a/../b?c=%20",
                Some("https://shop.example/b?c=%20"),
            ),
            ("https://other.example/", None),
            ("https://shop.example@evil.example/", None),
            ("https:\\\\shop.example", None),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(normalize(text, &hosts).ok().as_deref(), url, "{text}");
        }
    }
}
