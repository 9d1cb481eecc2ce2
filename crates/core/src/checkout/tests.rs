//! The machine, one behaviour at a time. The random histories are in `tests/world.rs`.

use serde_json::{Value, json};

use super::*;
use crate::config::Config;
use crate::device::Device;
use crate::json::Json;
use crate::words;

const LINK: &str = "upi://pay?pa=shop@bank&pn=Shop&tr=o1&am=499.00&mam=499.00&cu=INR";
const SIGNED: &str = "upi://pay?pa=shop@bank&tr=o1&am=499.00&cu=INR&sign=MEUCIQ==";
const UTR: &str = "435268791234";

/// A checkout with its clock and the requests that wait for an answer.
struct Desk {
    checkout: Checkout,
    now_ms: u64,
    calls: Vec<(CallId, Call)>,
    effects: Vec<Effect>,
}

impl Desk {
    fn new(change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = Setup {
            order_id: "o1".into(),
            config: Config::default(),
            device: Device::Phone,
            href: "https://pay.example/pay/o1".into(),
            referrer: "https://shop.example/".into(),
            saved: None,
            seed: 7,
            visible: true,
            online: true,
        };
        change(&mut setup);
        Self {
            checkout: Checkout::new(setup),
            now_ms: 1_000_000,
            calls: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// A phone on the pay screen.
    fn open() -> Self {
        Self::open_with(order())
    }

    fn open_with(model: Value) -> Self {
        let mut desk = Self::new(|_| {});
        desk.tell(Event::Started { inline: None });
        desk.answer(CallKind::Info, ok(model));
        desk
    }

    fn tell(&mut self, event: Event) {
        for effect in self.checkout.handle(self.now_ms, event) {
            match &effect {
                Effect::Send { id, call } => self.calls.push((*id, call.clone())),
                Effect::Abort(gone) => self.calls.retain(|(id, _)| id != gone),
                _ => {}
            }
            self.effects.push(effect);
        }
    }

    fn reply(&mut self, kind: CallKind, reply: Reply) {
        let place = self.calls.iter().position(|(_, call)| call.kind() == kind);
        let place = place.unwrap_or_else(|| panic!("no {kind:?} waits, only {:?}", self.calls));
        let (id, _) = self.calls.remove(place);
        self.tell(Event::Answered { id, reply });
    }

    fn answer(&mut self, kind: CallKind, body: Value) {
        self.reply(kind, http(200, body));
    }

    /// Lets time pass, with every wake-up on the way.
    fn wait(&mut self, ms: u64) {
        let end_ms = self.now_ms + ms;
        while let Some(at_ms) = self.checkout.armed.filter(|at_ms| *at_ms <= end_ms) {
            self.now_ms = at_ms.max(self.now_ms);
            self.tell(Event::Woke);
        }
        self.now_ms = end_ms;
    }

    fn view(&self) -> View {
        self.checkout.view(self.now_ms)
    }

    fn screen(&self) -> Screen {
        self.view().screen
    }

    fn waits(&self, kind: CallKind) -> usize {
        self.calls
            .iter()
            .filter(|(_, call)| call.kind() == kind)
            .count()
    }

    fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    fn launched(&mut self) -> Vec<String> {
        let links = |effect| {
            if let Effect::Launch(link) = effect {
                Some(link)
            } else {
                None
            }
        };
        self.take().into_iter().filter_map(links).collect()
    }

    fn told(&self) -> Option<String> {
        self.calls.iter().find_map(|(_, call)| match call {
            Call::Event { content } => Some(content.clone()),
            _ => None,
        })
    }

    fn utr(&mut self, text: &str) {
        self.tell(Event::UtrTyped(text.into()));
        self.tell(Event::UtrSubmitted);
    }
}

fn http(status: u16, body: Value) -> Reply {
    Reply::Answer {
        http: status,
        retry_after_ms: None,
        body: Some(Json::from(body)),
    }
}

fn order() -> Value {
    json!({
        "id": "o1", "status": "PENDING", "amount": "499.00", "cardInfo": {"name": "Shop"},
        "upiId": "shop@bank", "deeplink": LINK, "successUrl": "https://shop.example/thanks",
    })
}

fn order_with(key: &str, value: impl Into<Value>) -> Value {
    let mut model = order();
    model[key] = value.into();
    model
}

fn ok(model: Value) -> Value {
    json!({"time": 5_000_000, "status": "0", "message": "", "model": model})
}

fn no(code: &str) -> Value {
    json!({"time": 5_000_000, "status": code, "message": "The server says no.", "model": null})
}

fn discount(payable: &str, off: &str) -> Value {
    ok(
        json!({"id": "o1", "status": "PENDING", "amount": "499.00", "userPayAmount": payable, "discountAmount": off}),
    )
}

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
    assert_eq!(view.apps.len(), 5);
    assert_eq!(
        view.qr.unwrap().drawn,
        None,
        "a phone shows the code on demand"
    );
}

#[test]
fn an_order_in_the_page_saves_the_first_call() {
    let mut desk = Desk::new(|setup| setup.device = Device::Desktop);
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
    let gpay = LINK.replace("upi://pay", "tez://upi/pay");
    assert_eq!(href(&desk, App::GPay), Some(gpay.clone()));
    assert_eq!(href(&desk, App::Any), Some(LINK.into()));
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
        .find(|button| button.app == App::Any)
        .unwrap();
    assert_eq!(
        any.href,
        Some(LINK.replace("499.00", "498.97")),
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
fn an_app_that_did_not_open_is_doubted_and_a_return_is_told() {
    let mut desk = Desk::open();
    desk.tell(Event::AppTapped(App::Paytm));
    desk.answer(CallKind::Event, ok(Value::Null));
    assert_eq!(desk.view().status, "Opening Paytm…");
    desk.wait(OPENED_WITHIN_MS);
    assert!(desk.view().status.starts_with("Paytm did not open?"));
    assert_eq!(desk.view().apps.len(), 5, "nothing is taken away");

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

#[test]
fn copying_says_whether_it_worked() {
    let mut desk = Desk::open();
    desk.tell(Event::CopyTapped);
    desk.tell(Event::Copied(true));
    assert_eq!(desk.view().copy_note, "Copied");
    desk.tell(Event::Copied(false));
    assert!(desk.view().copy_note.contains("press and hold"));
}
