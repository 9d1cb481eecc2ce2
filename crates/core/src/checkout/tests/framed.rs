//! In a frame of the merchant's page, with and without its loader.

use super::*;

/// Time enough for the first poll.
const A_POLL_MS: u64 = 6_000;

fn framed(platform: (&str, i32), model: Value) -> Desk {
    let mut desk = Desk::new(|setup| {
        setup.framed = true;
        setup.platform = on(platform);
    });
    desk.tell(Event::Started {
        inline: Some(Json::from(ok(model))),
    });
    desk
}

fn said(desk: &mut Desk) -> Vec<(&'static str, String)> {
    let messages = desk.take().into_iter().filter_map(|effect| match effect {
        Effect::TellParent(message) => Some(message),
        _ => None,
    });
    let mut said = Vec::new();
    for message in messages {
        let (kind, value) = message.parts();
        said.push((kind, value.to_owned()));
    }
    said
}

fn pair(kind: &'static str, value: &str) -> (&'static str, String) {
    (kind, value.to_owned())
}

#[test]
fn nothing_is_said_before_the_loader_has_answered() {
    let mut desk = framed(agents::SAFARI_IOS, order());
    desk.tell(Event::AppTapped(App::GPay));
    desk.tell(Event::EscPressed);
    desk.wait(A_POLL_MS);
    desk.answer(CallKind::Result, ok(order_with("status", "SUCCESS")));
    assert_eq!(said(&mut desk), []);
}

#[test]
fn the_loader_hears_each_screen_once_and_what_there_is_to_lose() {
    let mut desk = framed(agents::SAFARI_IOS, order());
    desk.tell(Event::ParentAnswered);
    let ask = pair("ask", words::LEAVE_PAYMENT);
    assert_eq!(said(&mut desk), [pair("state", "pay"), ask.clone()]);
    desk.wait(A_POLL_MS);
    assert_eq!(said(&mut desk), []);
    desk.answer(CallKind::Result, ok(order_with("status", "SUCCESS")));
    assert_eq!(said(&mut desk), [pair("state", "paid"), pair("ask", "")]);
    // A page that was loaded anew in its frame starts again.
    desk.tell(Event::ParentAnswered);
    assert_eq!(said(&mut desk), [pair("state", "paid"), pair("ask", "")]);

    let mut unavailable = Desk::new(|setup| setup.order_id = String::new());
    unavailable.tell(Event::Started { inline: None });
    unavailable.tell(Event::ParentAnswered);
    let last = said(&mut unavailable);
    assert_eq!(last, [pair("ask", ""), pair("state", "unavailable")]);
}

#[test]
fn a_frame_from_which_no_app_opens_shows_the_way_out() {
    let mut desk = framed(agents::CHROME_ANDROID, order());
    desk.tell(Event::ParentAnswered);
    desk.tell(Event::AppTapped(App::GPay));
    desk.wait(OPENED_WITHIN_MS - 1);
    assert_eq!(desk.view().elsewhere, None);
    desk.wait(1);
    let view = desk.view();
    let address = view.elsewhere.map(|elsewhere| elsewhere.address);
    assert_eq!(address.as_deref(), Some("https://pay.example/pay/o1"));
    assert!(view.qr.is_some() && !view.apps.is_empty());
    // An app that opens is the way; on a page of its own nothing is in the way.
    desk.tell(Event::AppTapped(App::GPay));
    desk.tell(Event::Hidden);
    desk.tell(Event::Shown);
    assert_eq!(desk.view().elsewhere, None);
    let mut own = Desk::open_with(order());
    own.tell(Event::AppTapped(App::GPay));
    own.wait(OPENED_WITHIN_MS);
    assert_eq!(own.view().elsewhere, None);
}

#[test]
fn the_end_is_the_shops_page_and_then_nothing() {
    let shop = "https://shop.example/thanks";
    let mut paid = order_with("successUrl", shop);
    paid["status"] = "SUCCESS".into();
    let mut desk = framed(agents::SAFARI_IOS, order_with("successUrl", shop));
    desk.tell(Event::ParentAnswered);
    desk.wait(A_POLL_MS);
    desk.answer(
        CallKind::Result,
        ok(order_with("successUrl", shop)
            .as_object()
            .map_or(Value::Null, |model| {
                let mut model = model.clone();
                model.insert("status".into(), "SUCCESS".into());
                Value::Object(model)
            })),
    );
    said(&mut desk);
    desk.wait(PAID_PAUSE_MS);
    assert_eq!(said(&mut desk), [pair("launch", shop), pair("close", "")]);
    assert!(
        !desk
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Go(_)))
    );
}

#[test]
fn phonepe_is_opened_by_the_loader_and_without_a_way_back() {
    let mut desk = framed(agents::CHROME_ANDROID, order());
    desk.tell(Event::ParentAnswered);
    desk.tell(Event::AppTapped(App::PhonePe));
    desk.answer(CallKind::Discount, discount("498.97", "0.03"));
    said(&mut desk);
    desk.wait(AMOUNTS_PAUSE_MS);
    let said = said(&mut desk);
    let [("launch", link)] = said.as_slice() else {
        panic!("{said:?}")
    };
    assert!(link.starts_with("intent://pay?") && link.ends_with(";package=com.phonepe.app;end"));
    assert_eq!(desk.launched(), [""; 0]);
}

#[test]
fn esc_ends_a_large_code_before_it_ends_the_checkout() {
    let mut desk = framed(agents::SAFARI_IOS, order());
    desk.tell(Event::ParentAnswered);
    desk.tell(Event::QrTapped);
    desk.tell(Event::QrEnlarged(true));
    said(&mut desk);
    desk.tell(Event::EscPressed);
    assert_eq!(said(&mut desk), []);
    desk.tell(Event::QrEnlarged(false));
    desk.tell(Event::EscPressed);
    assert_eq!(said(&mut desk), [pair("close", "")]);
}
