//! The real gateway: a process with a SQLite file of its own, in sandbox mode unless a shop embeds it.

use crate::merchant::Merchant;
use crate::wait::{self, until};
use crate::{Failure, Result, place};
use std::fs::{self, OpenOptions};
use std::path::PathBuf;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// The merchant's API key.
const KEY: &str = "uck_end_to_end";

/// Its SHA-256, as the gateway's configuration has it.
const KEY_HASH: &str = "31cab7c3a1564c0deadc0b3a3bca3c549ec432b9a70bc26e566602192788f2bc";

/// A gateway. It is killed when the value goes.
pub struct Gateway {
    folder: TempDir,
    running: Option<Running>,
    mode: Mode,
    listen: String,
    phonepe_app: String,
    merchant_site: String,
}

/// Whom it serves.
enum Mode {
    /// The demo merchant, whom nobody may embed.
    Sandbox,
    /// The merchants in its configuration.
    Configured,
}

struct Running {
    process: Child,
    // What it prints must have a reader as long as it lives.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Gateway {
    /// Starts one in its sandbox with an empty database, on a free port.
    ///
    /// # Errors
    /// Where it is not built or does not start.
    pub async fn start() -> Result<Self> {
        Self::start_as(Mode::Sandbox, "").await
    }

    /// Starts one for a merchant whose shop, at this origin, may embed the checkout.
    ///
    /// # Errors
    /// Where it is not built or does not start.
    pub async fn start_for(shop: &str) -> Result<Self> {
        let merchant = format!(
            "[[merchants]]\nid = \"shop\"\nname = \"The Shop\"\nvpa = \"the.shop@bank\"\n\
             api_key_hashes = [\"{KEY_HASH}\"]\nparent_origins = [\"{shop}\"]\n"
        );
        Self::start_as(Mode::Configured, &merchant).await
    }

    async fn start_as(mode: Mode, configuration: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("gateway.toml"), configuration)?;
        let mut gateway = Self {
            folder,
            running: None,
            mode,
            listen: "127.0.0.1:0".into(),
            phonepe_app: String::new(),
            merchant_site: String::new(),
        };
        gateway.starts_again().await?;
        Ok(gateway)
    }

    /// Where it listens, such as `http://127.0.0.1:4711`.
    pub fn address(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// The customer's PhonePe, as far as it is played.
    pub fn phonepe_app(&self) -> &str {
        &self.phonepe_app
    }

    /// The demo merchant's own site, on another origin, without a slash at the end.
    pub fn merchant_site(&self) -> &str {
        self.merchant_site.trim_end_matches('/')
    }

    /// The shop behind it.
    ///
    /// # Errors
    /// Where no client can be made.
    pub fn merchant(&self) -> Result<Merchant> {
        Merchant::new(self.address(), KEY)
    }

    /// Ends it as a power cut would (SIGKILL), and waits until it is gone.
    ///
    /// # Errors
    /// Where it cannot be ended.
    pub async fn is_killed(&mut self) -> Result {
        if let Some(mut running) = self.running.take() {
            running.process.kill().await?;
        }
        Ok(())
    }

    /// Starts it on the same file and the same port.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn starts_again(&mut self) -> Result {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())?;
        let database = self.folder.path().join("checkout.db");
        let mut process = Command::new(place::gateway()?)
            .args(["serve", "--config", "gateway.toml"])
            .args(self.is_sandbox().then_some("--sandbox"))
            .args(["--listen", &self.listen])
            .args(["--database", &format!("sqlite:{}", database.display())])
            .env("UPI_CHECKOUT_SANDBOX_KEY", KEY)
            .env_remove("RUST_LOG")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let output = process
            .stdout
            .take()
            .ok_or_else(|| Failure::new("the gateway has no output"))?;
        let mut output = BufReader::new(output).lines();
        let first = tokio::time::timeout(wait::SOON, output.next_line()).await??;
        let address = first
            .as_deref()
            .and_then(|line| line.strip_prefix("listening on http://"))
            .ok_or_else(|| self.did_not_start())?;
        self.listen = address.to_owned();
        // The sandbox says more, and where its PhonePe is comes last.
        while self.is_sandbox()
            && let Some(line) = tokio::time::timeout(wait::SOON, output.next_line()).await??
        {
            if let Some(site) = line.trim().strip_prefix("merchant") {
                self.merchant_site = site.trim().to_owned();
            }
            if let Some(app) = line.trim().strip_prefix("PhonePe") {
                self.phonepe_app = app.trim().to_owned();
                break;
            }
        }
        self.running = Some(Running {
            process,
            _output: output,
        });
        self.is_ready().await
    }

    /// The last lines that it wrote about its troubles.
    pub fn last_words(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let from = lines.len().saturating_sub(20);
        lines.get(from..).unwrap_or_default().join("\n")
    }

    fn is_sandbox(&self) -> bool {
        matches!(self.mode, Mode::Sandbox)
    }

    async fn is_ready(&self) -> Result {
        let url = format!("{}/readyz", self.address());
        until(wait::SOON, "the gateway to be ready", async || {
            Ok(match reqwest::get(&url).await {
                Ok(answer) if answer.status().is_success() => Ok(()),
                Ok(answer) => Err(answer.status().to_string()),
                Err(why) => Err(why.to_string()),
            })
        })
        .await
    }

    fn did_not_start(&self) -> Failure {
        Failure::new(format!("the gateway did not start: {}", self.last_words()))
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("gateway.log")
    }
}
