//! The order from its first answer to its end: screens, polls, deadlines, return.

use super::*;

#[test]
fn the_order_is_asked_for_with_address_and_referrer() {
    let mut desk = Desk::new(|_| {});
    desk.tell(Event::Started { inline: None });
    assert_eq!(desk.screen(), Screen::Loading);
    let info = Call::Info {
        href: "https://pay.example/pay/o1".into(),
        referrer: "https://shop.example/".into(),
    };
    assert_eq!(desk.calls.first().map(|(_, call)| call.clone()), Some(info));

    desk.answer(CallKind::Info, ok(order()));
    let view = desk.view();
    assert_eq!(view.screen, Screen::Pay);
    assert_eq!(view.amounts.unwrap().payable, "₹499.00");
    assert_eq!(
        view.payee.unwrap(),
        Payee {
            name: "Shop".into(),
            upi_id: Some("shop@bank".into())
        }
    );
    assert_eq!(view.apps.len(), 4, "an iPhone has no choice of any app");
    assert_eq!(
        view.qr.unwrap().drawn,
        None,
        "a phone shows the code on demand"
    );
}

#[test]
fn an_order_in_the_page_saves_the_first_call() {
    let mut desk = Desk::new(|setup| setup.platform = on(agents::CHROME_DESKTOP));
    desk.tell(Event::Started {
        inline: Some(Json::from(ok(order()))),
    });
    assert_eq!(desk.screen(), Screen::Pay);
    assert!(
        desk.view().qr.unwrap().drawn.is_some(),
        "a desktop shows the code at once"
    );
    assert!(desk.calls.is_empty());

    let mut desk = Desk::new(|_| {});
    desk.tell(Event::Started {
        inline: Some(Json::from(json!("nonsense"))),
    });
    assert_eq!(
        (desk.screen(), desk.waits(CallKind::Info)),
        (Screen::Loading, 1)
    );
}

#[test]
fn the_result_is_asked_every_five_seconds_until_paid() {
    let mut desk = Desk::open();
    for _ in 0..3 {
        desk.wait(4_999);
        assert_eq!(desk.waits(CallKind::Result), 0);
        desk.wait(600);
        assert_eq!(desk.waits(CallKind::Result), 1);
        desk.answer(CallKind::Result, ok(order()));
    }
    desk.wait(5_600);
    desk.answer(CallKind::Result, ok(order_with("status", "SUCCESS")));
    assert_eq!(desk.screen(), Screen::Paid);
    assert_eq!(
        desk.view().continue_to.as_deref(),
        Some("https://shop.example/thanks")
    );

    desk.take();
    desk.wait(PAID_PAUSE_MS);
    assert_eq!(
        desk.take(),
        [Effect::Go("https://shop.example/thanks".into())]
    );
    desk.wait(3_600_000);
    assert!(
        desk.take().is_empty() && desk.calls.is_empty(),
        "nothing happens after the end"
    );
}

#[test]
fn only_the_servers_status_is_success() {
    let mut desk = Desk::open();
    desk.tell(Event::AppTapped(App::GPay));
    desk.tell(Event::Hidden);
    desk.tell(Event::Shown);
    desk.utr(UTR);
    desk.answer(
        CallKind::Utr,
        ok(json!({"id": "o1", "status": "PENDING", "amount": "499.00"})),
    );
    for status in ["PAID", "success", "COMPLETED", "7", "UNKNOWN"] {
        if desk.waits(CallKind::Result) == 0 {
            desk.wait(5_600);
        }
        desk.answer(CallKind::Result, ok(order_with("status", status)));
        assert_eq!(desk.screen(), Screen::Pay, "{status}");
    }
}

#[test]
fn once_paid_nothing_takes_it_back() {
    let mut desk = Desk::open_with(order_with("status", "SUCCESS"));
    for event in [
        Event::Hidden,
        Event::Shown,
        Event::Online(false),
        Event::RetryTapped,
        Event::AppTapped(App::PhonePe),
        Event::QrTapped,
        Event::UtrSubmitted,
        Event::Answered {
            id: CallId(1),
            reply: http(200, ok(order())),
        },
    ] {
        desk.tell(event.clone());
        assert_eq!(desk.screen(), Screen::Paid, "{event:?}");
    }
    desk.wait(60_000);
    desk.tell(Event::Shown);
    assert_eq!(desk.screen(), Screen::Paid);
}

