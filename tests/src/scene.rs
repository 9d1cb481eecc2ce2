//! One story: run to its end, told about where it fails, cleaned up after.

use crate::browser::{Browser, Device};
use crate::{Failure, Result, place};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::thread;
use tokio::sync::OnceCell;

/// What one story plays in.
pub struct Scene {
    name: String,
    browser: OnceCell<Arc<Browser>>,
}

/// Runs a story. It plays in at most one browser, which is closed at the end, come what may; where
/// the story fails, the failure says what the payer saw and where a picture of it lies.
///
/// # Errors
/// Whatever the story fails with, a panic included; and what no story may do: break the page's
/// Content-Security-Policy, throw an error that nobody catches, ask a third party.
pub fn scene(story: impl AsyncFnOnce(&Scene) -> Result) -> Result {
    let name = thread::current().name().unwrap_or("story").to_owned();
    let scene = Scene {
        name: name.rsplit("::").next().unwrap_or(&name).to_owned(),
        browser: OnceCell::new(),
    };
    // The second thread serves the scripted back end while the story's own is busy.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let outcome = AssertUnwindSafe(story(&scene)).catch_unwind().await;
        let outcome = outcome.unwrap_or_else(|panic| Err(Failure::of_panic(panic.as_ref())));
        scene.end(outcome).await
    })
}

impl Scene {
    /// The browser, opened as this device the first time.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn browser(&self, device: Device) -> Result<Arc<Browser>> {
        let browser = self
            .browser
            .get_or_try_init(async || Browser::open(device).await.map(Arc::new))
            .await?;
        Ok(Arc::clone(browser))
    }

    async fn end(&self, outcome: Result) -> Result {
        let Some(browser) = self.browser.get() else {
            return outcome;
        };
        let outcome = match outcome {
            Ok(()) => browser.complaints().await.and_then(|complaints| {
                if complaints.is_empty() {
                    Ok(())
                } else {
                    Err(Failure::new(complaints.join("\n")))
                }
            }),
            Err(failure) => Err(failure.and(self.what_was_seen(browser).await)),
        };
        let closed = browser.close().await;
        outcome.and(closed)
    }

    async fn what_was_seen(&self, browser: &Arc<Browser>) -> String {
        let pictures = match place::screenshots() {
            Ok(folder) => folder.join("failures"),
            Err(why) => return why.to_string(),
        };
        match browser.describe(&pictures, &self.name).await {
            Ok(seen) => seen,
            Err(why) => format!("what the payer saw is not known: {why}"),
        }
    }
}
