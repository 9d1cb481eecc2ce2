//! What the browser writes down by itself: where pages went, what they asked for, what went wrong.
//!
//! Chromium writes down all of it, Firefox the errors that nobody caught, WebKit nothing.

use crate::Result;
use serde_json::Value;
use thirtyfour::{BrowserLogEntry, WebDriver};

/// Everything that was written down so far.
#[derive(Default)]
pub(super) struct Journal {
    asked: Vec<(String, String)>,
    launched: Vec<String>,
    complaints: Vec<String>,
}

impl Journal {
    /// Takes over what has been written since the last time.
    pub(super) async fn read_on(&mut self, driver: &WebDriver) -> Result {
        for entry in driver.get_log("performance").await? {
            let entry: Value = serde_json::from_str(&entry.message)?;
            self.note_performance(&entry);
        }
        for entry in driver.get_log("browser").await? {
            self.note_message(&entry);
        }
        Ok(())
    }

    /// Takes over errors that the browser has printed.
    pub(super) fn take_over(&mut self, errors: Vec<String>) {
        let told = errors.into_iter();
        self.complaints
            .extend(told.map(|error| format!("the browser complained: {error}")));
    }

    /// What a window's page has asked the browser to open, in order.
    pub(super) fn asked_links(&self, window: &str) -> Vec<String> {
        let of_window = self.asked.iter().filter(|(place, _)| place == window);
        of_window.map(|(_, link)| link.clone()).collect()
    }

    /// Whether the browser has handed a link to an app.
    pub(super) fn has_launched(&self, link: &str) -> bool {
        self.launched.iter().any(|launched| launched == link)
    }

    /// Forgets the complaints with these words; whether there were any.
    pub(super) fn forgive(&mut self, words: &str) -> bool {
        let before = self.complaints.len();
        self.complaints
            .retain(|complaint| !complaint.contains(words));
        self.complaints.len() < before
    }

    pub(super) fn complaints(&self) -> &[String] {
        &self.complaints
    }

    fn note_performance(&mut self, entry: &Value) {
        let message = &entry["message"];
        let params = &message["params"];
        match message["method"].as_str() {
            Some("Page.frameRequestedNavigation") => self.asked.push((
                text(&entry["webview"]).to_owned(),
                text(&params["url"]).to_owned(),
            )),
            Some("Network.requestWillBeSent") => self.note_request(text(&params["request"]["url"])),
            _ => (),
        }
    }

    /// No page of ours asks anybody but its own host.
    fn note_request(&mut self, url: &str) {
        let host = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("https://"));
        let host = host.and_then(|host| host.split(['/', ':']).next());
        let is_own =
            |host: &str| host == "127.0.0.1" || host == "localhost" || host.ends_with(".localhost");
        if host.is_some_and(|host| !is_own(host)) {
            self.complaints
                .push(format!("the page asked a third party: {url}"));
        }
    }

    /// Failed requests are part of many stories. A broken policy, an error that nobody catches, a
    /// panic, and a link that the browser does not let through (there must have been a tap, not
    /// long ago) are part of none.
    fn note_message(&mut self, entry: &BrowserLogEntry) {
        if let Some((_, link)) = entry.message.split_once("Launched external handler for '") {
            let link = link.trim_end_matches("'.");
            self.launched.push(link.to_owned());
        }
        if entry.level == "SEVERE" && entry.source.as_deref() != Some("network") {
            self.complaints
                .push(format!("the browser complained: {}", entry.message));
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
