//! What is to be seen in a window: the page's parts by their `data-testid`, and where the focus is.

use crate::{Failure, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

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

pub(super) const FOCUS: &str = r#"
const part = document.activeElement;
const { left, right, top, bottom } = part.getBoundingClientRect();
const middle = (left + right) / 2;
const heights = [top + 4, (top + bottom) / 2, bottom - 4];
return {
  part: part.dataset.testid ?? null,
  in_sight: heights.every((y) => part.contains(document.elementFromPoint(middle, y))),
};
"#;

pub(super) const SIGHT: &str = r#"
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
