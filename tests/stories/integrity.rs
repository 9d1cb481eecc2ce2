//! The page starts from the very bytes that were built, or not at all; and nothing in it is a way in.

use end_to_end::back_end::{Call, Terms};
use end_to_end::browser::Device;
use end_to_end::pay_page::PayPage;
use end_to_end::wait::{SOON, until};
use end_to_end::{Result, Scene, scene};
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

async fn refuses(scene: &Scene, spoilt: &str, complaint: &str) -> Result {
    let shop = scene.back_end().await?;
    let order = shop.sells(Terms::default());
    shop.spoils(spoilt);
    let browser = scene.browser(Device::Phone).await?;
    let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
    until(SOON, &format!("a refusal for {spoilt}"), async || {
        let seen: String = page.window().runs(HEADING).await?;
        Ok(if seen == REFUSAL { Ok(()) } else { Err(seen) })
    })
    .await?;
    let mounted: bool = page
        .window()
        .runs("return !!document.querySelector('[data-testid=screen]')")
        .await?;
    assert!(!mounted, "{spoilt}: the page has started");
    browser.forgives(complaint).await?;
    // Why it stopped is said to developers too, once more.
    let _again = browser.forgives("Uncaught").await;
    Ok(())
}

/// The order is asked for before there is a module to ask with, once, and as the module would.
#[test]
fn the_order_is_asked_for_while_the_module_is_on_its_way() -> Result {
    scene(async |scene| {
        let shop = scene.back_end().await?;
        let order = shop.sells(Terms::default());
        shop.spoils(".wasm");
        let browser = scene.browser(Device::Phone).await?;
        let page = PayPage::open(browser.first_window().await?, &order.checkout()).await?;
        let asked = order.is_asked(Call::Info, 1, SOON).await?;
        let body = &asked.first().map(|record| record.body.clone());
        let expected = json!({ "id": order.id(), "href": order.checkout(), "referrer": "" });
        assert_eq!(*body, Some(expected));
        browser.forgives("integrity").await?;
        let _again = browser.forgives("Uncaught").await;

        let order = shop.sells(Terms::default());
        shop.spoils("no file");
        page.window().goes_to(&order.checkout()).await?;
        page.sees_screen("pay").await?;
        order.is_asked(Call::Result, 1, SOON * 3).await?;
        assert_eq!(order.records(Call::Info).len(), 1);
        Ok(())
    })
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
