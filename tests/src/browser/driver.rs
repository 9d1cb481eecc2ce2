//! The process that drives one browser.

use crate::{Failure, Result};
use std::ffi::OsStr;
use std::process::Stdio;
use std::sync::Mutex;
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
    /// Starts one on a port that it chooses; `path` is where it and its browser look for programs.
    pub(super) async fn start(path: &OsStr) -> Result<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("PATH", path)
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

    pub(super) fn stop(&self) -> Result {
        let mut process = self
            .process
            .lock()
            .map_err(|_| Failure::new("chromedriver's place is poisoned"))?;
        Ok(process.start_kill()?)
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
