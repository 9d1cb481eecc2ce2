//! Which database: `sqlite:data/checkout.db`, or `postgres://user@host/name`.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use sqlx::any::AnyConnectOptions;
use url::{Host, Url};

use super::StoreError;
use super::dialect::{Dialect, Use};

/// Where orders are kept. Printed, it shows no password.
#[derive(Clone, PartialEq, Eq)]
pub struct Database(Kind);

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    File(PathBuf),
    Server(Url),
}

impl Database {
    /// A file of this machine.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Kind::File(path.into()))
    }

    /// Reads what a person wrote.
    ///
    /// To a server that is not this very machine the connection is encrypted, and its certificate is
    /// checked, unless `sslmode` says otherwise.
    ///
    /// # Errors
    /// How to write it. The text itself is never repeated: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') {
                return Err("name a file: orders must outlive the process".to_owned());
            }
            return Ok(Self::file(path));
        }
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return server(text).map(|url| Self(Kind::Server(url)));
        }
        Err("write it like sqlite:data/checkout.db or postgres://user@host/name".to_owned())
    }

    pub(super) fn dialect(&self) -> Dialect {
        match &self.0 {
            Kind::File(_) => Dialect::Sqlite,
            Kind::Server(_) => Dialect::Postgres,
        }
    }

    /// The file, where it is one.
    pub(super) fn path(&self) -> Option<&Path> {
        match &self.0 {
            Kind::File(path) => Some(path),
            Kind::Server(_) => None,
        }
    }

    /// The server's address, where it is one, password and all.
    pub(super) fn server(&self) -> Option<&Url> {
        match &self.0 {
            Kind::File(_) => None,
            Kind::Server(url) => Some(url),
        }
    }

    pub(super) fn options(&self, purpose: Use) -> Result<AnyConnectOptions, StoreError> {
        let url = match &self.0 {
            Kind::Server(url) => url.to_string(),
            Kind::File(path) => {
                let path = path.to_str().ok_or(StoreError::Unsafe(
                    "the name of the database file is not UTF-8",
                ))?;
                let mode = if purpose == Use::Read { "ro" } else { "rwc" };
                format!("sqlite:{}?mode={mode}", encode(path))
            }
        };
        Ok(url.parse()?)
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::File(path) => write!(f, "sqlite:{}", path.display()),
            Kind::Server(url) => write!(f, "postgres://***@{}", url.host_str().unwrap_or("")),
        }
    }
}

fn server(text: &str) -> Result<Url, String> {
    let hint = "write it like postgres://user@host/name, with %40 for an @ in a password";
    let mut url = Url::parse(text).map_err(|_| hint)?;
    if !url.has_host() && !url.query_pairs().any(|(key, _)| key == "host") {
        return Err(hint.to_owned());
    }
    let says = |name: &str| url.query_pairs().any(|(key, _)| key == name);
    if !is_here(&url) && !says("sslmode") && !says("ssl-mode") {
        url.query_pairs_mut().append_pair("sslmode", "verify-full");
    }
    Ok(url)
}

/// Whether the way to the server never leaves this machine: loopback, or a socket in a folder.
fn is_here(url: &Url) -> bool {
    let named = url.query_pairs().filter(|(key, _)| key == "host").last();
    if let Some((_, host)) = named {
        return host.starts_with('/') || host == "localhost";
    }
    match url.host() {
        None => false,
        // In such a URL an IPv4 address is a name like any other.
        Some(Host::Domain(name)) => {
            let address = name.parse::<IpAddr>();
            name == "localhost"
                || name.starts_with("%2F")
                || address.is_ok_and(|it| it.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
    }
}

/// A file's name as a part of a URL.
fn encode(path: &str) -> String {
    let mut encoded = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_databases_that_outlive_the_process_are_taken() {
        let path = |text| Database::parse(text).unwrap().path().map(Path::to_owned);
        assert_eq!(path("sqlite:here.db"), Some("here.db".into()));
        assert_eq!(path("sqlite:///data/here.db"), Some("/data/here.db".into()));
        for bad in [
            "",
            "here.db",
            "sqlite:",
            "sqlite::memory:",
            "mysql://host/name",
            "postgres:",
            "postgres:name",
            "postgres:///name",
            "postgres://host:port/name",
        ] {
            assert!(Database::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted_unless_it_is_said_otherwise() {
        for (text, mode) in [
            ("postgres://me@db.example/shop", Some("verify-full")),
            ("postgresql://me@10.0.0.7/shop", Some("verify-full")),
            (
                "postgres://me@localhost/shop?host=db.example",
                Some("verify-full"),
            ),
            (
                "postgres://me@db.example/shop?sslmode=disable",
                Some("disable"),
            ),
            ("postgres://me@db.example/shop?ssl-mode=require", None),
            ("postgres://me@localhost/shop", None),
            ("postgres://me@127.0.0.1:5433/shop", None),
            ("postgres://me@[::1]/shop", None),
            ("postgres://me@%2Fvar%2Frun%2Fpostgresql/shop", None),
            ("postgres:///shop?host=/var/run/postgresql", None),
        ] {
            let database = Database::parse(text).unwrap();
            let url = database.server().unwrap();
            let found = url.query_pairs().find(|(key, _)| key == "sslmode");
            assert_eq!(
                found.as_ref().map(|(_, mode)| mode.as_ref()),
                mode,
                "{text}"
            );
        }
    }

    #[test]
    fn no_password_is_printed() {
        let database = Database::parse("postgres://me:hush@db.example/shop?password=hush").unwrap();
        assert!(!format!("{database:?}").contains("hush"));
        let refused = Database::parse("postgres://me:hush@db.example:port/shop").unwrap_err();
        assert!(!refused.contains("hush"));
    }

    #[test]
    fn a_file_is_found_whatever_its_name_holds() {
        assert_eq!(encode("/a b/ü?#%.db"), "/a%20b/%C3%BC%3F%23%25.db");
    }
}
