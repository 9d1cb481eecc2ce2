//! Apps, links, codes and the discount.

use super::*;

#[test]
fn an_app_but_phonepe_is_a_link_with_the_full_amount() {
    let mut desk = Desk::open();
    let href = |desk: &Desk, app| {
        desk.view()
            .apps
            .into_iter()
            .find(|button| button.app == app)
            .unwrap()
            .href
    };
    let gpay = LINK.replace("upi://pay", "gpay://upi/pay");
    assert_eq!(href(&desk, App::GPay), Some(gpay.clone()));
    assert_eq!(
        href(&desk, App::Bhim),
        Some(LINK.replace("upi://", "bhim://"))
    );
    assert_eq!(href(&desk, App::PhonePe), None);

    desk.tell(Event::AppTapped(App::GPay));
    assert_eq!(desk.told(), Some(format!("OPEN_LINK {gpay}")));
    assert_eq!(
        desk.launched(),
        [""; 0],
        "the browser follows the link by itself"
    );
    assert_eq!(desk.view().waiting.unwrap().app, App::GPay);
}

#[test]
fn phonepe_opens_after_its_discount_was_seen() {
    let mut desk = Desk::open();
    desk.tell(Event::AppTapped(App::PhonePe));
    desk.tell(Event::AppTapped(App::PhonePe));
    assert_eq!(
        desk.waits(CallKind::Discount),
        1,
        "an impatient tap asks once"
    );
    desk.wait(300);
    desk.answer(CallKind::Discount, discount("498.97", "0.03"));

    let amounts = desk.view().amounts.unwrap();
    assert_eq!(amounts.payable, "₹498.97");
    assert_eq!(amounts.discount, Some(("₹499.00".into(), "₹0.03".into())));
    assert_eq!(desk.launched(), [""; 0], "the amounts come first");

    desk.wait(AMOUNTS_PAUSE_MS);
    let link = LINK
        .replace("499.00", "498.97")
        .replace("upi://", "phonepe://");
    assert_eq!(desk.launched(), std::slice::from_ref(&link));
    assert_eq!(desk.told(), Some(format!("OPEN_LINK {link}")));
    let any = desk
        .view()
        .apps
        .into_iter()
        .find(|button| button.app == App::Bhim)
        .unwrap();
    assert_eq!(
        any.href,
        Some(
            LINK.replace("499.00", "498.97")
                .replace("upi://", "bhim://")
        ),
        "what is shown is what every link asks for"
    );
}

#[test]
fn without_a_discount_phonepe_opens_at_once() {
    for answer in [discount("499.00", "0.00"), no("NO_OFFER")] {
        let mut desk = Desk::open();
        desk.tell(Event::AppTapped(App::PhonePe));
        desk.answer(CallKind::Discount, answer);
        assert_eq!(desk.launched(), [LINK.replace("upi://", "phonepe://")]);
        assert_eq!(desk.view().amounts.unwrap().discount, None);
    }
}

#[test]
fn a_tap_too_long_ago_asks_for_another() {
    let mut desk = Desk::open();
    desk.tell(Event::AppTapped(App::PhonePe));
    desk.wait(TAP_COUNTS_MS);
    desk.answer(CallKind::Discount, discount("498.97", "0.03"));
    desk.wait(10_000);
    assert_eq!(desk.launched(), [""; 0]);
    let waiting = desk.view().waiting.unwrap();
    assert_eq!(waiting.app, App::PhonePe);
    assert!(waiting.href.unwrap().contains("am=498.97"));
    desk.tell(Event::OpenAgainTapped);
    assert!(
        desk.checkout
            .outbox
            .save()
            .contains("OPEN_LINK phonepe://pay?")
    );
}

#[test]
fn a_lost_discount_answer_is_asked_for_again() {
    let mut desk = Desk::open();
    desk.tell(Event::AppTapped(App::PhonePe));
    desk.reply(CallKind::Discount, Reply::Lost);
    assert_eq!(desk.waits(CallKind::Discount), 0);
    desk.wait(1_100);
    desk.answer(CallKind::Discount, discount("498.97", "0.03"));
    desk.wait(AMOUNTS_PAUSE_MS);
    assert!(desk.launched().first().unwrap().contains("am=498.97"));
}

