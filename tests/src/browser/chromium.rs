//! What only Chromium's driver can do to a window: the network, the screen, sleep, downloads, clipboard.

use super::Window;
use crate::Result;
use serde_json::{Value, json};
use std::path::Path;

impl Window {
    /// Loses or finds its network.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn is_offline(&self, offline: bool) -> Result {
        self.cdp("Network.enable", json!({})).await?;
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.cdp("Network.emulateNetworkConditions", conditions)
            .await
    }

    /// Is put to sleep as a phone does with pages that it has no room for, or wakes up again. Either
    /// way it is hidden until it comes to the front.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn is_frozen(&self, frozen: bool) -> Result {
        let state = if frozen { "frozen" } else { "active" };
        self.cdp("Page.setWebLifecycleState", json!({ "state": state }))
            .await
    }

    /// Has a phone's screen with so many device pixels to a CSS pixel.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn has_device_pixels(&self, ratio: f64) -> Result {
        // As with every way to come to another density, the window's size changes a little too:
        // that is what pages are told.
        let metrics = json!({
            "width": 360, "height": 740 + (ratio * 2.0) as u32, "deviceScaleFactor": ratio,
            "mobile": true,
        });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics)
            .await
    }

    /// Keeps what it downloads in a folder.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn downloads_to(&self, folder: &Path) -> Result {
        let behaviour = json!({ "behavior": "allow", "downloadPath": folder });
        self.cdp("Browser.setDownloadBehavior", behaviour).await
    }

    /// What is on the clipboard.
    ///
    /// # Errors
    /// Where it is no text.
    pub async fn clipboard(&self) -> Result<String> {
        let reading = json!({ "permissions": ["clipboardReadWrite"] });
        self.cdp("Browser.grantPermissions", reading).await?;
        self.runs("return navigator.clipboard.readText()").await
    }

    /// Wishes for `light` or `dark` pages in which nothing moves.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn wishes_for(&self, scheme: &str) -> Result {
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        let media = json!({ "features": features });
        self.cdp("Emulation.setEmulatedMedia", media).await
    }

    async fn cdp(&self, method: &str, params: Value) -> Result {
        self.driver().await?.cdp().send_raw(method, params).await?;
        Ok(())
    }
}
