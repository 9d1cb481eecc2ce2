//! The page's tests that need a browser: `wasm_bindgen_test`s, run in headless Chromium.

use crate::problem::{Problem, Result, While};
use crate::project;
use crate::tally::Tally;
use crate::test::run_tests;
use crate::tools::Tools;
use std::fs;

/// How cargo is told to build the page for the browser.
pub(crate) const PAGE: [&str; 6] = [
    "--package",
    "upi-checkout",
    "--features",
    "csr",
    "--target",
    "wasm32-unknown-unknown",
];

/// On top of `headless` and `no-sandbox`, which the runner adds: a browser that keeps to itself.
const BROWSER: &str = r#"{
  "goog:chromeOptions": {
    "args": [
      "disable-background-networking",
      "disable-component-update",
      "disable-quic",
      "disable-sync",
      "no-first-run"
    ]
  }
}
"#;

/// Runs them.
pub(crate) fn run(tools: &Tools) -> Result<Tally> {
    let browser = project::target().join("webdriver.json");
    fs::write(&browser, BROWSER).while_doing(format!("write {}", browser.display()))?;
    let driver = tools
        .find("chromedriver")
        .ok_or_else(|| Problem::new("`chromedriver` is not on the PATH"))?;
    run_tests(
        tools
            .cargo()?
            .args(["test", "--no-fail-fast", "--tests"])
            .args(PAGE)
            // Set here and not in .cargo/config.toml, where it would ask everybody for the tool.
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                "wasm-bindgen-test-runner",
            )
            .env("WASM_BINDGEN_TEST_ONLY_WEB", "1")
            // Seconds for one file of tests; 20 are few on a busy machine.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
            .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30")
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &browser)
            .env("CHROMEDRIVER", driver),
    )
}
