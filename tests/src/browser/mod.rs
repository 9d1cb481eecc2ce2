//! A real browser, driven through its WebDriver.

pub(crate) mod apps;
mod chromium;
mod device;
mod display;
mod driver;
mod journal;
mod sight;
mod window;

pub use device::{Device, Engine};
pub use sight::{Focus, Sight};
pub use window::Window;

use crate::{Failure, Result};
use apps::Apps;
use driver::Driver;
use journal::Journal;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use thirtyfour::{WebDriver, WindowHandle};
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

/// The most browsers at one time: a machine with two cores drives no more without hurting what is
/// measured.
static PLACES: Semaphore = Semaphore::const_new(3);

/// How long one command may take.
const COMMAND_MAX: Duration = Duration::from_secs(60);

/// How long it may take to close.
const CLOSE_MAX: Duration = Duration::from_secs(20);

/// One browser with its windows. Commands go to one window at a time.
pub struct Browser {
    driver: WebDriver,
    device: Device,
    current: Mutex<WindowHandle>,
    journal: Mutex<Journal>,
    // Dropped in this order: the browser first, then its driver, then its place.
    process: Driver,
    _apps: Apps,
    _place: SemaphorePermit<'static>,
}

impl Browser {
    /// Starts a browser that looks like this device. Pages of `origins` may open its apps.
    ///
    /// # Errors
    /// Where the browser or its driver is missing or does not start.
    pub async fn open(device: Device, origins: &[String]) -> Result<Self> {
        let place = PLACES.acquire().await?;
        let apps = Apps::install()?;
        let process = Driver::start(device.engine(), &apps).await?;
        let driver = WebDriver::builder(process.address(), device.capabilities(origins)?)
            .request_timeout(COMMAND_MAX)
            .await?;
        let current = driver.window().await?;
        let browser = Self {
            driver,
            device,
            current: Mutex::new(current),
            journal: Mutex::default(),
            process,
            _apps: apps,
            _place: place,
        };
        browser.prepare_window().await?;
        Ok(browser)
    }

    /// What it looks like.
    pub fn device(&self) -> Device {
        self.device
    }

    /// The window that the browser started with.
    ///
    /// # Errors
    /// Where the browser is gone.
    pub async fn first_window(self: &Arc<Self>) -> Result<Window> {
        let handles = self.driver.windows().await?;
        let first = handles
            .into_iter()
            .next()
            .ok_or_else(|| Failure::new("no window"))?;
        Ok(Window::new(Arc::clone(self), first))
    }

    /// One more window beside the others: all of them can be seen.
    ///
    /// # Errors
    /// Where the browser is gone.
    pub async fn new_window(self: &Arc<Self>) -> Result<Window> {
        let handle = self.driver.new_window().await?;
        self.enter(handle).await
    }

    /// One more tab, which covers the one before it.
    ///
    /// # Errors
    /// Where the browser is gone.
    pub async fn new_tab(self: &Arc<Self>) -> Result<Window> {
        let handle = self.driver.new_tab().await?;
        self.enter(handle).await
    }

    /// What no page of ours may cause, as far as the browser has noticed it.
    pub(crate) async fn complaints(&self) -> Result<Vec<String>> {
        let journal = self.journal().await?;
        Ok(journal.complaints().to_vec())
    }

    /// Takes back the complaints with these words: they are part of the story.
    ///
    /// # Errors
    /// Where the browser is gone, or has not complained like that.
    pub async fn forgives(&self, words: &str) -> Result {
        let mut journal = self.journal().await?;
        if journal.forgive(words) {
            return Ok(());
        }
        let words = format!("the browser has not complained of {words:?}");
        Err(Failure::new(words))
    }

    /// Says what is to be seen in each window, and leaves pictures of them in a folder.
    pub(crate) async fn describe(self: &Arc<Self>, folder: &Path, name: &str) -> Result<String> {
        std::fs::create_dir_all(folder)?;
        let mut words = Vec::new();
        for (number, handle) in self.driver.windows().await?.into_iter().enumerate() {
            let window = Window::new(Arc::clone(self), handle);
            let seen = match window.sight().await {
                // The window that the browser starts with, where nobody has used it.
                Ok(sight) if sight.url.starts_with("data:") => continue,
                Ok(sight) => format!("the payer sees {sight}"),
                Err(why) => format!("the payer sees something that cannot be read: {why}"),
            };
            let picture = folder.join(format!("{name}-{number}.png"));
            std::fs::write(&picture, window.screenshot().await?)?;
            words.push(format!("{seen}\n  picture: {}", picture.display()));
        }
        words.extend(self.complaints().await?);
        Ok(words.join("\n"))
    }

    /// Closes the browser, and ends it where it does not close.
    pub(crate) async fn close(&self) -> Result {
        let closing = tokio::time::timeout(CLOSE_MAX, self.driver.clone().quit()).await;
        let closed = match closing {
            Ok(closed) => closed.map_err(Failure::from),
            Err(why) => Err(Failure::new(format!("the browser does not close: {why}"))),
        };
        if closed.is_err() {
            self.end_process();
        }
        self.process.stop().await;
        closed
    }

    /// The browser's own process does not end with the one that drives it. WebKit's ends with its
    /// display.
    fn end_process(&self) {
        let told = self.driver.capabilities();
        let process = told.get("goog:processID").or(told.get("moz:processID"));
        if let Some(process) = process.and_then(Value::as_u64) {
            let _status = Command::new("kill")
                .args(["-KILL", &process.to_string()])
                .status();
        }
    }

    async fn enter(self: &Arc<Self>, handle: WindowHandle) -> Result<Window> {
        let window = Window::new(Arc::clone(self), handle);
        window.driver().await?;
        self.prepare_window().await?;
        Ok(window)
    }

    /// Makes the current window remember which screens it has shown, through reloads too, and
    /// gives it its size. Outside of Chromium nothing can be put into a page before its own scripts,
    /// so nothing is remembered there.
    async fn prepare_window(&self) -> Result {
        if self.device.engine() != Engine::Chromium {
            self.driver.set_window_rect(0, 0, 1280, 900).await?;
            return Ok(());
        }
        let cdp = self.driver.cdp();
        let script = json!({ "source": include_str!("screens_seen.js") });
        cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", script)
            .await?;
        if let Some(metrics) = self.device.metrics() {
            cdp.send_raw("Emulation.setDeviceMetricsOverride", metrics)
                .await?;
        }
        Ok(())
    }

    /// The journal, read up to now.
    async fn journal(&self) -> Result<MutexGuard<'_, Journal>> {
        let mut journal = self.journal.lock().await;
        if self.device.engine() == Engine::Chromium {
            journal.read_on(&self.driver).await?;
        }
        journal.take_over(self.process.printed_errors());
        Ok(journal)
    }

    /// The links that a window's page has asked for, http or not, in order.
    async fn asked_links(&self, window: &WindowHandle) -> Result<Vec<String>> {
        if self.device.engine() != Engine::Chromium {
            return Err(Failure::new(
                "only Chromium tells what its pages have asked for",
            ));
        }
        let journal = self.journal().await?;
        Ok(journal.asked_links(&window.to_string()))
    }

    /// Whether the browser has handed a link to an app.
    async fn has_launched(&self, link: &str) -> bool {
        self.journal.lock().await.has_launched(link)
    }
}
