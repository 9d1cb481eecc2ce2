//! One window or tab of a browser.

use super::sight::{FOCUS, Focus, SIGHT, Sight};
use super::{Browser, Engine};
use crate::Result;
use crate::wait::{self, until};
use serde::de::DeserializeOwned;
use serde_json::Value;
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

/// The number of the frame that has the focus.
const FOCUSED_FRAME: &str = r#"
const frame = [...document.querySelectorAll("iframe")].indexOf(document.activeElement);
return frame < 0 ? null : frame;
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

    /// Goes back in the history, from a page that rests: Firefox stops a script wherever it stands when
    /// its customer goes back, and the module that is left half-way complains.
    ///
    /// # Errors
    /// Where the page does not load.
    pub async fn goes_back(&self) -> Result {
        let driver = self.driver().await?;
        if self.browser.device().engine() == Engine::Firefox {
            let rests = "requestIdleCallback(arguments[0])";
            driver.execute_async(rests, []).await?;
        }
        Ok(driver.back().await?)
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

    /// Runs a script in the page, and returns what the script does.
    ///
    /// # Errors
    /// Where it is gone, or the script returns something else.
    pub async fn runs<T: DeserializeOwned>(&self, script: &str) -> Result<T> {
        Ok(self.driver().await?.execute(script, []).await?.convert()?)
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
}