#[test]
fn a_discount_that_cannot_be_had_leaves_the_other_ways_open() {
    for bad in [
        Reply::Lost,
        http(500, json!({})),
        http(200, json!("html")),
        Reply::Answer {
            http: 200,
            retry_after_ms: None,
            body: None,
        },
        http(200, discount("0", "499.00")),
        http(200, discount("600.00", "0.00")),
        http(200, discount("1e3", "0.00")),
        http(200, ok(Value::Null)),
    ] {
        let mut desk = Desk::open();
        desk.tell(Event::AppTapped(App::PhonePe));
        for _ in 0..DISCOUNT_TRIES_MAX {
            desk.reply(CallKind::Discount, bad.clone());
            desk.wait(3_000);
        }
        assert_eq!(desk.launched(), [""; 0], "{bad:?}");
        assert_eq!(
            desk.waits(CallKind::Discount),
            0,
            "it stops asking by itself"
        );
        let view = desk.view();
        assert_eq!(
            (view.screen, view.status.as_str()),
            (Screen::Pay, words::DISCOUNT_STUCK)
        );
        assert_eq!(view.amounts.unwrap().payable, "₹499.00");
        desk.tell(Event::AppTapped(App::PhonePe));
        assert_eq!(desk.waits(CallKind::Discount), 1, "a tap asks again");
    }
}

#[test]
fn a_discount_for_a_closed_or_paid_order_looks_at_the_result() {
    for answer in [
        no("ORDER_CLOSED"),
        ok(json!({"status": "SUCCESS", "userPayAmount": "499.00", "discountAmount": "0"})),
    ] {
        let mut desk = Desk::open();
        desk.tell(Event::AppTapped(App::PhonePe));
        desk.answer(CallKind::Discount, answer);
        assert_eq!(desk.launched(), [""; 0]);
        assert_eq!(desk.waits(CallKind::Result), 1);
    }
}

#[test]
fn a_signed_link_is_never_changed() {
    let mut signed = order_with("deeplink", SIGNED);
    signed["discount"] = json!({"userPayAmount": "498.97", "discountAmount": "0.03"});
    let mut desk = Desk::open_with(signed);
    let view = desk.view();
    assert_eq!(
        view.amounts.unwrap(),
        Amounts {
            payable: "₹499.00".into(),
            discount: None
        }
    );
    assert_eq!(view.amount_note, words::DISCOUNT_LOST);
    desk.tell(Event::AppTapped(App::PhonePe));
    assert_eq!(desk.waits(CallKind::Discount), 0);
    assert_eq!(
        desk.told(),
        Some(format!(
            "OPEN_LINK {}",
            SIGNED.replace("upi://", "phonepe://")
        ))
    );

    let open = Desk::open_with(order_with("deeplink", SIGNED.replace("&am=499.00", "")));
    assert_eq!(open.view().amount_note, words::TYPE_THE_AMOUNT);
}

#[test]
fn a_link_that_disagrees_with_its_order_is_not_offered() {
    for (link, headline) in [
        (LINK.replace("shop@bank", "evil@bank"), "Please do not pay"),
        (LINK.replace("499.00", "4990.00"), "Please do not pay"),
        (LINK.replace("INR", "USD"), "This order cannot be paid here"),
        (
            "javascript:alert(1)".to_owned(),
            "This order cannot be paid here",
        ),
        (
            "upi://collect?pa=shop@bank&am=499.00".to_owned(),
            "This order cannot be paid here",
        ),
    ] {
        for key in ["deeplink", "qrData"] {
            let desk = Desk::open_with(order_with(key, link.clone()));
            let view = desk.view();
            assert_eq!(
                (view.screen, view.headline.as_str()),
                (Screen::Unavailable, headline),
                "{key} {link}"
            );
            assert!(
                view.apps.is_empty()
                    && view.qr.is_none()
                    && view.payee.is_none()
                    && view.amounts.is_none()
            );
            assert!(view.retry);
        }
    }
}

#[test]
fn an_order_without_a_link_is_paid_by_its_upi_id() {
    let mut model = order();
    model["deeplink"] = Value::Null;
    let view = Desk::open_with(model.clone()).view();
    assert_eq!(
        (view.screen, view.apps.len(), view.qr),
        (Screen::Pay, 0, None)
    );
    assert_eq!(view.payee.unwrap().upi_id.as_deref(), Some("shop@bank"));
    model["upiId"] = "".into();
    assert_eq!(Desk::open_with(model).screen(), Screen::Unavailable);
}

