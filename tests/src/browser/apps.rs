//! The UPI apps of a device, as far as a browser can tell: something that opens their links.
//!
//! Chromium asks before it hands a link to another program, and no page is told while it asks; so
//! it is told beforehand that the pages under test may. The program that opens links on this
//! machine (`xdg-open`) is replaced by one that does nothing, for this browser alone.

use crate::Result;
use serde_json::{Map, Value, json};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

/// The schemes of all apps, of the open choice, and Android's own way to name an app.
const SCHEMES: [&str; 11] = [
    "phonepe",
    "tez",
    "gpay",
    "paytmmp",
    "bhim",
    "navipay",
    "super",
    "credpay",
    "amazonpay",
    "upi",
    "intent",
];

/// The apps of one browser.
pub(super) struct Apps {
    folder: TempDir,
}

impl Apps {
    /// Installs them.
    pub(super) fn install() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let opener = folder.path().join("xdg-open");
        fs::write(&opener, "#!/bin/sh\n")?;
        fs::set_permissions(&opener, fs::Permissions::from_mode(0o755))?;
        Ok(Self { folder })
    }

    /// The `PATH` of a browser that finds them.
    pub(super) fn path(&self) -> Result<OsString> {
        let rest = env::var_os("PATH").unwrap_or_default();
        let own = self.folder.path().to_path_buf();
        Ok(env::join_paths(
            [own].into_iter().chain(env::split_paths(&rest)),
        )?)
    }
}

/// The browser's preference that lets pages of these origins open apps.
pub(super) fn preferences(origins: &[String]) -> Value {
    let schemes: Map<String, Value> = SCHEMES
        .iter()
        .map(|scheme| ((*scheme).to_owned(), json!(true)))
        .collect();
    let pairs: Map<String, Value> = origins
        .iter()
        .map(|origin| (origin.clone(), Value::Object(schemes.clone())))
        .collect();
    json!({ "protocol_handler": { "allowed_origin_protocol_pairs": pairs } })
}
