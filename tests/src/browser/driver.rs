//! The process that drives one browser: each engine's own WebDriver.

use super::apps::Apps;
use super::device::Engine;
use super::display::Display;
use crate::wait::until;
use crate::{Failure, Result};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::process::{Child, Command};

/// How long it may take to start.
const START_MAX: Duration = Duration::from_secs(30);

/// How Chromium's driver says that it has chosen a port that it cannot have.
const PORT_TAKEN: &str = "IPv4 port not available";

/// How often a driver may be started until one has its port.
const STARTS_MAX: u32 = 5;

/// How Firefox begins a line about an error in a page that nobody caught.
const FIREFOX_ERROR: &str = "JavaScript error: http";

/// A driver of its own for each browser.
pub(super) struct Driver {
    port: u16,
    // They go with the value, the browser's display last.
    process: Mutex<Child>,
    errors: Arc<Mutex<Vec<String>>>,
    display: Option<Display>,
}

impl Driver {
    /// Starts one on a port that it chooses, for a browser with these apps. Chromium's chooses among the
    /// free ones of IPv6, and ends where IPv4's of that number is somebody else's: then another one is
    /// started, which chooses anew.
    pub(super) async fn start(engine: Engine, apps: &Apps) -> Result<Self> {
        for _ in 1..STARTS_MAX {
            match Self::start_once(engine, apps).await {
                Err(why) if why.to_string().contains(PORT_TAKEN) => (),
                started => return started,
            }
        }
        Self::start_once(engine, apps).await
    }

    async fn start_once(engine: Engine, apps: &Apps) -> Result<Self> {
        let mut command = match engine {
            Engine::Chromium => Command::new("chromedriver"),
            Engine::Firefox => Command::new("geckodriver"),
            Engine::Webkit => Command::new("WebKitWebDriver"),
        };
        // WebKit has no mode without a window.
        let display = match engine {
            Engine::Webkit => Some(Display::start().await?),
            Engine::Chromium | Engine::Firefox => None,
        };
        if let Some(display) = &display {
            command.env("DISPLAY", display.name());
        }
        let mut process = command
            .arg("--port=0")
            .env("PATH", apps.path()?)
            // Or it would leave the browser's profile behind.
            .env("TMPDIR", apps.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|why| {
                Failure::new(format!("the driver of {engine:?} does not start: {why}"))
            })?;
        let (Some(output), Some(log)) = (process.stdout.take(), process.stderr.take()) else {
            return Err(Failure::new("the driver has no output"));
        };
        let mut output = BufReader::new(output).lines();
        let port = match engine {
            Engine::Chromium => port_after("successfully on port ", &mut output).await?,
            Engine::Firefox => port_after("Listening on 127.0.0.1:", &mut output).await?,
            Engine::Webkit => listening_port(process.id().unwrap_or_default()).await?,
        };
        // What it and its browser print must have a reader as long as they live.
        let errors = Arc::<Mutex<Vec<String>>>::default();
        tokio::spawn(read_all(output, Arc::clone(&errors)));
        tokio::spawn(read_all(BufReader::new(log).lines(), Arc::clone(&errors)));
        Ok(Self {
            port,
            process: Mutex::new(process),
            errors,
            display,
        })
    }

    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Takes the errors that the browser has printed since the last time; only Firefox prints any.
    pub(super) fn printed_errors(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.errors))
    }

    /// Ends it, after its browser.
    pub(super) async fn stop(&self) {
        if let Some(display) = &self.display {
            display.ends().await;
        }
        // It may have ended by itself.
        let _ended = lock(&self.process).start_kill();
    }
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads on until it says where it listens.
async fn port_after(words: &str, output: &mut Lines<impl AsyncBufReadExt + Unpin>) -> Result<u16> {
    let reading = async {
        let mut said = String::new();
        while let Some(line) = output.next_line().await? {
            if let Some((_, port)) = line.split_once(words) {
                return Ok(port.trim_end_matches('.').parse()?);
            }
            said.push_str(&line);
        }
        let words = format!("the driver ended before it listened: {said}");
        Err(Failure::new(words))
    };
    tokio::time::timeout(START_MAX, reading).await?
}

/// The port on which a process listens that does not say it: WebKit's driver takes any free one, but
/// keeps it to itself. A port chosen for it could be somebody else's by then.
async fn listening_port(process: u32) -> Result<u16> {
    let process = Path::new("/proc").join(process.to_string());
    until(START_MAX, "the driver to listen", async || {
        let sockets: Vec<String> = fs::read_dir(process.join("fd"))?
            .filter_map(|file| fs::read_link(file.ok()?.path()).ok())
            .filter_map(|target| {
                let name = target.to_str()?.strip_prefix("socket:[")?;
                Some(name.trim_end_matches(']').to_owned())
            })
            .collect();
        let table = fs::read_to_string(process.join("net/tcp"))?;
        let port = table
            .lines()
            .find_map(|line| port_of_listener(line, &sockets));
        Ok(port.ok_or_else(|| "no port".to_owned()))
    })
    .await
}

/// Reads one line of `/proc/…/net/tcp`.
fn port_of_listener(line: &str, sockets: &[String]) -> Option<u16> {
    const LISTENS: &str = "0A";
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (address, state, socket) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
    let is_it = *state == LISTENS && sockets.iter().any(|own| own == socket);
    let (_, port) = address.split_once(':').filter(|_| is_it)?;
    u16::from_str_radix(port, 16).ok()
}

async fn read_all(
    mut lines: Lines<BufReader<impl AsyncRead + Unpin>>,
    errors: Arc<Mutex<Vec<String>>>,
) {
    while let Ok(Some(line)) = lines.next_line().await {
        if line.starts_with(FIREFOX_ERROR) {
            lock(&errors).push(line);
        }
    }
}
