//! What these stories play in: a shop, a checkout, strangers, each on an origin of its own.

use end_to_end::back_end::StaticHeaders;
use end_to_end::browser::{Browser, Device, Window};
use end_to_end::gateway::Gateway;
use end_to_end::merchant::Merchant;
use end_to_end::site::{Served, Site};
use end_to_end::wait::{self, until};
use end_to_end::{Failure, Result, Scene, place};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The checkout, and a stranger whose origin begins with the checkout's: `…:4711` and `…:47110`.
pub(super) struct Pay {
    pub(super) pay: Site,
    pub(super) lookalike: Site,
}

/// What a story plays in: a shop's page in a browser, and whoever serves the checkout.
pub(super) struct World<P = Pay> {
    pub(super) pay: P,
    pub(super) shop: Site,
    pub(super) browser: Arc<Browser>,
    pub(super) window: Window,
}

/// The real gateway, and the merchant whose shop it is.
pub(super) struct Till {
    // It lives as long as the story.
    _gateway: Gateway,
    pub(super) merchant: Merchant,
}

pub(super) const PAY: &str = "pay.localhost";
pub(super) const SHOP: &str = "localhost";

async fn pay(shop: &str) -> Result<Pay> {
    // Below the ports that systems give away, or ten times the number would be none.
    for port in (2_011..6_500).step_by(7) {
        let Ok(pay) = Site::start(Some(port)).await else {
            continue;
        };
        if let Ok(lookalike) = Site::start(Some(port * 10)).await {
            pay.serves(pay_pages(shop));
            lookalike.serves(pay_pages(shop));
            return Ok(Pay { pay, lookalike });
        }
    }
    Err(Failure::new("no two ports are free"))
}

fn pay_pages(shop: &str) -> BTreeMap<String, Served> {
    let loader = |name: &str| {
        let file = place::embed().and_then(|folder| Ok(std::fs::read(folder.join(name))?));
        Served::script(file.unwrap_or_default()).with("Access-Control-Allow-Origin", "*")
    };
    let checkout = format!(
        r#"<!doctype html><html data-shop="{shop}"><link rel="icon" href="data:,">
        <button id="open">Open the app</button><script src="/checkout.js"></script>"#
    );
    let stranger =
        r#"<!doctype html><link rel="icon" href="data:,"><script src="/stranger.js"></script>"#;
    BTreeMap::from([
        (
            "/embed/upi-checkout.js".to_owned(),
            loader("upi-checkout.js"),
        ),
        (
            "/embed/upi-checkout.mjs".to_owned(),
            loader("upi-checkout.mjs"),
        ),
        ("/pay/*".to_owned(), Served::page(checkout)),
        ("/stranger".to_owned(), Served::page(stranger)),
        (
            "/checkout.js".to_owned(),
            Served::script(include_str!("../../pages/embed/checkout.js")),
        ),
        (
            "/stranger.js".to_owned(),
            Served::script(include_str!("../../pages/embed/stranger.js")),
        ),
    ])
}

