//! Payments that somebody else takes over: a page to go on to, an app in which the payer is asked.

use super::*;

const PAGE: &str = "https://pay.provider.example/transact?token=MEUC";

fn handed_over(changes: &[(&str, Value)]) -> Desk {
    let mut model = order();
    for (key, value) in changes {
        model[key] = value.clone();
    }
    Desk::open_with(model)
}

/// Only what is found is offered.
fn offers_nothing_else(desk: &Desk) {
    let view = desk.view();
    assert_eq!(view.screen, Screen::Pay);
    assert!(view.apps.is_empty() && view.qr.is_none() && view.utr.is_none());
    assert_eq!(view.payee.unwrap().upi_id, None);
    assert_eq!(view.amounts.unwrap().payable, "₹499.00");
}

#[test]
fn a_page_to_continue_on_is_the_one_way_and_its_event_is_told() {
    let mut desk = handed_over(&[("deeplink", PAGE.into())]);
    offers_nothing_else(&desk);
    assert_eq!(desk.view().web_page.as_deref(), Some(PAGE));
    desk.tell(Event::ContinuedOnWeb);
    assert_eq!(desk.told(), Some(format!("OPEN_LINK {PAGE}")));
    assert_eq!(
        desk.launched(),
        [""; 0],
        "the browser follows the link by itself"
    );
    desk.tell(Event::Hidden);
    desk.tell(Event::Shown);
    desk.answer(CallKind::Result, ok(order_with("status", "SUCCESS")));
    assert_eq!(desk.screen(), Screen::Paid);
    assert_eq!(desk.view().web_page, None);
}

#[test]
fn a_page_that_may_not_be_opened_is_not_offered() {
    for page in [
        "http://pay.provider.example/transact",
        "https://user@pay.provider.example/",
        "https:pay.provider.example",
        "HTTPS://",
    ] {
        let desk = handed_over(&[("deeplink", page.into())]);
        assert_eq!(desk.screen(), Screen::Unavailable, "{page}");
        assert_eq!(desk.view().web_page, None);
    }
}

#[test]
fn a_payer_who_was_asked_is_told_where_and_waits() {
    let payer: Value = "******1234@ybl".into();
    let mut desk = handed_over(&[("deeplink", "".into()), ("payer", payer.clone())]);
    offers_nothing_else(&desk);
    let view = desk.view();
    assert!(view.asked.contains("******1234@ybl"));
    assert_eq!(view.status, words::APPROVAL_PENDING);
    desk.tell(Event::AppTapped(App::PhonePe));
    desk.tell(Event::CopyTapped);
    assert!(
        !desk
            .take()
            .iter()
            .any(|effect| matches!(effect, Effect::Launch(_)))
    );

    let words = "Payment is in progress, please wait for sometime.";
    let told = handed_over(&[
        ("deeplink", "".into()),
        ("payer", payer),
        ("message", words.into()),
    ]);
    assert_eq!(told.view().status, words);
}

#[test]
fn a_mandate_is_not_paid_by_hand() {
    let link = "upi://mandate?pa=shop@bank&am=299&fam=2&recur=MONTHLY&validityend=17012027";
    let desk = handed_over(&[("deeplink", link.into()), ("amount", "2.00".into())]);
    let view = desk.view();
    assert_eq!(view.screen, Screen::Pay, "{}", view.headline);
    assert!(view.utr.is_none() && view.payee.unwrap().upi_id.is_none());
    assert!(!view.apps.is_empty());
}

#[test]
fn what_is_not_ready_yet_says_so_and_comes_by_itself() {
    let mut desk = handed_over(&[("deeplink", "".into()), ("upiId", "".into())]);
    assert_eq!(desk.screen(), Screen::Unavailable);
    assert_eq!(desk.view().headline, "One moment");
    desk.wait(6_000);
    let mut ready = order_with("deeplink", PAGE);
    ready["upiId"] = "".into();
    desk.answer(CallKind::Result, ok(ready));
    assert_eq!(desk.view().web_page.as_deref(), Some(PAGE));
}
