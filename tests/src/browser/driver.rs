//! The process that drives one browser.

use super::apps::Apps;
use crate::{Failure, Result};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// How long it may take to start.
const START_MAX: Duration = Duration::from_secs(30);

/// A `chromedriver` of its own for each browser.
pub(super) struct Chromedriver {
    port: u16,
    // It goes with the value, and what it prints must have a reader as long as it lives.
    process: Mutex<Child>,
    _output: Lines<BufReader<ChildStdout>>,
}

impl Chromedriver {
    /// Starts one on a port that it chooses, for a browser with these apps.
    pub(super) async fn start(apps: &Apps) -> Result<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("PATH", apps.path()?)
            // Or it would leave the browser's profile behind.
            .env("TMPDIR", apps.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|why| Failure::new(format!("chromedriver does not start: {why}")))?;
        let output = process
            .stdout
            .take()
            .ok_or_else(|| Failure::new("chromedriver has no output"))?;
        let mut output = BufReader::new(output).lines();
        let port = tokio::time::timeout(START_MAX, port_in(&mut output)).await??;
        Ok(Self {
            port,
            process: Mutex::new(process),
            _output: output,
        })
    }

    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn stop(&self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have ended by itself.
        let _ended = process.start_kill();
    }
}

/// Reads on until it says where it listens.
async fn port_in(output: &mut Lines<BufReader<ChildStdout>>) -> Result<u16> {
    while let Some(line) = output.next_line().await? {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return Ok(port.trim_end_matches('.').parse()?);
        }
    }
    Err(Failure::new("chromedriver ended before it listened"))
}