/// The shop's pages: each under the strictest policy that still lets the checkout in, but for the
/// one that shuts it out.
fn shop_pages(pay: &str) -> BTreeMap<String, Served> {
    let classic = format!(r#"<script src="{pay}/embed/upi-checkout.js"></script>"#);
    let module = format!(r#"<script type="module" src="{pay}/embed/upi-checkout.mjs"></script>"#);
    let page = |scripts: &str, body: &str, frames: &str| {
        let policy = format!(
            "default-src 'none'; script-src 'self' {pay}; frame-src {frames}; img-src data:; \
             base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
             trusted-types 'none'"
        );
        Served::page(format!(
            r#"<!doctype html><title>Shop</title><link rel="icon" href="data:,">
            <button id="pay">Pay</button><div id="place"></div>{body}{scripts}
            <script src="/shop.js"></script>"#
        ))
        .with("Content-Security-Policy", &policy)
    };
    let element = r#"<upi-checkout order="o1"></upi-checkout>"#;
    BTreeMap::from([
        ("/".to_owned(), page(&classic, "", pay)),
        (
            "/twice".to_owned(),
            page(&format!("{classic}{classic}{module}"), element, pay),
        ),
        ("/shut".to_owned(), page(&classic, "", "'none'")),
        (
            "/report".to_owned(),
            page(&classic, "", pay).with("Content-Security-Policy-Report-Only", "frame-src 'none'"),
        ),
        ("/crowd".to_owned(), page(&classic, "", "http:")),
        ("/thanks".to_owned(), Served::page("<title>Thanks</title>")),
        (
            "/shop.js".to_owned(),
            Served::script(include_str!("../../pages/embed/shop.js")),
        ),
    ])
}

/// The real checkout instead of the scripted one: its files, and an order in the page.
fn real_pages(shop: &str) -> Result<BTreeMap<String, Served>> {
    let dist = place::dist()?;
    let config = json!({ "parentOrigins": [shop] });
    let order = json!({
        "time": 1_800_000_000_000_u64, "status": "0", "message": "",
        "model": {
            "id": "o1", "status": "PENDING", "amount": "499.00", "upiId": "shop@bank",
            "cardInfo": {"name": "The Shop"},
            "deeplink": "upi://pay?pa=shop@bank&pn=The%20Shop&am=499.00&cu=INR&tr=o1",
        },
    });
    let data = format!(
        r#"<script type="application/json" id="checkout-config">{config}</script>
        <script type="application/json" id="order-info">{order}</script></head>"#
    );
    let html = std::fs::read_to_string(dist.join("index.html"))?.replace("</head>", &data);
    let framed = format!("frame-ancestors {shop}");
    let headers = StaticHeaders::read(&dist)?;
    let policy = headers
        .of_page("Content-Security-Policy")
        .unwrap_or_default();
    let policy = policy.replace("frame-ancestors 'none'", &framed);
    let page = Served::page(html).with("Content-Security-Policy", &policy);
    let mut pages = BTreeMap::from([("/pay/*".to_owned(), page)]);
    for file in std::fs::read_dir(&dist)? {
        let path = file?.path();
        let kind = match path.extension().and_then(|it| it.to_str()) {
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("wasm") => "application/wasm",
            _ => continue,
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        pages.insert(format!("/{name}"), Served::of(kind, std::fs::read(&path)?));
    }
    Ok(pages)
}

impl World {
    /// A shop's page in a browser, with the real checkout.
    pub(super) async fn of_real_checkout(scene: &Scene, device: Device) -> Result<Self> {
        let world = Self::on(scene, device, "/").await?;
        let shop = world.shop.origin(SHOP);
        let mut pages = pay_pages(&shop);
        pages.extend(real_pages(&shop)?);
        world.pay.pay.serves(pages);
        Ok(world)
    }

    /// A shop's page on a desktop.
    pub(super) async fn at(scene: &Scene, path: &str) -> Result<Self> {
        Self::on(scene, Device::Desktop, path).await
    }

    /// A shop's page in a browser.
    pub(super) async fn on(scene: &Scene, device: Device, path: &str) -> Result<Self> {
        // The checkout must know the shop's origin, and the shop the checkout's.
        let shop = Site::start(None).await?;
        let shop_origin = shop.origin(SHOP);
        let pay = pay(&shop_origin).await?;
        shop.serves(shop_pages(&pay.pay.origin(PAY)));
        scene.trusts(&shop_origin).await;
        Self::opened(scene, device, pay, shop, path).await
    }
}

impl World<Till> {
    /// A shop's page in a browser, and the real gateway at an origin of its own.
    pub(super) async fn with_gateway(scene: &Scene, device: Device) -> Result<Self> {
        let shop = Site::start(None).await?;
        let gateway = scene.gateway_for(&shop.origin(SHOP)).await?;
        shop.serves(shop_pages(&gateway.address()));
        let merchant = gateway.merchant()?;
        let till = Till {
            _gateway: gateway,
            merchant,
        };
        Self::opened(scene, device, till, shop, "/").await
    }
}

impl<P> World<P> {
    async fn opened(scene: &Scene, device: Device, pay: P, shop: Site, path: &str) -> Result<Self> {
        let browser = scene.browser(device).await?;
        let window = browser.first_window().await?;
        let page = format!("{}{path}", shop.origin(SHOP));
        window.goes_to(&page).await?;
        Ok(Self {
            pay,
            shop,
            browser,
            window,
        })
    }

    pub(super) async fn runs(&self, script: &str) -> Result<Value> {
        self.window.runs(script).await
    }

    /// Waits until a script returns this.
    pub(super) async fn comes_to(&self, script: &str, expected: Value) -> Result {
        until(wait::SOON, script, async || {
            // While a page gives way to the next one there is nobody to ask.
            Ok(match self.runs(script).await {
                Ok(seen) if seen == expected => Ok(()),
                Ok(seen) => Err(seen.to_string()),
                Err(why) => Err(why.to_string()),
            })
        })
        .await
    }

    /// The shop's button opens this from now on.
    pub(super) async fn offers(&self, options: &Value) -> Result {
        let offer = format!("window.next = {options}");
        self.runs(&offer).await.map(|_| ())
    }

    /// Taps the shop's button with these options, and waits until the checkout answers.
    pub(super) async fn opens(&self, options: Value) -> Result {
        let order = options["order"].clone();
        self.offers(&options).await?;
        self.window.taps_on("#pay").await?;
        self.is_told(&order, "ready", Value::Null).await
    }

    /// Waits until the shop was told this.
    pub(super) async fn is_told(&self, order: &Value, kind: &str, value: Value) -> Result {
        let told = json!([order, kind, value]).to_string();
        let script = format!("return told.some((it) => JSON.stringify(it) === {told:?})");
        self.comes_to(&script, json!(true)).await
    }

    /// Waits until an order's checkout is over like that.
    pub(super) async fn ends(&self, order: &str, outcome: &str) -> Result {
        let script = format!("return results[{order:?}] ?? null");
        self.comes_to(&script, json!(outcome)).await?;
        self.is_told(&json!(order), "close", json!(outcome)).await
    }

    /// The checkout in the first frame says something.
    pub(super) async fn says(&self, kind: &str, value: &str) -> Result {
        let script = format!("say({kind:?}, {value:?})");
        self.window.runs_in_frame(0, &script).await.map(|_| ())
    }

    /// The checkout in the first frame wants to be closed. Not by a script in that frame, which would
    /// go with it before it has returned.
    pub(super) async fn says_close(&self) -> Result {
        let script = "document.querySelector('iframe').contentWindow
            .postMessage({ say: 'close' }, '*')";
        self.runs(script).await.map(|_| ())
    }

    /// Waits until all that was said so far has been heard: a port keeps the order.
    pub(super) async fn has_heard(&self, order: &str, mark: &str) -> Result {
        self.says("state", mark).await?;
        self.is_told(&json!(order), "state", json!(mark)).await
    }

    pub(super) async fn has_broken_no_rule(&self) -> Result {
        assert_eq!(self.runs("return violations").await?, json!([]));
        Ok(())
    }
}

pub(super) const FRAMES: &str = "return document.querySelectorAll('iframe, dialog').length";
pub(super) const FOCUS: &str = "return document.activeElement.id || document.activeElement.tagName";
