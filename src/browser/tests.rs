//! Each ability, tried in a real browser.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use checkout_core::checkout::{Event, Picture, Reply};
use checkout_core::json::Json;
use checkout_core::platform::{Browser, Platform, System};
use checkout_core::qr::Qr;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::window;

use super::gestures::Gestures;
use super::http::{Http, Request};
use super::lifecycle::Lifecycle;
use super::page::Page;
use super::timer::Timer;
use super::wake_lock::WakeLock;
use super::{clipboard, clock, json, picture, room, storage};

wasm_bindgen_test_configure!(run_in_browser);

/// Something that happens later, and the wait for it.
struct Later {
    promise: Promise,
    happen: Function,
}

impl Later {
    fn new() -> Self {
        let mut happen = None;
        let promise = Promise::new(&mut |resolve, _| happen = Some(resolve));
        Self {
            promise,
            happen: happen.unwrap(),
        }
    }

    fn happen(&self) {
        self.happen.call0(&JsValue::NULL).unwrap();
    }

    async fn wait(&self) {
        JsFuture::from(self.promise.clone()).await.unwrap();
    }
}

/// Sends a request to an address and waits for its end.
async fn reply_of(url: &str) -> Reply {
    let (reply, later) = (Rc::new(RefCell::new(None)), Rc::new(Later::new()));
    let request = Request {
        url: url.into(),
        body: "{}".into(),
        outlives_page: false,
    };
    Http::default().send(call_id(), request, {
        let (reply, later) = (reply.clone(), later.clone());
        move |answer| {
            *reply.borrow_mut() = Some(answer);
            later.happen();
        }
    });
    later.wait().await;
    reply.take().unwrap()
}

/// An id as core gives it.
fn call_id() -> checkout_core::checkout::CallId {
    use checkout_core::checkout::{Checkout, Effect, Setup};
    let setup = Setup {
        order_id: "o1".into(),
        config: checkout_core::config::Config::default(),
        platform: Platform {
            system: System::Desktop,
            browser: Browser::Standard,
        },
        room: room::read(),
        can_share: false,
        framed: false,
        href: String::new(),
        referrer: String::new(),
        saved: None,
        seed: 1,
        visible: true,
        online: true,
    };
    let effects = Checkout::new(setup).handle(1, Event::Started { inline: None });
    let id = |effect| {
        if let Effect::Send { id, .. } = effect {
            Some(id)
        } else {
            None
        }
    };
    effects.into_iter().find_map(id).unwrap()
}

fn answer(http: u16, body: Option<Json>) -> Reply {
    Reply::Answer {
        http,
        retry_after_ms: None,
        body,
    }
}

#[wasm_bindgen_test]
async fn an_answer_in_json_is_told() {
    let told = reply_of("data:application/json,{\"status\":0}").await;
    let body = Json::Object(vec![("status".into(), Json::Number("0".into()))]);
    assert_eq!(told, answer(200, Some(body)));
}

#[wasm_bindgen_test]
async fn what_is_no_json_or_too_long_has_no_body() {
    for body in ["<html>", "{\"status\":", "", &"9".repeat(300_000)] {
        let told = reply_of(&format!("data:text/plain,{body}")).await;
        assert_eq!(told, answer(200, None), "{} bytes", body.len());
    }
}

#[wasm_bindgen_test]
async fn a_network_that_fails_is_told() {
    // Nothing listens there, and no page may ask.
    assert_eq!(reply_of("http://127.0.0.1:9/").await, Reply::Lost);
    assert_eq!(reply_of("no-such-scheme://x").await, Reply::Lost);
}

#[wasm_bindgen_test]
async fn a_request_that_is_given_up_is_not_told() {
    let http = Http::default();
    let told = Rc::new(Cell::new(false));
    let request = Request {
        url: "data:,1".into(),
        body: "{}".into(),
        outlives_page: true,
    };
    let id = call_id();
    http.send(id, request, {
        let told = told.clone();
        move |_| told.set(true)
    });
    http.abort(id);
    // Another request to its end: the first would have ended before.
    reply_of("data:application/json,1").await;
    assert!(!told.get());
}

