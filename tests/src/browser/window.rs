//! One window or tab of a browser.

use super::{Browser, Engine};
use crate::wait::{self, until};
use crate::{Failure, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::{By, Key, TypingData, WebDriver, WebElement, WindowHandle};

/// A window. Whatever is done to it brings it to the front of its tabs first.
#[derive(Clone)]
pub struct Window {
    browser: Arc<Browser>,
    handle: WindowHandle,
}

/// What is to be seen in a window at one moment.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Sight {
    /// The address.
    pub url: String,
    /// The name of the page's screen, where it is our page.
    pub screen: Option<String>,
    /// What stands in each visible part, by its `data-testid`.
    pub parts: BTreeMap<String, String>,
    /// Where each visible part begins, in pixels from the top of the window.
    tops: BTreeMap<String, f64>,
    /// The headings of the page.
    pub headings: Vec<String>,
    /// All text.
    pub text: String,
}

/// Where the focus is.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Focus {
    /// The part, by its `data-testid`; `None` outside of all of them.
    pub part: Option<String>,
    /// Whether it can be seen whole: in the window, and under nothing else.
    pub in_sight: bool,
}

const FOCUS: &str = r#"
const part = document.activeElement;
const { left, right, top, bottom } = part.getBoundingClientRect();
const middle = (left + right) / 2;
const heights = [top + 4, (top + bottom) / 2, bottom - 4];
return {
  part: part.dataset.testid ?? null,
  in_sight: heights.every((y) => part.contains(document.elementFromPoint(middle, y))),
};
"#;

/// The number of the frame that has the focus.
const FOCUSED_FRAME: &str = r#"
const frame = [...document.querySelectorAll("iframe")].indexOf(document.activeElement);
return frame < 0 ? null : frame;
"#;

const SIGHT: &str = r#"
const isSeen = (part) => part.checkVisibility({ visibilityProperty: true });
const parts = {};
const tops = {};
for (const part of document.querySelectorAll("[data-testid]")) {
  if (!isSeen(part)) continue;
  parts[part.dataset.testid] = (part.value ?? part.innerText ?? "").trim();
  tops[part.dataset.testid] = part.getBoundingClientRect().top;
}
return {
  url: location.href,
  screen: document.querySelector('[data-testid="screen"]')?.dataset.screen ?? null,
  parts,
  tops,
  headings: [...document.querySelectorAll("h1")].filter(isSeen).map((h1) => h1.innerText),
  text: document.body?.innerText ?? "",
};
"#;

impl Window {
    pub(super) fn new(browser: Arc<Browser>, handle: WindowHandle) -> Self {
        Self { browser, handle }
    }

    /// Its browser.
    pub fn browser(&self) -> &Arc<Browser> {
        &self.browser
    }

    /// Goes to an address.
    ///
    /// # Errors
    /// Where the page does not load.
    pub async fn goes_to(&self, url: &str) -> Result {
        Ok(self.driver().await?.goto(url).await?)
    }

    /// Reloads.
    ///
    /// # Errors
    /// Where the page does not load.
    pub async fn reloads(&self) -> Result {
        Ok(self.driver().await?.refresh().await?)
    }

    /// Goes back in the history.
    ///
    /// # Errors
    /// Where the page does not load.
    pub async fn goes_back(&self) -> Result {
        Ok(self.driver().await?.back().await?)
    }

    /// Goes forward in the history.
    ///
    /// # Errors
    /// Where the page does not load.
    pub async fn goes_forward(&self) -> Result {
        Ok(self.driver().await?.forward().await?)
    }

