//! What differs from phone to phone: launching, in-app browsers, desktops, the code as a picture.

use super::*;

/// A checkout on another platform.
fn open_on(agent: (&str, i32), model: Value) -> Desk {
    let mut desk = Desk::new(|setup| setup.platform = on(agent));
    desk.tell(Event::Started {
        inline: Some(Json::from(ok(model))),
    });
    desk
}

fn apps(desk: &Desk) -> Vec<&'static str> {
    desk.view()
        .apps
        .iter()
        .map(|button| button.app.id())
        .collect()
}

#[test]
fn android_opens_the_named_app_and_knows_the_way_back() {
    let mut desk = open_on(agents::CHROME_ANDROID, order());
    assert_eq!(apps(&desk), ["phonepe", "gpay", "paytm", "bhim", "any"]);
    desk.tell(Event::AppTapped(App::PhonePe));
    desk.answer(CallKind::Discount, discount("498.97", "0.03"));
    desk.wait(AMOUNTS_PAUSE_MS);
    let query = LINK.replace("upi://pay?", "").replace("499.00", "498.97");
    let opened = format!(
        "intent://pay?{query}#Intent;scheme=upi;package=com.phonepe.app;\
         S.browser_fallback_url=https%3A%2F%2Fpay.example%2Fpay%2Fo1%23app-not-opened;end"
    );
    assert_eq!(desk.launched(), std::slice::from_ref(&opened));
    assert_eq!(desk.told(), Some(format!("OPEN_LINK {opened}")));

    desk.tell(Event::NotOpened);
    assert!(
        desk.view().status.starts_with("PhonePe did not open?"),
        "the browser knows at once"
    );
    assert_eq!(
        desk.view().waiting.unwrap().app,
        App::PhonePe,
        "and it can be tried again"
    );
}

#[test]
fn a_desktop_shows_the_code_and_phonepes_price_changes_it() {
    let mut desk = open_on(agents::CHROME_DESKTOP, order());
    assert_eq!(apps(&desk), ["phonepe"]);
    let full = desk.view().qr.unwrap().drawn.unwrap();
    desk.tell(Event::AppTapped(App::PhonePe));
    desk.answer(CallKind::Discount, discount("498.97", "0.03"));
    desk.wait(60_000);
    assert_eq!(desk.launched(), [""; 0]);
    let view = desk.view();
    assert_eq!(view.amounts.unwrap().payable, "₹498.97");
    assert!(view.apps.is_empty() && view.waiting.is_none());
    let drawn = view.qr.unwrap().drawn.unwrap();
    assert_ne!(drawn, full);
    assert_eq!(
        Some(&*drawn),
        crate::qr::Qr::encode(&LINK.replace("499.00", "498.97")).as_ref()
    );
    let status = desk.view().status;
    assert!(
        status == words::SLOW || status == "You pay ₹498.97. Scan the code with PhonePe.",
        "{status}"
    );
}

#[test]
fn an_in_app_browser_offers_no_app_but_the_code_and_another_browser() {
    for agent in [
        agents::WEB_VIEW,
        agents::INSTAGRAM_ANDROID,
        agents::IN_APP_IOS,
    ] {
        let mut desk = open_on(agent, order_with("deeplink", SIGNED));
        let view = desk.view();
        assert!(
            view.apps.is_empty() && view.elsewhere.is_some() && !view.apps_first,
            "{agent:?}"
        );
        assert!(view.qr.unwrap().drawn.is_some());
        desk.tell(Event::CopyAddressTapped);
        assert!(
            desk.effects
                .contains(&Effect::Copy("https://pay.example/pay/o1".into()))
        );
        for app in App::ALL {
            desk.tell(Event::AppTapped(app));
        }
        assert_eq!(desk.launched(), [""; 0]);
    }
    let mut host_says_so = Desk::new(|setup| setup.config.in_app = true);
    host_says_so.tell(Event::Started {
        inline: Some(Json::from(ok(order_with("deeplink", SIGNED)))),
    });
    assert!(apps(&host_says_so).is_empty() && host_says_so.view().elsewhere.is_some());
    assert!(
        open_on(agents::CHROME_DESKTOP, order())
            .view()
            .elsewhere
            .is_none()
    );
}

#[test]
fn plain_links_are_launched_unless_configured_otherwise_and_distrusted_after_a_failure() {
    let plain = order_with("deeplink", "upi://pay?pa=shop@bank&am=499.00");
    let mut desk = open_on(agents::SAFARI_IOS, plain.clone());
    assert!(desk.view().apps_first);
    desk.tell(Event::AppTapped(App::GPay));
    desk.wait(OPENED_WITHIN_MS);
    assert!(!desk.view().apps_first, "code and copy come first now");
    assert!(!desk.view().apps.is_empty());

    let mut code_only = Desk::new(|setup| setup.config.plain_links = crate::config::PlainLinks::Qr);
    code_only.tell(Event::Started {
        inline: Some(Json::from(ok(plain))),
    });
    assert_eq!(
        apps(&code_only),
        ["phonepe"],
        "its price still changes the code"
    );
    let mut usual = open_on(agents::SAFARI_IOS, order());
    usual.tell(Event::AppTapped(App::GPay));
    usual.wait(OPENED_WITHIN_MS);
    assert!(usual.view().apps_first);
}