#[test]
fn a_paid_page_that_was_hidden_is_seen_before_it_leaves() {
    let mut desk = Desk::open_with(order_with("status", "SUCCESS"));
    desk.tell(Event::Hidden);
    desk.wait(60_000);
    desk.take();
    desk.tell(Event::Shown);
    assert!(
        !desk
            .take()
            .iter()
            .any(|effect| matches!(effect, Effect::Go(_)))
    );
    desk.wait(PAID_PAUSE_MS);
    assert!(
        desk.take()
            .iter()
            .any(|effect| matches!(effect, Effect::Go(_)))
    );
}

#[test]
fn an_address_that_may_not_be_opened_is_no_way_on() {
    for url in [
        "javascript:alert(1)",
        "http://shop.example/",
        "https://u@shop.example/",
        "",
    ] {
        let mut desk = Desk::open_with(order_with("successUrl", url));
        desk.wait(5_600);
        let mut paid = order_with("successUrl", url);
        paid["status"] = "SUCCESS".into();
        desk.answer(CallKind::Result, ok(paid));
        assert_eq!(
            (desk.screen(), desk.view().continue_to),
            (Screen::Paid, None),
            "{url}"
        );
        desk.wait(60_000);
        desk.tell(Event::ContinueTapped);
        assert!(
            !desk
                .take()
                .iter()
                .any(|effect| matches!(effect, Effect::Go(_))),
            "{url}"
        );
    }
}

#[test]
fn each_failure_of_the_first_call_is_a_clear_screen_with_a_way_on() {
    for (reply, headline, asks_again) in [
        (Reply::Lost, "No connection to the shop", true),
        (http(500, json!({})), "No connection to the shop", true),
        (
            Reply::Answer {
                http: 200,
                retry_after_ms: None,
                body: None,
            },
            "Something is wrong at the shop",
            true,
        ),
        (http(200, json!([])), "Something is wrong at the shop", true),
        (
            http(200, ok(Value::Null)),
            "Something is wrong at the shop",
            true,
        ),
        (
            http(200, ok(json!({"id": "o2", "status": "SUCCESS"}))),
            "Something is wrong at the shop",
            true,
        ),
        (
            http(404, ok(order_with("status", "SUCCESS"))),
            "Something is wrong at the shop",
            true,
        ),
        (http(200, no("7")), "Order not available", false),
        (http(404, no("ORDER_NOT_FOUND")), "Order not found", false),
    ] {
        let mut desk = Desk::new(|_| {});
        desk.tell(Event::Started { inline: None });
        desk.reply(CallKind::Info, reply.clone());
        let view = desk.view();
        assert_eq!(
            (view.screen, view.headline.as_str(), view.retry),
            (Screen::Unavailable, headline, true),
            "{reply:?}"
        );
        desk.wait(12_000);
        assert_eq!(
            desk.waits(CallKind::Info),
            usize::from(asks_again),
            "{reply:?}"
        );
        desk.tell(Event::RetryTapped);
        desk.answer(CallKind::Info, ok(order()));
        assert_eq!(desk.screen(), Screen::Pay);
    }
}

#[test]
fn silence_ends_after_ten_seconds() {
    let mut desk = Desk::new(|_| {});
    desk.tell(Event::Started { inline: None });
    desk.wait(9_999);
    assert_eq!(desk.screen(), Screen::Loading);
    desk.wait(1);
    assert_eq!(desk.screen(), Screen::Unavailable);
    assert!(
        desk.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Abort(_)))
    );
}

#[test]
fn a_page_without_an_order_says_so() {
    let mut desk = Desk::new(|setup| setup.order_id = String::new());
    desk.tell(Event::Started { inline: None });
    desk.tell(Event::Hidden);
    desk.tell(Event::Shown);
    desk.tell(Event::RetryTapped);
    assert_eq!(
        (desk.screen(), desk.view().retry),
        (Screen::Unavailable, false)
    );
    assert!(desk.calls.is_empty());
}

