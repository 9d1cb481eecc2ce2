//! The machine, one behaviour at a time; the random histories are in the crate's `tests/world`.
//! This file holds the desk that the behaviours are tried at.

mod claims;
mod framed;
mod handed_over;
mod order;
mod paying;
mod phones;

use serde_json::{Value, json};

use super::*;
use crate::apps::App;
use crate::config::Config;
use crate::json::Json;
use crate::platform::tests as agents;
use crate::platform::{Platform, Room};
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
            platform: on(agents::SAFARI_IOS),
            room: Room::default(),
            can_share: true,
            framed: false,
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

fn on((agent, touch_points): (&str, i32)) -> Platform {
    Platform::detect(agent, touch_points)
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
