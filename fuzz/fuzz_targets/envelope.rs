//! Any JSON as the answer of each call, and to a whole checkout: nothing panics, and nothing but
//! `SUCCESS` is paid.
#![no_main]

use checkout_core::checkout::{CallId, Checkout, Effect, Event, Reply, Screen, Setup};
use checkout_core::config::Config;
use checkout_core::json::Json;
use checkout_core::platform::{Browser, Platform, Room, System};
use checkout_core::wire::Envelope;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    let text = value.to_string();
    let answer = convert(value);
    let _ = Config::read(&answer);
    if let Ok(envelope) = Envelope::read(&answer) {
        let _ = envelope.clone().order("o1");
        let _ = envelope.clone().discount("o1");
        let _ = envelope.clone().utr("o1");
        let _ = envelope.acknowledged();
    }
    let mut checkout = Checkout::new(setup());
    let calls = sent(checkout.handle(1_000, Event::Started { inline: None }));
    for id in calls {
        let reply = Reply::Answer { http: 200, retry_after_ms: None, body: Some(answer.clone()) };
        checkout.handle(1_001, Event::Answered { id, reply });
    }
    let view = checkout.view(1_002);
    assert!(view.screen != Screen::Paid || text.contains("SUCCESS"));
});

fn sent(effects: Vec<Effect>) -> Vec<CallId> {
    let id = |effect| if let Effect::Send { id, .. } = effect { Some(id) } else { None };
    effects.into_iter().filter_map(id).collect()
}

fn setup() -> Setup {
    Setup {
        order_id: "o1".into(),
        config: Config::default(),
        platform: Platform { system: System::Android, browser: Browser::Standard },
        room: Room::default(),
        can_share: false,
        framed: false,
        href: "https://pay.example/pay/o1".into(),
        referrer: String::new(),
        saved: None,
        seed: 1,
        visible: true,
        online: true,
    }
}

fn convert(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(value),
        Value::Number(number) => Json::Number(number.to_string()),
        Value::String(text) => Json::Text(text),
        Value::Array(items) => Json::List(items.into_iter().map(convert).collect()),
        Value::Object(fields) => {
            Json::Object(fields.into_iter().map(|(key, value)| (key, convert(value))).collect())
        }
    }
}
