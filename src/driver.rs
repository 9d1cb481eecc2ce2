//! The one place where core, browser and view meet.
//!
//! **Contract.** One event at a time: core takes it, the view signal is set once, then core's
//! effects are run in order. An effect answers by a later event, never from inside.

use std::cell::RefCell;
use std::rc::Rc;

use checkout_core::checkout::{Checkout, Effect, Event, Screen, Setup, View};
use leptos::prelude::*;

use crate::browser::gestures::Gestures;
use crate::browser::http::{Http, Request};
use crate::browser::lifecycle::Lifecycle;
use crate::browser::page::Page;
use crate::browser::parent::Parent;
use crate::browser::timer::Timer;
use crate::browser::wake_lock::WakeLock;
use crate::browser::{
    clipboard, clock, focus, launch, leave, lifecycle, page, picture, room, storage,
};
use crate::view::{CheckoutPage, Ui, taps};

/// Starts the checkout of the order that the page's address names, in place of what the HTML shows
/// until then.
pub fn start() {
    let page = Page::read();
    page.wear();
    let brand = page.config.brand.clone();
    let apps = page.config.apps.clone();
    page::mount(move || {
        let driver = Driver::start(page);
        let view = driver.view.read_only();
        // It lives as long as the page does.
        std::mem::forget(driver);
        view! { <CheckoutPage ui=Ui::new(view) brand apps /> }
    });
}

/// Owns the checkout and whatever it needs of the browser.
struct Driver {
    checkout: RefCell<Checkout>,
    setup: Setup,
    view: RwSignal<View>,
    http: Http,
    timer: Timer,
    wake_lock: WakeLock,
    parent: Parent,
    _lifecycle: Lifecycle,
    _gestures: Gestures,
}

impl Driver {
    /// A driver whose checkout has started.
    fn start(page: Page) -> Rc<Self> {
        let setup = Setup {
            saved: storage::load(&page.order_id),
            visible: lifecycle::is_visible(),
            online: lifecycle::is_online(),
            seed: page::random(),
            order_id: page.order_id,
            config: page.config,
            platform: page.platform,
            room: room::read(),
            can_share: picture::can_share(),
            framed: Parent::is_there(),
            href: page.href,
            referrer: page.referrer,
        };
        let checkout = Checkout::new(setup.clone());
        let driver = Rc::new_cyclic(|driver: &std::rc::Weak<Self>| {
            let tell = {
                let driver = driver.clone();
                move |event| {
                    if let Some(driver) = driver.upgrade() {
                        driver.handle(event);
                    }
                }
            };
            Self {
                view: RwSignal::new(checkout.view(clock::now_ms())),
                checkout: RefCell::new(checkout),
                setup,
                http: Http::default(),
                timer: Timer::new({
                    let tell = tell.clone();
                    move || tell(Event::Woke)
                }),
                wake_lock: WakeLock::default(),
                parent: Parent::default(),
                _lifecycle: Lifecycle::watch(tell.clone()),
                _gestures: Gestures::watch(taps::event, tell),
            }
        });
        driver.handle(Event::Started {
            inline: page.order_info,
        });
        if driver.setup.framed {
            let answered = driver.clone();
            let origins = &driver.setup.config.parent_origins;
            driver
                .parent
                .greet(origins, move || answered.handle(Event::ParentAnswered));
        }
        driver
    }

    /// Takes one event: core first, then what is seen, then what is done.
    fn handle(self: &Rc<Self>, event: Event) {
        let now_ms = clock::now_ms();
        let (effects, view) = {
            let mut checkout = self.checkout.borrow_mut();
            let effects = checkout.handle(now_ms, event);
            (effects, checkout.view(now_ms))
        };
        self.show(view);
        for effect in effects {
            self.run(now_ms, effect);
        }
    }

    /// Sets the view where it has changed.
    fn show(&self, view: View) {
        let before = self
            .view
            .with_untracked(|shown| (*shown != view).then_some(shown.screen));
        let Some(before) = before else { return };
        if before != view.screen {
            page::set_title(&view.headline);
        }
        // The way from loading to paying is nothing to announce: it is what was expected.
        let expected = (before, view.screen) == (Screen::Loading, Screen::Pay);
        focus::keep_through_change(before != view.screen && !expected);
        self.view.set(view);
    }

    /// Runs one effect. No `_` arm: a new effect must not compile until it has a runner.
    fn run(self: &Rc<Self>, now_ms: u64, effect: Effect) {
        match effect {
            Effect::Send { id, call } => {
                let driver = self.clone();
                let request = Request {
                    url: self.setup.config.url(call.kind()),
                    body: call.body(&self.setup.order_id),
                    outlives_page: matches!(call, checkout_core::wire::Call::Event { .. }),
                };
                self.http.send(id, request, move |reply| {
                    driver.handle(Event::Answered { id, reply });
                });
            }
            Effect::Abort(id) => self.http.abort(id),
            Effect::Wake(at_ms) => self.timer.set(now_ms, at_ms),
            Effect::Launch(link) => launch::open(&link),
            Effect::Copy(text) => clipboard::copy(text, self.told(Event::Copied)),
            Effect::SaveQr(code) => picture::save(code, self.told(Event::QrSaved)),
            Effect::ShareQr(code) => picture::share(code, self.told(Event::QrSaved)),
            Effect::StayAwake(awake) => self.wake_lock.set(awake),
            Effect::TellParent(message) => self.parent.tell(&message),
            Effect::Save(text) => storage::save(&self.setup.order_id, &text),
            Effect::Go(url) => leave::go(&url),
        }
    }

    /// Takes later whether something worked.
    fn told(self: &Rc<Self>, event: fn(bool) -> Event) -> impl FnOnce(bool) + 'static {
        let driver = self.clone();
        move |worked| driver.handle(event(worked))
    }
}
