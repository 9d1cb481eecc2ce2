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
    let played = match (&config.sandbox_key, &config.sandbox_phonepe) {
        (None, _) => None,
        (Some(_), Some(elsewhere)) => Some(elsewhere.clone()),
        (Some(_), None) => Some(play_phonepe(config.listen.ip(), stopped.clone()).await?),
    };
    let shop = match &config.sandbox_key {
        None => None,
        Some(_) => Some(TcpListener::bind(SocketAddr::new(config.listen.ip(), 0)).await?),
    };
    let shop_url = match &shop {
        None => None,
        Some(shop) => Some(reachable(shop.local_addr()?)),
    };
    let places = Places {
        bound: listener.local_addr()?,
        phonepe: played,
        shop: shop_url,
    };
    let app = Arc::new(build(&config, store, &places));
    if let (Some(shop), Some(key), Some(url)) = (shop, &config.sandbox_key, &places.shop) {
        let site = Shop::new(url.clone(), app.public_url.clone(), key.clone());
        // As PhonePe's: it ends with the process.
        tokio::spawn(axum::serve(shop, site.router()).into_future());
    }
    announce(&app, &config, &places);

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

/// Opens a port on which PhonePe is played; its address.
async fn play_phonepe(
    ip: IpAddr,
    stopped: watch::Receiver<bool>,
) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind(SocketAddr::new(ip, 0)).await?;
    let url = reachable(listener.local_addr()?);
    let played = Arc::new(Played::new(&url, sandbox::PAYEE, Arc::new(SystemClock)));
    tokio::spawn(played.clone().run(stopped));
    // It ends with the process: nothing of it must outlive that.
    tokio::spawn(axum::serve(listener, played.router()).into_future());
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

/// Where things are.
struct Places {
    /// The gateway itself.
    bound: SocketAddr,
    /// The PhonePe that is played.
    phonepe: Option<String>,
    /// The merchant's own site.
    shop: Option<String>,
}

fn build(config: &Config, store: Store, places: &Places) -> App {
    let public_url = config.public_url.clone();
    let public_url = public_url.unwrap_or_else(|| reachable(places.bound));
    let merchants = match &config.sandbox_key {
        Some(key) => sandbox::merchants(
            key,
            places.phonepe.as_deref().map(sandbox::phonepe::account_at),
            config.sandbox_webhook.clone(),
            places.shop.iter().cloned().collect(),
        ),
        None => config.merchants.clone(),
    };
    App {
        is_sandbox: config.sandbox_key.is_some(),
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
fn announce(app: &App, config: &Config, places: &Places) {
    let url = &app.public_url;
    let mut lines = format!("listening on {url}\n");
    if let Some(key) = &config.sandbox_key {
        lines.push_str(&format!(
            "sandbox: no real money\n  demo shop  {url}/demo\n  demo bank  {url}/demo/bank\n  \
             API key    {}\n",
            key.expose()
        ));
    } else if app.merchants.is_empty() {
        lines.push_str("no merchant is configured: nobody can make an order\n");
    }
    if let Some(shop) = &places.shop {
        lines.push_str(&format!("  merchant   {shop}/\n"));
    }
    if let Some(played) = &places.phonepe {
        lines.push_str(&format!("  PhonePe    {played}/phone\n"));
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
