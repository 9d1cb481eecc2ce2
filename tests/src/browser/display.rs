//! A screen that nobody sees, for browsers that must have one: Xvfb.

use crate::{Failure, Result};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Mutex;

/// How long it may take to start, or to end.
const MAX: Duration = Duration::from_secs(20);

/// Larger than any window.
const SCREEN: [&str; 3] = ["-screen", "0", "1400x1100x24"];

/// One display. It ends with the last program on it, and with the value at the latest.
pub(super) struct Display {
    name: String,
    process: Mutex<Child>,
}

impl Display {
    /// Starts one under a number that it chooses.
    pub(super) async fn start() -> Result<Self> {
        let mut process = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-terminate"])
            .args(SCREEN)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|why| Failure::new(format!("Xvfb does not start: {why}")))?;
        let output = process
            .stdout
            .take()
            .ok_or_else(|| Failure::new("Xvfb has no output"))?;
        let mut output = BufReader::new(output).lines();
        let number = tokio::time::timeout(MAX, output.next_line()).await??;
        let number = number.ok_or_else(|| Failure::new("Xvfb ended before it had a number"))?;
        Ok(Self {
            name: format!(":{number}"),
            process: Mutex::new(process),
        })
    }

    /// What programs find in `DISPLAY`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Waits until it has ended by itself, so that it takes its files with it. One that does not end is
    /// killed, and its browser with it.
    pub(super) async fn ends(&self) {
        let mut process = self.process.lock().await;
        let ended = tokio::time::timeout(MAX, process.wait()).await;
        if ended.is_err() {
            let _ended = process.start_kill();
        }
    }
}