#[test]
fn the_code_is_saved_and_shared_with_payee_and_amount() {
    let mut desk = Desk::open();
    desk.tell(Event::QrSaveTapped);
    assert!(
        !desk
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::SaveQr(_))),
        "no code is in sight"
    );
    desk.tell(Event::QrTapped);
    desk.tell(Event::QrSaveTapped);
    let saved = desk.take().into_iter().find_map(|effect| match effect {
        Effect::SaveQr(picture) => Some(picture),
        _ => None,
    });
    let picture = saved.unwrap();
    assert_eq!(picture.lines, ["Shop", "₹499.00", "shop@bank"]);
    assert_eq!(picture.file_name, "upi-499.00.png");
    assert_eq!(Some(&*picture.code), crate::qr::Qr::encode(LINK).as_ref());
    assert!(desk.checkout.outbox.save().contains("SAVE_QR"));
    desk.tell(Event::QrSaved(false));
    assert!(desk.view().qr.unwrap().picture_note.contains("screenshot"));
    desk.tell(Event::QrShareTapped);
    assert!(
        desk.effects
            .iter()
            .any(|effect| matches!(effect, Effect::ShareQr(_)))
    );
    assert_eq!(desk.view().qr.unwrap().picture_note, "");
}

#[test]
fn above_two_thousand_rupees_the_gallery_is_warned_of() {
    for (amount, warned) in [("2000.00", false), ("2000.01", true)] {
        let mut model = order_with("amount", amount);
        model["deeplink"] = LINK.replace("499.00", amount).into();
        let note = open_on(agents::SAFARI_IOS, model.clone())
            .view()
            .qr
            .unwrap()
            .picture_help;
        assert_eq!(note == words::GALLERY_LIMIT, warned, "{amount}");
        assert_eq!(
            open_on(agents::CHROME_DESKTOP, model)
                .view()
                .qr
                .unwrap()
                .picture_help,
            ""
        );
    }
}

#[test]
fn a_large_code_keeps_the_screen_awake_while_it_is_seen() {
    let awake = |desk: &mut Desk| {
        desk.take().iter().rev().find_map(|effect| match effect {
            Effect::StayAwake(awake) => Some(*awake),
            _ => None,
        })
    };
    let mut desk = Desk::open();
    desk.tell(Event::QrEnlarged(true));
    assert_eq!(awake(&mut desk), None, "there is no code to enlarge");
    desk.tell(Event::QrTapped);
    desk.tell(Event::QrEnlarged(true));
    assert_eq!(awake(&mut desk), Some(true));
    desk.tell(Event::Hidden);
    assert_eq!(awake(&mut desk), Some(false));
    desk.tell(Event::Shown);
    assert_eq!(awake(&mut desk), Some(true));
    desk.answer(CallKind::Result, ok(order_with("status", "SUCCESS")));
    assert_eq!(awake(&mut desk), Some(false));
}

#[test]
fn a_link_that_is_made_for_a_code_is_shown_as_one() {
    let view = open_on(
        agents::CHROME_ANDROID,
        order_with("deeplink", format!("{SIGNED}&mode=02")),
    )
    .view();
    assert!(view.apps.is_empty() && !view.apps_first && view.elsewhere.is_none());
    assert!(view.qr.unwrap().drawn.is_some());
}

#[test]
fn the_codes_own_expiry_rules_where_it_is_sooner() {
    // 5,000,000 ms is 01:23:20 UTC on 1 January 1970.
    let mut model = order_with(
        "deeplink",
        format!("{LINK}&QRexpire=1970-01-01T06:54:20+05:30"),
    );
    model["expiresAt"] = 9_000_000.into();
    assert_eq!(
        open_on(agents::SAFARI_IOS, model)
            .view()
            .countdown
            .as_deref(),
        Some("1:00")
    );
}

#[test]
fn while_the_phone_asks_whether_to_open_the_app_the_page_waits() {
    let mut desk = open_on(agents::CHROME_ANDROID, order());
    let doubts = |desk: &Desk| desk.view().status.contains("did not open?");
    desk.tell(Event::AppTapped(App::GPay));
    desk.tell(Event::Focused(false));
    desk.wait(60_000);
    assert!(!doubts(&desk), "the customer reads the question");
    desk.tell(Event::Focused(true));
    desk.wait(OPENED_WITHIN_MS - 1);
    assert!(!doubts(&desk));
    desk.wait(1);
    assert!(doubts(&desk), "and has said no");

    desk.tell(Event::AppTapped(App::GPay));
    desk.tell(Event::Focused(false));
    desk.tell(Event::Hidden);
    desk.tell(Event::Shown);
    desk.tell(Event::Focused(true));
    assert_eq!(desk.view().status, words::BACK);
}

#[test]
fn the_code_fits_the_window_in_whole_pixels() {
    let mut desk = Desk::open();
    desk.tell(Event::QrTapped);
    let code = desk.view().qr.unwrap();
    let size = code.drawn.unwrap().size;
    assert_eq!(code.width, format!("{}.000", 300 / size * size));
    assert_eq!(code.width_large, format!("{}.000", 360 / size * size));
    desk.tell(Event::Resized(Room {
        width: 1_200,
        height: 900,
        device_pixels: 2_000,
    }));
    let code = desk.view().qr.unwrap();
    let modules = (900 - 176) * 2 / size;
    assert_eq!(
        code.width_large,
        format!("{}.{}00", modules * size / 2, modules * size % 2 * 5)
    );
    assert_eq!(code.lines, "Shop\n₹499.00\nshop@bank");
}

#[test]
fn what_was_copied_is_said_where_it_was_copied() {
    let mut desk = open_on(agents::INSTAGRAM_ANDROID, order());
    let notes = |desk: &Desk| {
        let view = desk.view();
        (view.copy_note, view.elsewhere.unwrap().note)
    };
    desk.tell(Event::CopyTapped);
    desk.tell(Event::Copied(true));
    assert_eq!(notes(&desk), (words::copied_upi_id(true), ""));
    desk.tell(Event::CopyAddressTapped);
    assert_eq!(notes(&desk), ("", ""));
    desk.tell(Event::Copied(false));
    assert_eq!(notes(&desk), ("", words::copied_address(false)));
}