    /// Comes to the front: its tab is the one that can be seen.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn comes_to_front(&self) -> Result {
        self.driver().await.map(|_| ())
    }

    /// Looks at it.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn sight(&self) -> Result<Sight> {
        Ok(self.driver().await?.execute(SIGHT, []).await?.convert()?)
    }

    /// Waits until what is to be seen is as it should be.
    ///
    /// # Errors
    /// What is to be seen instead.
    pub async fn shows(&self, what: &str, is_so: impl Fn(&Sight) -> bool) -> Result<Sight> {
        self.shows_in(wait::SOON, what, is_so).await
    }

    /// The same, for what takes longer.
    ///
    /// # Errors
    /// What is to be seen instead.
    pub async fn shows_in(
        &self,
        within: Duration,
        what: &str,
        is_so: impl Fn(&Sight) -> bool,
    ) -> Result<Sight> {
        until(within, what, async || {
            // While a page gives way to the next one there is nothing to look at.
            Ok(match self.sight().await {
                Ok(sight) if is_so(&sight) => Ok(sight),
                Ok(sight) => Err(sight.to_string()),
                Err(why) => Err(why.to_string()),
            })
        })
        .await
    }

    /// A picture of what can be seen, as PNG.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        Ok(self.driver().await?.screenshot_as_png().await?)
    }

    /// A picture of one part of the page, as PNG.
    ///
    /// # Errors
    /// Where it is not there.
    pub async fn picture_of(&self, css: &str) -> Result<Vec<u8>> {
        Ok(self.find(css).await?.screenshot_as_png().await?)
    }

    /// The screens that the page has shown in this window, in order, through reloads.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn screens_seen(&self) -> Result<Vec<String>> {
        let script =
            r#"return JSON.parse(sessionStorage.getItem("end-to-end: screens seen") ?? "[]")"#;
        Ok(self.driver().await?.execute(script, []).await?.convert()?)
    }

    /// How many entries its history has.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn history_length(&self) -> Result<u64> {
        let script = "return history.length";
        Ok(self.driver().await?.execute(script, []).await?.convert()?)
    }

    /// How far the page is wider than the window, in pixels.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn overflow(&self) -> Result<u64> {
        let script = "const page = document.documentElement;
            return Math.max(0, page.scrollWidth - page.clientWidth)";
        Ok(self.driver().await?.execute(script, []).await?.convert()?)
    }

    /// Presses the tabulator key, and says where the focus has come to.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn presses_tab(&self) -> Result<Focus> {
        let driver = self.driver().await?;
        driver.action_chain().send_keys(Key::Tab).perform().await?;
        Ok(driver.execute(FOCUS, []).await?.convert()?)
    }

    /// Every link that the page has asked the browser to open, http or not, in order.
    ///
    /// # Errors
    /// Where the browser is gone.
    pub async fn asked_links(&self) -> Result<Vec<String>> {
        self.browser.asked_links(&self.handle).await
    }

    /// Whether the browser has handed a link to an app, from any of its windows.
    pub async fn has_launched(&self, link: &str) -> bool {
        self.browser.has_launched(link).await
    }

    /// Runs a script in the page of its frame with this number, and returns what it returns.
    ///
    /// # Errors
    /// Where there is no such frame, or the script throws.
    pub async fn runs_in_frame(&self, frame: u16, script: &str) -> Result<Value> {
        let driver = self.driver().await?;
        driver.enter_frame(frame).await?;
        let ran = driver.execute(script, []).await;
        driver.enter_default_frame().await?;
        Ok(ran?.json().clone())
    }

    /// Looks at its frame with this number.
    ///
    /// # Errors
    /// Where there is no such frame.
    pub async fn sight_in_frame(&self, frame: u16) -> Result<Sight> {
        let seen = self.runs_in_frame(frame, SIGHT).await?;
        Ok(serde_json::from_value(seen)?)
    }

    /// Taps a part of the page in its frame with this number.
    ///
    /// # Errors
    /// Where there is no such part.
    pub async fn taps_in_frame(&self, frame: u16, css: &str) -> Result {
        let driver = self.driver().await?;
        driver.enter_frame(frame).await?;
        let part = driver.find(By::Css(css)).await;
        let tapped = match part {
            Ok(part) => part.click().await,
            Err(why) => Err(why),
        };
        driver.enter_default_frame().await?;
        Ok(tapped?)
    }

    /// Taps a part of the page.
    ///
    /// # Errors
    /// Where there is no such part.
    pub async fn taps_on(&self, css: &str) -> Result {
        Ok(self.find(css).await?.click().await?)
    }

    /// Answers what the browser itself asks, and says what that was; `None` where it asks nothing.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn answers_question(&self, yes: bool) -> Result<Option<String>> {
        let driver = self.driver().await?;
        let Ok(question) = driver.get_alert_text().await else {
            return Ok(None);
        };
        if yes {
            driver.accept_alert().await?;
        } else {
            driver.dismiss_alert().await?;
        }
        Ok(Some(question))
    }

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

    /// Runs a script in the page, and returns what the script does.
    ///
    /// # Errors
    /// Where it is gone, or the script returns something else.
    pub async fn runs<T: DeserializeOwned>(&self, script: &str) -> Result<T> {
        Ok(self.driver().await?.execute(script, []).await?.convert()?)
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

    /// Presses a key, or several one after another, wherever the focus is.
    ///
    /// # Errors
    /// Where it is gone.
    pub async fn presses(&self, keys: impl Into<TypingData>) -> Result {
        let driver = self.driver().await?;
        let keys = driver.action_chain().send_keys(keys);
        // Firefox's driver gives keys to the page that it looks at, even where a frame has the focus.
        let frame = match self.browser.device().engine() {
            Engine::Firefox => driver.execute(FOCUSED_FRAME, []).await?.convert()?,
            Engine::Chromium | Engine::Webkit => None,
        };
        let Some(frame) = frame else {
            return Ok(keys.perform().await?);
        };
        driver.enter_frame(frame).await?;
        let pressed = keys.perform().await;
        driver.enter_default_frame().await?;
        match pressed {
            // The key has closed its frame.
            Err(why) if matches!(*why, WebDriverErrorInner::NoSuchWindow(_)) => Ok(()),
            pressed => Ok(pressed?),
        }
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

    /// The browser, with this window in front.
    pub(super) async fn driver(&self) -> Result<&WebDriver> {
        let driver = &self.browser.driver;
        let mut current = self.browser.current.lock().await;
        if *current != self.handle {
            driver.switch_to_window(self.handle.clone()).await?;
            *current = self.handle.clone();
        }
        Ok(driver)
    }

    /// A part of the page.
    pub(crate) async fn find(&self, css: &str) -> Result<WebElement> {
        Ok(self.driver().await?.find(By::Css(css)).await?)
    }

    async fn cdp(&self, method: &str, params: Value) -> Result {
        self.driver().await?.cdp().send_raw(method, params).await?;
        Ok(())
    }
}

impl Focus {
    /// The part that has the focus, where it is one that had not been `reached` before.
    ///
    /// # Errors
    /// Where it cannot be seen.
    pub fn in_sight_as(self, reached: &[String]) -> Result<Option<String>> {
        let Some(part) = self.part.filter(|part| !reached.contains(part)) else {
            return Ok(None);
        };
        if self.in_sight {
            return Ok(Some(part));
        }
        let words = format!("{part} has the focus, but something covers it");
        Err(Failure::new(words))
    }
}

impl Sight {
    /// What stands in a part, if it can be seen.
    pub fn part(&self, name: &str) -> Option<&str> {
        self.parts.get(name).map(String::as_str)
    }

    /// Whether both parts can be seen, and one stands above the other.
    pub fn is_above(&self, upper: &str, lower: &str) -> bool {
        match (self.tops.get(upper), self.tops.get(lower)) {
            (Some(upper), Some(lower)) => upper < lower,
            (None, _) | (_, None) => false,
        }
    }

    /// Whether a part can be seen.
    pub fn has(&self, name: &str) -> bool {
        self.parts.contains_key(name)
    }
}

impl fmt::Display for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.screen {
            Some(screen) => write!(f, "the screen {screen:?} at {}", self.url)?,
            None => write!(f, "a page of others at {}", self.url)?,
        }
        let status = self.part("status").unwrap_or_default();
        write!(f, ", status {status:?}, text {:?}", self.text)
    }
}