#[test]
fn the_code_can_differ_from_the_link() {
    let mut model = order_with("qrData", LINK.replace("tr=o1", "tr=o1&mode=01"));
    let mut desk = Desk::open_with(model.clone());
    desk.tell(Event::QrTapped);
    let qr = desk.view().qr.unwrap();
    assert_eq!(
        qr.drawn.as_deref(),
        crate::qr::Qr::encode(&LINK.replace("tr=o1", "tr=o1&mode=01")).as_ref()
    );
    assert_eq!(qr.label, "QR code to pay ₹499.00 to Shop");
    model["qrData"] = format!("{SIGNED}&x=1").into();
    model["discount"] = json!({"userPayAmount": "498.97", "discountAmount": "0.03"});
    let view = Desk::open_with(model).view();
    assert_eq!(view.amounts.unwrap().payable, "₹498.97");
    assert_eq!(
        view.qr, None,
        "a signed code with the old amount is not shown"
    );
}

#[test]
fn an_app_that_did_not_open_is_doubted_and_a_return_is_told() {
    let mut desk = Desk::open();
    desk.tell(Event::AppTapped(App::Paytm));
    desk.answer(CallKind::Event, ok(Value::Null));
    assert_eq!(desk.view().status, "Opening Paytm…");
    desk.wait(OPENED_WITHIN_MS);
    assert!(desk.view().status.starts_with("Paytm did not open?"));
    assert_eq!(desk.view().apps.len(), 4, "nothing is taken away");

    desk.tell(Event::Hidden);
    desk.wait(30_000);
    desk.tell(Event::Shown);
    assert_eq!(desk.view().status, words::BACK);
    assert_eq!(desk.told().as_deref(), Some("RETURN"));
    assert!(
        desk.view()
            .waiting
            .unwrap()
            .utr_help
            .contains("Reference ID")
    );
}

#[test]
fn a_mandate_shows_what_is_charged_now_and_its_terms() {
    let mandate = "upi://mandate?pa=shop@bank&tr=M1&am=299.00&fam=2.00&cu=INR&amrule=MAX&recur=MONTHLY&validityend=17012027";
    let mut model = order_with("deeplink", mandate);
    model["amount"] = "2.00".into();
    model["discount"] = json!({"userPayAmount": "1.00", "discountAmount": "1.00"});
    let mut desk = Desk::open_with(model);
    let view = desk.view();
    assert_eq!(
        view.amounts.unwrap(),
        Amounts {
            payable: "₹2.00".into(),
            discount: None
        }
    );
    assert_eq!(
        view.explanation,
        "₹2.00 now, then up to ₹299.00 a month until 17 Jan 2027"
    );
    desk.tell(Event::AppTapped(App::PhonePe));
    assert_eq!(desk.waits(CallKind::Discount), 0);
    assert_eq!(
        desk.told(),
        Some(format!(
            "OPEN_LINK {}",
            mandate.replace("upi://", "phonepe://")
        ))
    );
}

#[test]
fn what_a_mandate_charges_now_may_stand_in_the_order() {
    let mandate = "upi://mandate?pa=shop@bank&tr=M1&am=999.00&mam=999.00&cu=INR";
    let see = |amount: &str, now: Value| {
        let mut model = order_with("deeplink", mandate);
        model["amount"] = amount.into();
        model["chargedNow"] = now;
        let view = Desk::open_with(model).view();
        let payable = view.amounts.map(|amounts| amounts.payable);
        (view.screen, payable, view.explanation)
    };
    let pay = |payable: &str, terms: &str| (Screen::Pay, Some(payable.into()), terms.into());
    assert_eq!(
        see("499.00", json!("499.00")),
        pay("₹499.00", "₹499.00 now, then up to ₹999.00 each time")
    );
    assert_eq!(
        see("999.00", json!(null)),
        pay("₹999.00", "Nothing now, then up to ₹999.00 each time")
    );
    // A link that allows less than the order takes, or another sum than either, is not offered.
    for (amount, now) in [("1000.00", json!("1000.00")), ("499.00", json!(null))] {
        assert_eq!(see(amount, now).0, Screen::Unavailable, "{amount}");
    }
}

#[test]
fn a_link_that_agrees_already_keeps_its_floor() {
    let link = LINK.replace("mam=499.00", "mam=1");
    let view = Desk::open_with(order_with("deeplink", link.clone())).view();
    assert_eq!(
        view.apps.last().unwrap().href,
        Some(link.replace("upi://", "bhim://"))
    );
}
