//! The checkout page in the words of a payer. Selectors stand here and nowhere else.

use crate::browser::{Sight, Window, apps};
use crate::wait::{self, until};
use crate::{Failure, Result, qr};
use std::time::Duration;
use thirtyfour::WebElement;
use thirtyfour::error::{WebDriverErrorInner, WebDriverResult};

/// The page in one window.
#[derive(Clone)]
pub struct PayPage {
    window: Window,
}

impl PayPage {
    /// Opens a checkout.
    ///
    /// # Errors
    /// Where the page does not load.
    pub async fn open(window: Window, url: &str) -> Result<Self> {
        window.goes_to(url).await?;
        Ok(Self { window })
    }

    /// Comes to a checkout from a page of the shop, by its link.
    ///
    /// # Errors
    /// Where the shop's page does not load.
    pub async fn from_shop(window: Window, shop_page: &str) -> Result<Self> {
        window.goes_to(shop_page).await?;
        window.find("#checkout").await?.click().await?;
        Ok(Self { window })
    }

    /// The checkout to which something else has led a window.
    pub fn in_window(window: Window) -> Self {
        Self { window }
    }

    /// The window around it.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// Waits for a screen.
    ///
    /// # Errors
    /// What is to be seen instead.
    pub async fn sees_screen(&self, name: &str) -> Result<Sight> {
        self.sees(&format!("the screen {name:?}"), |sight| {
            sight.screen.as_deref() == Some(name)
        })
        .await
    }

    /// Waits until a part says this, and nothing else.
    ///
    /// # Errors
    /// What is to be seen instead.
    pub async fn reads(&self, part: &str, text: &str) -> Result<Sight> {
        self.sees(&format!("{part} to be {text:?}"), |sight| {
            sight.part(part) == Some(text)
        })
        .await
    }

    /// Waits until a part says this among other things.
    ///
    /// # Errors
    /// What is to be seen instead.
    pub async fn is_told(&self, part: &str, words: &str) -> Result<Sight> {
        self.sees(&format!("{part} to say {words:?}"), |sight| {
            sight.part(part).is_some_and(|text| text.contains(words))
        })
        .await
    }

    /// Waits until what is to be seen is as it should be.
    ///
    /// # Errors
    /// What is to be seen instead.
    pub async fn sees(&self, what: &str, is_so: impl Fn(&Sight) -> bool) -> Result<Sight> {
        self.window.shows(what, is_so).await
    }

    /// The same, for what takes longer.
    ///
    /// # Errors
    /// What is to be seen instead.
    pub async fn sees_in(
        &self,
        within: Duration,
        what: &str,
        is_so: impl Fn(&Sight) -> bool,
    ) -> Result<Sight> {
        self.window.shows_in(within, what, is_so).await
    }

    /// Scrolls a part into the middle of the window and taps it.
    ///
    /// # Errors
    /// Where it is not there, or something else covers it.
    pub async fn taps(&self, part: &str) -> Result {
        let selector = format!("[data-testid={part:?}]");
        until(wait::SOON, &format!("{part} to tap"), async || {
            let tapped = match self.window.find(&selector).await {
                Ok(element) => tap(&element).await,
                Err(why) => return Ok(Err(why.to_string())),
            };
            match tapped {
                Ok(()) => Ok(Ok(())),
                // Not there yet, or gone between the look and the tap.
                Err(why) if is_absence(&why) => Ok(Err(why.to_string())),
                Err(why) => Err(why.into()),
            }
        })
        .await
    }

    /// Taps an app.
    ///
    /// # Errors
    /// As [`PayPage::taps`].
    pub async fn taps_app(&self, id: &str) -> Result {
        self.taps(&format!("app-{id}")).await
    }

    /// Brings the QR code up, where it is not to be seen, and into the middle of the window.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn brings_up_qr(&self) -> Result {
        if !self.window.sight().await?.has("qr") {
            self.taps("show-qr").await?;
        }
        self.sees("the QR code", |sight| sight.has("qr")).await?;
        let code = self.window.find("[data-testid=qr] svg").await?;
        Ok(code.scroll_into_view().await?)
    }

    /// Reads the QR code off the window's picture, as a phone's camera would.
    ///
    /// # Errors
    /// Where no camera could read it.
    pub async fn scans_qr(&self) -> Result<String> {
        self.brings_up_qr().await?;
        until(wait::SOON, "a QR code in the picture", async || {
            let picture = self.window.screenshot().await?;
            Ok(qr::read(&picture).map_err(|why| why.to_string()))
        })
        .await
    }

    /// Opens the UTR form, where it is not open.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn opens_utr_form(&self) -> Result {
        if !self.window.sight().await?.has("utr-input") {
            self.taps("utr-open").await?;
        }
        self.sees("the UTR form", |sight| sight.has("utr-input"))
            .await?;
        Ok(())
    }

    /// Replaces what stands in the UTR field.
    ///
    /// # Errors
    /// Where there is no form.
    pub async fn types_utr(&self, text: &str) -> Result {
        self.opens_utr_form().await?;
        let field = self.window.find("[data-testid=utr-input]").await?;
        field.clear().await?;
        field.send_keys(text).await?;
        self.reads("utr-input", text).await?;
        Ok(())
    }

    /// Types a UTR and sends it.
    ///
    /// # Errors
    /// Where there is no form.
    pub async fn sends_utr(&self, text: &str) -> Result {
        self.types_utr(text).await?;
        self.taps("utr-submit").await
    }

    /// The links of apps that the page has asked the browser to open, in order.
    ///
    /// # Errors
    /// Where the browser is gone.
    pub async fn asked_links(&self) -> Result<Vec<String>> {
        let mut links = self.window.asked_links().await?;
        links.retain(|link| !link.starts_with("http"));
        Ok(links)
    }

    /// Waits until the browser has handed an app its link, and returns that.
    ///
    /// # Errors
    /// Where it has not, or the page has opened the app more than once.
    pub async fn opens_app(&self, id: &str) -> Result<String> {
        let device = self.window.browser().device();
        let what = format!("{id} to be opened");
        until(wait::SOON, &what, async || {
            let mut links = self.asked_links().await?;
            links.retain(|link| apps::opens(device, id, link));
            match links.as_slice() {
                [link] if self.window.has_launched(link).await => Ok(Ok(link.clone())),
                [] | [_] => Ok(Err(format!("{links:?}, {}", self.window.sight().await?))),
                several => Err(Failure::new(format!("opened more than once: {several:?}"))),
            }
        })
        .await
    }
}

async fn tap(element: &WebElement) -> WebDriverResult<()> {
    element.scroll_into_view().await?;
    element.click().await
}

fn is_absence(why: &thirtyfour::error::WebDriverError) -> bool {
    matches!(
        **why,
        WebDriverErrorInner::NoSuchElement(_)
            | WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::ElementNotInteractable(_)
    )
}
