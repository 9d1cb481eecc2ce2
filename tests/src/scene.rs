//! One story: run to its end, told about where it fails, cleaned up after.

use crate::back_end::BackEnd;
use crate::browser::{Browser, Device};
use crate::gateway::Gateway;
use crate::{Failure, Result, place};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::thread;
use tokio::sync::{Mutex, OnceCell};

/// What one story plays in.
pub struct Scene {
    name: String,
    origins: Mutex<Vec<String>>,
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
        name: name.replace("::", "-"),
        origins: Mutex::default(),
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
    /// A gateway of its own.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn gateway(&self) -> Result<Gateway> {
        let gateway = Gateway::start().await?;
        self.origins.lock().await.push(gateway.address());
        Ok(gateway)
    }

    /// A gateway of its own, for a merchant whose shop at this origin may embed the checkout.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn gateway_for(&self, shop: &str) -> Result<Gateway> {
        let gateway = Gateway::start_for(shop).await?;
        self.origins.lock().await.push(gateway.address());
        Ok(gateway)
    }

    /// A scripted back end of its own.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn back_end(&self) -> Result<BackEnd> {
        let back_end = BackEnd::start().await?;
        let origin = back_end.address().to_owned();
        self.origins.lock().await.push(origin);
        Ok(back_end)
    }

    /// The pages of this origin too may open apps.
    pub async fn trusts(&self, origin: &str) {
        self.origins.lock().await.push(origin.to_owned());
    }

    /// The browser, opened as this device the first time. The pages of all servers that were
    /// started before may open apps.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn browser(&self, device: Device) -> Result<Arc<Browser>> {
        let open = async || {
            let origins = self.origins.lock().await.clone();
            Browser::open(device, &origins).await.map(Arc::new)
        };
        Ok(Arc::clone(self.browser.get_or_try_init(open).await?))
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
