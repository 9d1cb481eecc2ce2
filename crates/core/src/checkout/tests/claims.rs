//! UTRs, pay events and the clipboard.

use super::*;

#[test]
fn events_are_kept_in_order_until_the_server_has_them() {
    let mut desk = Desk::open();
    desk.tell(Event::QrTapped);
    desk.tell(Event::CopyTapped);
    assert!(desk.effects.contains(&Effect::Copy("shop@bank".into())));
    desk.reply(CallKind::Event, Reply::Lost);
    desk.tell(Event::AppTapped(App::Bhim));
    let saved = desk.checkout.outbox.save();
    let verbs = |saved: &str| {
        saved
            .lines()
            .filter_map(|line| line.strip_prefix("event "))
            .map(|event| event.split(' ').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(verbs(&saved), ["SHOW_QR", "COPY_UPI_ID", "OPEN_LINK"]);

    let mut later = Desk::new(|setup| setup.saved = Some(saved));
    later.tell(Event::Started {
        inline: Some(Json::from(ok(order()))),
    });
    assert_eq!(
        later.view().waiting.unwrap().app,
        App::Bhim,
        "the chosen app survives a reload"
    );
    for verb in ["SHOW_QR", "COPY_UPI_ID", "OPEN_LINK"] {
        later.reply(CallKind::Event, http(500, json!({})));
        later.wait(1_100);
        assert!(later.told().unwrap().starts_with(verb));
        later.answer(CallKind::Event, ok(Value::Null));
    }
    assert_eq!(later.told(), None);
    assert_eq!(
        later
            .take()
            .iter()
            .rev()
            .find_map(|effect| if let Effect::Save(text) = effect {
                Some(text.clone())
            } else {
                None
            })
            .as_deref(),
        Some("app bhim\n")
    );
}

#[test]
fn a_wrong_utr_is_named_and_a_corrected_one_is_claimed() {
    let mut desk = Desk::open();
    desk.tell(Event::UtrTapped);
    desk.utr("4352 6879 123");
    let utr = desk.view().utr.unwrap();
    assert_eq!(
        (utr.tone, utr.message.as_str(), utr.draft.as_str()),
        (
            Tone::Problem,
            "Some digits are missing: the UTR has 12.",
            "4352 6879 123"
        )
    );
    assert_eq!(desk.waits(CallKind::Utr), 0);

    desk.utr("4352 6879 1234");
    assert!(desk.view().utr.unwrap().busy);
    assert_eq!(
        desk.calls
            .iter()
            .find_map(|(_, call)| if let Call::Utr { utr } = call {
                Some(utr.as_str())
            } else {
                None
            }),
        Some(UTR)
    );
    desk.answer(
        CallKind::Utr,
        ok(json!({"id": "o1", "status": "PENDING", "amount": "499.00"})),
    );
    let utr = desk.view().utr.unwrap();
    assert_eq!(utr.tone, Tone::Plain);
    assert!(utr.message.contains(UTR));
    assert_eq!(
        desk.waits(CallKind::Result),
        1,
        "a claim is looked up at once"
    );
}

#[test]
fn each_refusal_of_a_utr_has_its_words_and_keeps_the_text() {
    for (reply, message) in [
        (http(200, no("UTR_USED")), words::UTR_USED),
        (http(409, no("UTR_USED")), words::UTR_USED),
        (http(200, no("ORDER_CLOSED")), words::UTR_CLOSED),
        (
            http(200, no("UTR_INVALID")),
            "This is not a real UTR. Copy it from your UPI app.",
        ),
        (http(429, no("TOO_MANY_REQUESTS")), words::UTR_TOO_MANY),
        (http(200, no("9")), "The server says no."),
        (Reply::Lost, words::UTR_NOT_SENT),
        (http(500, json!({})), words::UTR_NOT_SENT),
        (http(200, ok(Value::Null)), words::UTR_NOT_SENT),
        (
            Reply::Answer {
                http: 200,
                retry_after_ms: None,
                body: None,
            },
            words::UTR_NOT_SENT,
        ),
    ] {
        let mut desk = Desk::open();
        desk.utr(UTR);
        desk.reply(CallKind::Utr, reply.clone());
        let utr = desk.view().utr.unwrap();
        assert_eq!(
            (utr.message.as_str(), utr.tone, utr.draft.as_str()),
            (message, Tone::Problem, UTR),
            "{reply:?}"
        );
        assert_eq!(desk.screen(), Screen::Pay);
    }
}

#[test]
fn a_utr_that_the_server_calls_paid_is_paid() {
    let mut desk = Desk::open_with(order_with("successUrl", ""));
    desk.utr(UTR);
    desk.answer(
        CallKind::Utr,
        ok(json!({"id": "o1", "status": "SUCCESS", "successUrl": "https://shop.example/late"})),
    );
    assert_eq!(
        desk.view().continue_to.as_deref(),
        Some("https://shop.example/late")
    );
}

#[test]
fn copying_says_whether_it_worked() {
    let mut desk = Desk::open();
    desk.tell(Event::CopyTapped);
    desk.tell(Event::Copied(true));
    assert_eq!(desk.view().copy_note, "Copied");
    desk.tell(Event::Copied(false));
    assert!(desk.view().copy_note.contains("press and hold"));
}
