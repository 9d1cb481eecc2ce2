//! `gateway serve`: from the configuration to the last answer before the end.

use std::error::Error;
use std::io::{IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::app::App;
use crate::assets::Embedded;
use crate::clock::SystemClock;
use crate::config::{self, Config, Flags, LogFormat};
use crate::http::Gateway;
use crate::sandbox::merchant::Shop;
use crate::sandbox::phonepe::Played;
use crate::secret::Secret;
use crate::store::Store;
use crate::{expiry, rails, sandbox, server, webhook};

/// How long requests in hand may take after the signal to stop.
const DRAIN_MAX: Duration = Duration::from_secs(10);

/// Runs until Ctrl-C or SIGTERM.
///
/// # Errors
/// What keeps it from starting, in words for the person who starts it.
pub fn run(flags: &Flags) -> Result<(), Box<dyn Error>> {
    let config = config::load(flags, |name| std::env::var(name).ok())?;
    start_log(config.log);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve(config))
}

async fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    let signals = Signals::listen()?;
    let store = Store::open(&config.database).await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let (stop, stopped) = watch::channel(false);
    let public_url = match &config.public_url {
        Some(url) => url.clone(),
        None => reachable(listener.local_addr()?),
    };
    let sandbox = match &config.sandbox_key {
        Some(key) => Some(Sandbox::open(&config, key, &public_url, &stopped).await?),
        None => None,
    };
    let app = Arc::new(build(&config, store, public_url, sandbox.as_ref()));
    announce(&app, sandbox.as_ref());

    let sweeper = tokio::spawn(expiry::run(app.clone(), stopped.clone()));
    let webhooks = tokio::spawn(webhook::deliver::run(app.clone(), stopped.clone()));
    let rails = tokio::spawn(rails::work::run(app.clone(), stopped.clone()));
    let gateway = Arc::new(Gateway::new(app.clone()));
    let answer = move |request, peer| {
        let gateway = gateway.clone();
        async move { gateway.answer(request, Some(peer)).await }
    };
    let server = tokio::spawn(server::run(listener, answer, stopped.clone()));

    signals.first().await;
    tracing::info!("stopping");
    stop.send_replace(true);
    sweeper.await?;
    rails.await?;
    webhooks.await?;
    match tokio::time::timeout(DRAIN_MAX, server).await {
        Ok(ended) => ended?,
        Err(_) => tracing::warn!("some requests did not end in time"),
    }
    app.store.close().await;
    Ok(())
}

/// What the sandbox plays beside the gateway, each on a port of its own. It ends with the process:
/// nothing of it must outlive that.
struct Sandbox {
    key: Secret,
    /// Where PhonePe is.
    phonepe: String,
    /// Where the merchant's own site is.
    shop: String,
}

impl Sandbox {
    async fn open(
        config: &Config,
        key: &Secret,
        public_url: &str,
        stopped: &watch::Receiver<bool>,
    ) -> Result<Self, Box<dyn Error>> {
        let any_port = SocketAddr::new(config.listen.ip(), 0);
        let phonepe = match &config.sandbox_phonepe {
            Some(elsewhere) => elsewhere.clone(),
            None => play_phonepe(any_port, stopped.clone()).await?,
        };
        let shop = open_shop(any_port, public_url, key).await?;
        let key = key.clone();
        Ok(Self { key, phonepe, shop })
    }
}

/// Plays PhonePe; where.
async fn play_phonepe(
    any_port: SocketAddr,
    stopped: watch::Receiver<bool>,
) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind(any_port).await?;
    let url = reachable(listener.local_addr()?);
    let phonepe = Arc::new(Played::new(&url, sandbox::PAYEE, Arc::new(SystemClock)));
    tokio::spawn(phonepe.clone().run(stopped));
    tokio::spawn(axum::serve(listener, phonepe.router()).into_future());
    Ok(url)
}

/// Opens a merchant's own site, whose payments go through the gateway; where.
async fn open_shop(
    any_port: SocketAddr,
    gateway: &str,
    key: &Secret,
) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind(any_port).await?;
    let url = reachable(listener.local_addr()?);
    let shop = Shop::new(url.clone(), gateway.to_owned(), key.clone());
    tokio::spawn(axum::serve(listener, shop.router()).into_future());
    Ok(url)
}

/// Where a browser on this machine finds what was bound.
fn reachable(bound: SocketAddr) -> String {
    let mut reachable = bound;
    if bound.ip().is_unspecified() {
        reachable.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    format!("http://{reachable}")
}

fn build(config: &Config, store: Store, public_url: String, sandbox: Option<&Sandbox>) -> App {
    let merchants = match sandbox {
        Some(Sandbox { key, phonepe, shop }) => sandbox::merchants(
            key,
            Some(sandbox::phonepe::account_at(phonepe)),
            config.sandbox_webhook.clone(),
            vec![shop.clone()],
        ),
        None => config.merchants.clone(),
    };
    App {
        is_sandbox: sandbox.is_some(),
        page_origins: config.page_origins.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        ..App::new(
            store,
            merchants,
            public_url,
            Arc::new(SystemClock),
            Arc::new(Embedded),
        )
    }
}

/// Says where it is, on standard output: people read it, and scripts wait for the first line.
/// Nobody has to read it, so a closed pipe is no reason to stop.
fn announce(app: &App, sandbox: Option<&Sandbox>) {
    let url = &app.public_url;
    let mut lines = format!("listening on {url}\n");
    if let Some(Sandbox { key, phonepe, shop }) = sandbox {
        let key = key.expose();
        lines.push_str(&format!(
            "sandbox: no real money\n  demo shop  {url}/demo\n  demo bank  {url}/demo/bank\n  \
             API key    {key}\n  merchant   {shop}/\n  PhonePe    {phonepe}/phone\n"
        ));
    } else if app.merchants.is_empty() {
        lines.push_str("no merchant is configured: nobody can make an order\n");
    }
    let mut output = std::io::stdout().lock();
    let _ = output
        .write_all(lines.as_bytes())
        .and_then(|()| output.flush());
}

/// Logs go to standard error. `RUST_LOG` chooses more or less.
fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// The signals to stop, heard from when this is made: before anybody is told that the gateway is
/// there, or the first of them would end it in the middle of its work.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn first(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