#[wasm_bindgen_test]
fn json_is_read_as_core_wants_it() {
    let read = json::parse(r#"{"a":[1,2.5,"x",null,true],"time":1700000000000,"amount":499.10}"#);
    let number = |text: &str| Json::Number(text.into());
    let list = vec![
        number("1"),
        number("2.5"),
        Json::Text("x".into()),
        Json::Null,
        Json::Bool(true),
    ];
    let fields = vec![
        ("a".to_owned(), Json::List(list)),
        ("time".to_owned(), number("1700000000000")),
        ("amount".to_owned(), number("499.1")),
    ];
    assert_eq!(read, Some(Json::Object(fields)));
    for text in ["", "{", "<html>", "undefined", "{\"a\":1}x"] {
        assert_eq!(json::parse(text), None, "{text}");
    }
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(
        json::parse(&deep).is_some(),
        "too deep is read as far as it matters"
    );
}

#[wasm_bindgen_test]
fn what_is_kept_is_found_and_a_full_storage_does_no_harm() {
    assert_eq!(storage::load("nobody"), None);
    storage::save("o1", "event RETURN\n");
    assert_eq!(storage::load("o1").as_deref(), Some("event RETURN\n"));
    storage::save("o1", &"x".repeat(20_000_000));
    assert_eq!(storage::load("o1").as_deref(), Some("event RETURN\n"));
}

#[wasm_bindgen_test]
async fn the_timer_keeps_its_last_setting_alone() {
    let (calls, later) = (Rc::new(Cell::new(0)), Rc::new(Later::new()));
    let timer = Timer::new({
        let (calls, later) = (calls.clone(), later.clone());
        move || {
            calls.set(calls.get() + 1);
            later.happen();
        }
    });
    let now_ms = clock::now_ms();
    timer.set(now_ms, Some(now_ms + 10));
    timer.set(now_ms, None);
    timer.set(now_ms, Some(now_ms + 20));
    timer.set(now_ms, Some(now_ms + 30));
    later.wait().await;
    assert!(clock::now_ms() >= now_ms + 29);
    assert_eq!(calls.get(), 1);
}

#[wasm_bindgen_test]
async fn a_dropped_timer_is_silent() {
    let called = Rc::new(Cell::new(false));
    let dropped = Timer::new({
        let called = called.clone();
        move || called.set(true)
    });
    let now_ms = clock::now_ms();
    dropped.set(now_ms, Some(now_ms + 5));
    drop(dropped);
    let later = Rc::new(Later::new());
    let other = Timer::new({
        let later = later.clone();
        move || later.happen()
    });
    other.set(now_ms, Some(now_ms + 20));
    later.wait().await;
    assert!(!called.get());
}

#[wasm_bindgen_test]
fn the_pages_life_is_told_while_it_is_watched() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let watch = Lifecycle::watch({
        let told = told.clone();
        move |event| told.borrow_mut().push(event)
    });
    let window = window().unwrap();
    let happen = |kind: &str| {
        window
            .dispatch_event(&web_sys::Event::new(kind).unwrap())
            .unwrap();
    };
    for kind in ["offline", "online", "pagehide", "pageshow"] {
        happen(kind);
    }
    let expected = [Event::Online(false), Event::Online(true), Event::Hidden];
    assert_eq!(*told.borrow(), expected, "a first pageshow is no return");
    drop(watch);
    happen("offline");
    assert_eq!(told.borrow().len(), expected.len());
}

#[wasm_bindgen_test]
async fn a_browser_without_clipboard_says_so() {
    let navigator = window().unwrap().navigator();
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"value".into(), &JsValue::UNDEFINED).unwrap();
    Reflect::set(&descriptor, &"configurable".into(), &JsValue::TRUE).unwrap();
    Object::define_property(&navigator, &"clipboard".into(), &descriptor);
    let (worked, later) = (Rc::new(Cell::new(None)), Rc::new(Later::new()));
    clipboard::copy("shop@bank".into(), {
        let (worked, later) = (worked.clone(), later.clone());
        move |result| {
            worked.set(Some(result));
            later.happen();
        }
    });
    later.wait().await;
    Reflect::delete_property::<Object>(navigator.unchecked_ref(), &"clipboard".into()).unwrap();
    assert_eq!(worked.get(), Some(false));
}

