//! The verdict on `successUrl`: may the page send the customer there?
//!
//! The address must read the same to every URL parser, so only a plain subset is let through:
//! lower or upper case ASCII host, optional port, printable ASCII without backslash. The gateway
//! judges when an order is made, the page once more before it leaves; both call [`judge`].

use std::fmt;

/// The longest address that is opened, in bytes.
pub const LENGTH_MAX: usize = 2_048;

/// Judges an address. `allowed_hosts`: where it is empty, any `https` host is allowed; else only
/// these, compared whole and without regard to case. Plain `http` is for loopback hosts alone.
///
/// # Errors
/// The first rule that the address breaks.
pub fn judge(url: &str, allowed_hosts: &[String]) -> Result<(), RedirectError> {
    if url.len() > LENGTH_MAX {
        return Err(RedirectError::TooLong);
    }
    // Browsers drop tabs and line breaks and turn `\` into `/`: neither may stand in it at all.
    if !url.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
        return Err(RedirectError::BadCharacter);
    }
    let (secure, rest) = split_scheme(url).ok_or(RedirectError::BadScheme)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host_of(authority)?;
    let loopback = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|own| host.eq_ignore_ascii_case(own));
    if !secure && !loopback {
        return Err(RedirectError::NotSecure);
    }
    let listed = allowed_hosts
        .iter()
        .any(|allowed| allowed.eq_ignore_ascii_case(host));
    if allowed_hosts.is_empty() || listed {
        Ok(())
    } else {
        Err(RedirectError::HostNotAllowed)
    }
}

/// Whether the scheme is `https`, and what follows `://`.
fn split_scheme(url: &str) -> Option<(bool, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Some((true, rest)),
        "http" => Some((false, rest)),
        _ => None,
    }
}

/// The host of an authority, which may have a port and nothing else.
fn host_of(authority: &str) -> Result<&str, RedirectError> {
    if authority.contains('@') {
        return Err(RedirectError::UserInfo);
    }
    let split = match authority.strip_prefix("[::1]") {
        Some("") => ("[::1]", None),
        Some(port) => ("[::1]", port.strip_prefix(':').or(Some(""))),
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let (host, port) = split;
    if port.is_some_and(|port| port.parse::<u16>().is_err() || port.starts_with('+')) {
        return Err(RedirectError::BadPort);
    }
    if host == "[::1]" || is_plain_host(host) {
        Ok(host)
    } else {
        Err(RedirectError::BadHost)
    }
}

/// Dot-separated labels of letters, digits and inner hyphens. The last label is no number, except
/// in a plain dotted quad: `0x7f.1` and `2130706433` are addresses that hide.
fn is_plain_host(host: &str) -> bool {
    let label_ok = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let labels: Vec<&str> = host.split('.').collect();
    let numeric_end = labels
        .last()
        .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()));
    let quad = labels.len() == 4
        && labels
            .iter()
            .all(|l| l.parse::<u8>().is_ok_and(|n| n.to_string() == **l));
    host.len() <= 253 && labels.iter().all(|label| label_ok(label)) && (!numeric_end || quad)
}

/// Why an address is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectError {
    /// More than [`LENGTH_MAX`] bytes.
    TooLong,
    /// A space, control character, backslash or non-ASCII character.
    BadCharacter,
    /// Not `https://…` or `http://…`.
    BadScheme,
    /// `http:` to a host that is not this machine.
    NotSecure,
    /// A user name or password before the host.
    UserInfo,
    /// A port that is no number from 0 to 65535.
    BadPort,
    /// No host, or one that parsers read differently.
    BadHost,
    /// The host is not on the configured list.
    HostNotAllowed,
}

