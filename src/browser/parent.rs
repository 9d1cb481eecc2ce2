//! The page around the frame in which the checkout stands, where that page has our loader
//! (docs/embed.md has the channel).
//!
//! Messages go to the origins that the configuration names, and to no other. Nothing is heard but
//! `welcome`, on a port that only such an origin can hold.

use std::cell::RefCell;
use std::rc::Rc;

use checkout_core::checkout::Message;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, MessageChannel, MessageEvent, MessagePort, ResizeObserver, window};

/// The channel's version: the key that every message carries, and its number.
const VERSION: (&str, u8) = ("upi_checkout", 1);

/// The way to the loader.
#[derive(Clone, Default)]
pub struct Parent(Rc<RefCell<Option<MessagePort>>>);

impl Parent {
    /// Whether the page stands in a frame.
    pub fn is_there() -> bool {
        window().is_some_and(|window| {
            let parent = window.parent().ok().flatten();
            parent.is_some_and(|parent| !Object::is(&parent, &window))
        })
    }

    /// Says hello to each origin; tells `answered` when a loader answers, which may be never.
    pub fn greet(&self, origins: &[String], answered: impl Fn() + Clone + 'static) {
        let Some(parent) = window().and_then(|window| window.parent().ok()?) else {
            return;
        };
        for origin in origins {
            // Nobody is greeted by a pattern: `*` would be whoever holds the frame.
            if !origin.starts_with("http") {
                continue;
            }
            let Ok(channel) = MessageChannel::new() else {
                return;
            };
            let (port, this, answered) = (channel.port1(), self.clone(), answered.clone());
            let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(place) = welcome(&event.data()) {
                    this.use_port(&port, &place);
                    answered();
                }
            });
            channel
                .port1()
                .set_onmessage(Some(heard.as_ref().unchecked_ref()));
            // It lives as long as the page does.
            heard.forget();
            let ports = Array::of1(&channel.port2());
            // Refused for what is no origin.
            let _ = parent.post_message_with_transfer(&message("hello", None), origin, &ports);
        }
    }

    /// Says something to the loader, if there is one.
    pub fn tell(&self, message: &Message) {
        let (kind, value) = message.parts();
        self.post(kind, value);
    }

    fn post(&self, kind: &str, value: &str) {
        if let Some(port) = &*self.0.borrow() {
            // Refused for what cannot be copied; texts can.
            let _ = port.post_message(&message(kind, Some(value)));
        }
    }

    fn use_port(&self, port: &MessagePort, place: &str) {
        if self.0.replace(Some(port.clone())).is_some() {
            return;
        }
        let Some(document) = window().and_then(|window| window.document()) else {
            return;
        };
        if let Some(root) = document.document_element() {
            // Refused only for a malformed name.
            let _ = root.set_attribute("data-frame", place);
        }
        self.watch_height(&document);
    }

    /// Tells each new height of the content.
    fn watch_height(&self, document: &Document) -> Option<()> {
        let content = document.get_element_by_id("checkout")?;
        let (this, watched) = (self.clone(), content.clone());
        let changed = Closure::<dyn Fn()>::new(move || {
            this.post("resize", &watched.scroll_height().to_string());
        });
        let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok()?;
        observer.observe(&content);
        changed.forget();
        Some(())
    }
}

fn message(kind: &str, value: Option<&str>) -> Object {
    let message = Object::new();
    let set = |key: &str, value: JsValue| {
        // Refused only by objects that are frozen.
        let _ = Reflect::set(&message, &JsValue::from_str(key), &value);
    };
    set(VERSION.0, VERSION.1.into());
    set("type", kind.into());
    if let Some(value) = value {
        set("value", value.into());
    }
    message
}

/// What the loader says of the checkout's place: `modal` or `inline`.
fn welcome(data: &JsValue) -> Option<String> {
    let get = |key: &str| Reflect::get(data, &JsValue::from_str(key)).ok();
    let is_ours = get(VERSION.0)?.as_f64() == Some(VERSION.1.into());
    let is_welcome = get("type")?.as_string()? == "welcome";
    let place = get("value")?.as_string()?;
    (is_ours && is_welcome && (place == "modal" || place == "inline")).then_some(place)
}