#[wasm_bindgen_test]
fn the_page_reads_what_its_html_holds_and_wears_it() {
    let document = window().unwrap().document().unwrap();
    let mut added = Vec::new();
    for (id, text) in [
        (
            "checkout-config",
            r##"{"apps":["gpay"],"brand":{"accent":"#00695c"}}"##,
        ),
        ("order-info", r#"{"status":"0"}"#),
    ] {
        let script = document.create_element("script").unwrap();
        script.set_attribute("type", "application/json").unwrap();
        script.set_id(id);
        script.set_text_content(Some(text));
        document.body().unwrap().append_child(&script).unwrap();
        added.push(script);
    }
    let page = Page::read();
    assert_eq!(page.config.apps, [checkout_core::apps::App::GPay]);
    assert_eq!(
        page.order_info
            .and_then(|info| info.text("status").map(str::to_owned))
            .as_deref(),
        Some("0")
    );
    assert!(page.href.starts_with("http://127.0.0.1"));
    Page::read().wear();
    let root = document.document_element().unwrap();
    let style = root.get_attribute("style").unwrap_or_default();
    assert!(style.contains("#00695c"), "{style}");
    for script in added {
        script.remove();
    }
}

#[wasm_bindgen_test]
fn the_clock_tells_milliseconds_since_1970() {
    let wall_ms = js_sys::Date::now() as u64;
    assert!(clock::now_ms().abs_diff(wall_ms) < 60_000);
}

/// Runs a script in the page and returns what it returns.
fn run(script: &str) -> JsValue {
    Function::new_no_args(script).call0(&JsValue::NULL).unwrap()
}

#[wasm_bindgen_test]
fn gestures_are_told_by_the_id_of_what_is_tapped() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let taps: fn(&str) -> Option<Event> = |id| (id == "retry").then_some(Event::RetryTapped);
    let watch = Gestures::watch(taps, {
        let told = told.clone();
        move |event| told.borrow_mut().push(event)
    });
    let prevented = run(r##"
        document.body.insertAdjacentHTML("beforeend", `<form id="gestures">
          <button type="button" id="retry"><span>Again</span></button>
          <button type="button" id="unknown">?</button><input></form>`);
        const form = document.getElementById("gestures");
        form.querySelector("span").click();
        form.querySelector("#unknown").click();
        form.querySelector("input").value = "4352";
        form.querySelector("input").dispatchEvent(new Event("input", { bubbles: true }));
        const submit = new Event("submit", { bubbles: true, cancelable: true });
        form.dispatchEvent(submit);
        form.dispatchEvent(new Event("toggle"));
        return submit.defaultPrevented;
    "##);
    let expected = [
        Event::RetryTapped,
        Event::UtrTyped("4352".into()),
        Event::UtrSubmitted,
        Event::QrEnlarged(false),
    ];
    assert_eq!(*told.borrow(), expected);
    assert_eq!(prevented.as_bool(), Some(true), "the page stays");
    drop(watch);
    run(
        "document.querySelector('#gestures span').click(); document.getElementById('gestures').remove()",
    );
    assert_eq!(told.borrow().len(), expected.len());
}

#[wasm_bindgen_test]
fn a_launchs_way_back_is_told_once_and_leaves_no_mark() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let _watch = Lifecycle::watch({
        let told = told.clone();
        move |event| told.borrow_mut().push(event)
    });
    let happen = || run("window.dispatchEvent(new HashChangeEvent('hashchange'))");
    run("history.replaceState(null, '', '#app-not-opened')");
    happen();
    happen();
    assert_eq!(*told.borrow(), [Event::NotOpened]);
    assert_eq!(run("return location.hash").as_string().as_deref(), Some(""));
}

#[wasm_bindgen_test]
async fn the_screen_is_kept_awake_and_given_back() {
    run(r#"
        window.locks = [];
        Object.defineProperty(navigator, "wakeLock", { configurable: true, value: {
            request: async (kind) => {
                window.locks.push("request " + kind);
                return { release: async () => window.locks.push("release") };
            },
        } });
    "#);
    let lock = WakeLock::default();
    lock.set(true);
    lock.set(false);
    // Two turns: the lock, then its release.
    for _ in 0..4 {
        JsFuture::from(Promise::resolve(&JsValue::NULL))
            .await
            .unwrap();
    }
    let locks = run("delete navigator.wakeLock; return window.locks.join()");
    assert_eq!(locks.as_string().as_deref(), Some("request screen,release"));
}

#[wasm_bindgen_test]
async fn a_code_is_shared_as_a_picture_where_the_browser_can() {
    run(r#"
        navigator.canShare = (data) => data.files[0].type === "image/png";
        navigator.share = async ({ files: [file] }) => {
            window.shared = file.name + " " + (await createImageBitmap(file)).width;
        };
    "#);
    assert!(picture::can_share());
    assert_eq!(shared().await, Some(true));
    assert_eq!(
        run("return window.shared").as_string().as_deref(),
        // 29 modules and the quiet zone, 28 pixels each: the first multiple above 1,024.
        Some("upi-1.00.png 1036")
    );
    run("navigator.share = async () => { throw new DOMException('', 'NotAllowedError') }");
    assert_eq!(shared().await, Some(false));
    run("navigator.canShare = () => false");
    assert!(!picture::can_share());
    run("delete navigator.share; delete navigator.canShare");
}

async fn shared() -> Option<bool> {
    let (worked, later) = (Rc::new(Cell::new(None)), Rc::new(Later::new()));
    let picture = Picture {
        code: std::sync::Arc::new(Qr::encode("upi://pay?pa=shop@bank&am=1.00").unwrap()),
        lines: vec!["Shop".into()],
        file_name: "upi-1.00.png".into(),
    };
    picture::share(picture, {
        let (worked, later) = (worked.clone(), later.clone());
        move |result| {
            worked.set(Some(result));
            later.happen();
        }
    });
    later.wait().await;
    worked.get()
}