impl RedirectError {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "redirect-too-long",
            Self::BadCharacter => "redirect-bad-character",
            Self::BadScheme => "redirect-bad-scheme",
            Self::NotSecure => "redirect-not-secure",
            Self::UserInfo => "redirect-user-info",
            Self::BadPort => "redirect-bad-port",
            Self::BadHost => "redirect-bad-host",
            Self::HostNotAllowed => "redirect-host-not-allowed",
        }
    }
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the address is longer than 2048 characters",
            Self::BadCharacter => "write the address in plain ASCII without spaces or backslashes; encode the rest with %",
            Self::BadScheme => "the address must begin with https://",
            Self::NotSecure => "the address must begin with https://; http:// is for this machine only",
            Self::UserInfo => "the address must not hold a user name or password",
            Self::BadPort => "the port must be a number from 0 to 65535",
            Self::BadHost => "the host must be a plain name such as shop.example; write others in punycode",
            Self::HostNotAllowed => "this host is not on the list of allowed hosts",
        })
    }
}

impl std::error::Error for RedirectError {}

#[cfg(test)]
mod tests {
    use super::*;
    use RedirectError::*;

    #[test]
    fn shops_addresses_pass() {
        for url in [
            "https://shop.example",
            "https://shop.example/",
            "HTTPS://Shop.Example/thanks",
            "https://shop.example:8443/thanks?order=1&x=%20#top",
            "https://xn--11b4c3d.xn--h2brj9c/",
            "https://shop.example/a@b",
            "https://shop.example?next=https://other.example",
            "https://203.0.113.9/thanks",
            "http://localhost:8080/demo/thanks",
            "http://127.0.0.1:3000/",
            "http://[::1]:3000/",
        ] {
            assert_eq!(judge(url, &[]), Ok(()), "{url}");
        }
    }

    #[test]
    fn tricks_are_refused() {
        for (url, why) in [
            ("", BadScheme),
            ("javascript:alert(1)", BadScheme),
            ("JaVaScRiPt://%0aalert(1)", BadScheme),
            ("data:text/html,x", BadScheme),
            ("//evil.example", BadScheme),
            ("/thanks", BadScheme),
            ("https:shop.example", BadScheme),
            ("https:/shop.example", BadScheme),
            ("upi://pay?pa=a@b", BadScheme),
            ("http://shop.example/", NotSecure),
            ("http://localhost.evil.example/", NotSecure),
            ("https://", BadHost),
            ("https:///shop.example", BadHost),
            ("https://shop.example@evil.example", UserInfo),
            ("https://user:pass@shop.example", UserInfo),
            ("https://shop.example\\@evil.example", BadCharacter),
            ("https:\\\\evil.example", BadCharacter),
            ("ht\ttps://evil.example", BadCharacter),
            ("https://shop.example/\r\nSet-Cookie: a", BadCharacter),
            (" https://shop.example", BadCharacter),
            ("https://shop。example", BadCharacter),
            ("https://ｓhop.example", BadCharacter),
            ("https://shop%2eexample", BadHost),
            ("https://shop..example", BadHost),
            ("https://.example", BadHost),
            ("https://-a.example", BadHost),
            ("https://0x7f.1", BadHost),
            ("https://2130706433", BadHost),
            ("https://127.1", BadHost),
            ("https://010.0.0.1", BadHost),
            ("https://[::ffff:127.0.0.1]/", BadPort),
            ("https://[fe80]/", BadHost),
            ("https://shop.example:/", BadPort),
            ("https://shop.example:99999/", BadPort),
            ("https://shop.example:+80/", BadPort),
            ("https://[::1]evil.example/", BadPort),
        ] {
            assert_eq!(judge(url, &[]), Err(why), "{url:?}");
        }
        assert_eq!(
            judge(&format!("https://a.b/{}", "x".repeat(2048)), &[]),
            Err(TooLong)
        );
    }

    #[test]
    fn a_list_of_hosts_is_compared_whole() {
        let hosts = ["shop.example".to_owned()];
        assert_eq!(judge("https://SHOP.example/ok", &hosts), Ok(()));
        for url in [
            "https://evil.example/shop.example",
            "https://shop.example.evil.example",
            "https://evilshop.example",
            "https://www.shop.example",
            "https://shop.example./",
            "https://evil.example?shop.example",
        ] {
            assert!(judge(url, &hosts).is_err(), "{url}");
        }
    }
}