#[test]
fn failed_polls_back_off_and_the_order_stays() {
    let mut desk = Desk::open();
    let mut gaps = Vec::new();
    for reply in [
        Reply::Lost,
        http(503, json!({})),
        http(200, no("7")),
        http(200, json!(5)),
        Reply::Lost,
    ] {
        let before = desk.now_ms;
        while desk.waits(CallKind::Result) == 0 {
            desk.wait(100);
        }
        gaps.push((desk.now_ms - before) / 5_000);
        desk.reply(CallKind::Result, reply);
        assert_eq!(desk.screen(), Screen::Pay);
    }
    assert_eq!(gaps, [1, 2, 4, 6, 6]);
    let busy = Reply::Answer {
        http: 429,
        retry_after_ms: Some(120_000),
        body: Some(Json::from(no("TOO_MANY_REQUESTS"))),
    };
    desk.wait(33_000);
    desk.reply(CallKind::Result, busy);
    desk.wait(119_000);
    assert_eq!(desk.waits(CallKind::Result), 0, "Retry-After is honoured");
    desk.wait(14_000);
    assert_eq!(desk.waits(CallKind::Result), 1);
}

#[test]
fn nothing_is_asked_while_hidden_and_at_once_on_return() {
    let mut desk = Desk::open();
    desk.wait(5_600);
    assert_eq!(desk.waits(CallKind::Result), 1);
    desk.tell(Event::Hidden);
    assert_eq!(desk.waits(CallKind::Result), 0, "the request is given up");
    assert_eq!(desk.checkout.armed, None);
    desk.wait(600_000);
    desk.tell(Event::Shown);
    assert_eq!(desk.waits(CallKind::Result), 1);
    desk.tell(Event::Shown);
    assert_eq!(desk.waits(CallKind::Result), 1);
}

#[test]
fn back_online_asks_at_once() {
    let mut desk = Desk::open();
    desk.tell(Event::Online(false));
    assert!(desk.view().offline);
    assert_eq!(desk.view().status, words::OFFLINE);
    desk.tell(Event::Online(true));
    assert_eq!(
        (desk.view().offline, desk.waits(CallKind::Result)),
        (false, 1)
    );
}

#[test]
fn the_deadline_is_the_servers_and_the_last_look_comes_after_it() {
    // The server's clock is 4,000 s ahead of the page's; the deadline is in 60 s.
    let mut desk = Desk::open_with(order_with("expiresAt", 5_060_000));
    assert_eq!(desk.view().countdown.as_deref(), Some("1:00"));
    desk.wait(1_000);
    assert_eq!(desk.view().countdown.as_deref(), Some("0:59"));
    while desk.view().countdown.as_deref() != Some("0:01") {
        if desk.waits(CallKind::Result) == 1 {
            desk.answer(
                CallKind::Result,
                json!({"status": "0", "model": order_with("expiresAt", 5_060_000)}),
            );
        }
        desk.wait(1_000);
    }
    desk.calls.clear();
    desk.tell(Event::Hidden);
    desk.tell(Event::Shown);
    desk.answer(CallKind::Result, json!({"status": "0", "model": order()}));
    desk.wait(1_000);
    assert_eq!(desk.screen(), Screen::Expired);
    assert_eq!(desk.waits(CallKind::Result), 1, "one last look");
    let view = desk.view();
    assert!(view.qr.is_none() && view.apps.is_empty() && view.countdown.is_none());
    assert!(view.utr.is_some() && view.retry);
    desk.reply(CallKind::Result, Reply::Lost);
    assert_eq!(desk.screen(), Screen::Expired);
    desk.wait(34_000);
    desk.answer(CallKind::Result, ok(order_with("status", "SUCCESS")));
    assert_eq!(desk.screen(), Screen::Paid, "a late success is shown");
}

#[test]
fn a_closed_order_is_watched_slowly_and_can_come_back() {
    for (status, screen) in [("EXPIRED", Screen::Expired), ("FAILED", Screen::Failed)] {
        let mut model = order_with("status", status);
        model["message"] = "Declined by the bank".into();
        let mut desk = Desk::open_with(model.clone());
        assert_eq!(desk.screen(), screen);
        assert_eq!(
            desk.view().explanation.contains("Declined by the bank"),
            screen == Screen::Failed
        );
        desk.wait(29_999);
        assert_eq!(desk.waits(CallKind::Result), 0);
        desk.wait(3_001);
        assert_eq!(desk.waits(CallKind::Result), 1);
        desk.answer(CallKind::Result, ok(model));
        desk.tell(Event::RetryTapped);
        desk.answer(CallKind::Result, ok(order_with("status", "SUCCESS")));
        assert_eq!(desk.screen(), Screen::Paid);
    }
}
