//! The UPI apps of a device, as far as a browser can tell: something that opens their links.
//!
//! Chromium asks before it hands a link to another program, and no page is told while it asks; so
//! it is told beforehand that the pages under test may. The program that opens links on this
//! machine (`xdg-open`) is replaced by one that does nothing, for this browser alone.

use super::Device;
use crate::Result;
use serde_json::{Map, Value, json};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// The schemes of all apps, of the open choice, and Android's own way to name an app.
const SCHEMES: [&str; 13] = [
    "phonepe",
    "ppe",
    "tez",
    "gpay",
    "paytmmp",
    "bhim",
    "navipay",
    "super",
    "credpay",
    "amazonpay",
    "whatsapp",
    "upi",
    "intent",
];

/// How to tell by an address which app it opens: the app's id, its package on Android, and how its
/// links begin on an iPhone (`None`: it cannot be opened there). Written down from the fact sheet,
/// not from the page.
const ADDRESSES: [(&str, &str, Option<&[&str]>); 10] = [
    (
        "phonepe",
        "package=com.phonepe.app;",
        Some(&["phonepe://pay?", "ppe://mandate?"]),
    ),
    (
        "gpay",
        "package=com.google.android.apps.nbu.paisa.user;",
        Some(&["gpay://upi/pay?"]),
    ),
    (
        "paytm",
        "package=net.one97.paytm;",
        Some(&["paytmmp://pay?"]),
    ),
    (
        "bhim",
        "package=in.org.npci.upiapp;",
        Some(&["bhim://pay?"]),
    ),
    ("navi", "package=com.naviapp;", Some(&["navipay://pay?"])),
    (
        "supermoney",
        "package=money.super.payments;",
        Some(&["super://pay?"]),
    ),
    (
        "cred",
        "package=com.dreamplug.androidapp;",
        Some(&["credpay://upi/pay?"]),
    ),
    (
        "amazonpay",
        "package=in.amazon.mShop.android.shopping;",
        Some(&["amazonpay://upi/pay?"]),
    ),
    (
        "whatsapp",
        "package=com.whatsapp;",
        Some(&["whatsapp://upi/pay?"]),
    ),
    ("any", "upi://pay?", None),
];

/// Whether an address opens this app on this device.
pub(crate) fn opens(device: Device, app: &str, address: &str) -> bool {
    ADDRESSES.iter().any(|(id, android, iphone)| {
        let is_on_iphone = device == Device::Iphone;
        *id == app
            && match iphone {
                Some(beginnings) if is_on_iphone => beginnings
                    .iter()
                    .any(|beginning| address.starts_with(beginning)),
                None if is_on_iphone => false,
                _ => address.contains(android),
            }
    })
}

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

    /// Where the browser may keep what it needs while it runs; it goes with the apps.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
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
