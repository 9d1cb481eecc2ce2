//! The page starts from the very bytes that were built, or not at all; and nothing in it is a way in.

use end_to_end::back_end::{Call, Terms};
use end_to_end::browser::Device;
use end_to_end::pay_page::PayPage;
use end_to_end::wait::{SOON, until};
use end_to_end::{Result, Scene, place, scene};
use serde_json::json;

/// What is read where the page does not start.
const REFUSAL: &str = "This page has stopped";

/// The heading that a payer has before them: nothing covers it.
const HEADING: &str = "
    const before = [...document.querySelectorAll('h1')].filter((heading) => {
        const { x, y, width, height } = heading.getBoundingClientRect();
        return heading === document.elementFromPoint(x + width / 2, y + height / 2);
    });
    return before.map((heading) => heading.innerText).join();";

/// The page's module breaks. Firefox's driver shows scripts a window of their own around the page's.
const BREAKS: &str = "
    const page = window.wrappedJSObject ?? window;
    const error = new page.WebAssembly.RuntimeError('unreachable executed');
    page.dispatchEvent(new page.ErrorEvent('error', page.Object.assign(new page.Object(), { error })));";

#[test]
fn a_page_with_one_byte_changed_refuses_to_start_and_says_so() -> Result {
    scene(async |scene| {
        for (spoilt, complaint) in [
            ("index.html", "Content Security Policy"),
            (".css", "integrity"),
            (".js", "integrity"),
            (".wasm", "integrity"),
        ] {
            refuses(scene, spoilt, complaint).await?;
        }
        Ok(())
    })
}

/// Firefox brings such a page back as it was left: without TLS it heeds no `no-store`, and static hosts
/// send none.
#[test]
fn whoever_comes_back_to_a_page_that_has_stopped_gets_a_fresh_one() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        let browser = scene.browser(Device::DesktopFirefox).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        page.sees_screen("pay").await?;
        page.window().runs::<()>(BREAKS).await?;
        is_refused(&page).await?;
        page.window().goes_to(&shop.thanks_page()).await?;
        page.window().goes_back().await?;
        page.sees_screen("pay").await?;
        order.is_paid();
        page.sees_screen("paid").await?;
        Ok(())
    })
}

async fn refuses(scene: &Scene, spoilt: &str, complaint: &str) -> Result {
    let shop = scene.back_end().await?;
    let order = shop.sells(Terms::default());
    shop.spoils(spoilt);
    let browser = scene.browser(Device::Phone).await?;
    let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
    is_refused(&page).await?;
    let offered: bool = page
        .window()
        .runs("return !!document.querySelector('[data-testid]')")
        .await?;
    assert!(!offered, "{spoilt}: the page offers something");
    browser.forgives(complaint).await?;
    // Why it stopped is said to developers too, once more.
    let _again = browser.forgives("Uncaught").await;
    Ok(())
}

async fn is_refused(page: &PayPage) -> Result {
    until(SOON, "a refusal", async || {
        let seen: String = page.window().runs(HEADING).await?;
        Ok(if seen == REFUSAL { Ok(()) } else { Err(seen) })
    })
    .await
}

/// The order is asked for before there is a module to ask with, and as the module would; afterwards
/// the module that lies changed in the browser's cache is fetched anew.
#[test]
fn the_order_is_asked_for_while_the_module_is_on_its_way() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        shop.spoils(".wasm");
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        let asked = order.is_asked(Call::Info, 1, SOON).await?;
        let body = asked.first().map(|record| record.body.clone());
        let expected = json!({ "id": order.id(), "href": order.checkout(), "referrer": "" });
        assert_eq!(body, Some(expected));
        is_refused(&page).await?;

        let order = shop.sells(Terms::default());
        shop.spoils("no file");
        page.window().goes_to(&order.checkout()).await?;
        page.sees_screen("pay").await?;
        order.is_asked(Call::Result, 1, SOON).await?;
        assert_eq!(order.records(Call::Info).len(), 1);
        browser.forgives("integrity").await?;
        browser.forgives("Uncaught").await
    })
}

/// What operators run each week: it finds the byte, and nothing to complain of where there is none.
#[test]
fn a_running_checkout_is_compared_with_what_was_built() -> Result {
    scene(async |scene| {
        let gateway = scene.gateway().await?;
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        for url in [
            format!("{}/pay/nothing", gateway.address()),
            order.checkout(),
        ] {
            let (same, words) = verified(&url).await?;
            assert!(same && words.contains("runs this build"), "{words}");
        }
        for spoilt in ["index.html", ".css", ".js", ".wasm"] {
            shop.spoils(spoilt);
            let (same, words) = verified(&order.checkout()).await?;
            let found = words.lines().find(|line| line.contains("DIFFERS"));
            let named = if spoilt == "index.html" {
                "the HTML"
            } else {
                spoilt
            };
            assert!(
                !same && found.is_some_and(|line| line.contains(named)),
                "{words}"
            );
        }
        Ok(())
    })
}

/// What `gateway verify-live` says, and whether it is content.
async fn verified(url: &str) -> Result<(bool, String)> {
    let program = place::gateway()?;
    let mut command = tokio::process::Command::new(program);
    let output = command.args(["verify-live", url]).output().await?;
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok((output.status.success(), words))
}

/// How many there are. The number only shrinks.
const TEMPLATES: usize = 3;

/// Leptos fills templates through `innerHTML`, with markup of ours alone: the one thing that keeps
/// the page from enforcing Trusted Types.
#[test]
fn what_trusted_types_would_forbid_is_counted() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        shop.watches("require-trusted-types-for 'script'");
        let order = shop.sells(Terms::default());
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        page.sees_screen("pay").await?;
        page.brings_up_qr().await?;
        page.sends_utr("435268791234").await?;
        order.is_paid();
        page.sees_screen("paid").await?;
        let reports = shop.reports();
        println!("Trusted Types, report only: {} reports", reports.len());
        for report in &reports {
            println!("  {}", report["csp-report"]["script-sample"]);
        }
        assert!(reports.len() <= TEMPLATES, "{reports:?}");
        Ok(())
    })
}
