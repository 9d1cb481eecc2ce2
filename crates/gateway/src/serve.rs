//! `gateway serve`: from the configuration to the last answer before the end.

use std::error::Error;
use std::io::{IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::app::App;
use crate::assets::Embedded;
use crate::clock::SystemClock;
use crate::config::{self, Config, Flags, LogFormat};
use crate::store::Store;
use crate::{expiry, http, sandbox, server};

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
    let store = Store::open(&config.database).await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let app = Arc::new(build(&config, store, listener.local_addr()?));
    announce(&app, &config);

    let (stop, stopped) = watch::channel(false);
    let sweeper = tokio::spawn(expiry::run(app.clone(), stopped.clone()));
    let server = server::run(listener, http::app(app.clone()), stopped.clone());
    let server = tokio::spawn(server);

    wait_for_signal().await?;
    tracing::info!("stopping");
    stop.send_replace(true);
    sweeper.await?;
    match tokio::time::timeout(DRAIN_MAX, server).await {
        Ok(ended) => ended?,
        Err(_) => tracing::warn!("some requests did not end in time"),
    }
    app.store.close().await;
    Ok(())
}

fn build(config: &Config, store: Store, bound: SocketAddr) -> App {
    let public_url = config.public_url.clone().unwrap_or_else(|| {
        let mut reachable = bound;
        if bound.ip().is_unspecified() {
            reachable.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        format!("http://{reachable}")
    });
    let merchants = match &config.sandbox_key {
        Some(key) => sandbox::merchants(key),
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
fn announce(app: &App, config: &Config) {
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

async fn wait_for_signal() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
