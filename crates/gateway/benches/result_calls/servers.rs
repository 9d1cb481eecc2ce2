//! The servers: each in a process of its own with one thread, all on one core.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::bare;

/// A server. It is killed when the value goes.
pub(crate) struct Server {
    process: Child,
    address: String,
    /// What it prints must have a reader as long as it lives.
    _output: BufReader<ChildStdout>,
}

/// What the servers of one kind did in one round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    /// How many calls it answered.
    pub(crate) calls: u64,
    /// How long that took.
    pub(crate) took: Duration,
    /// How long it had a processor meanwhile.
    pub(crate) worked: Duration,
}

impl Server {
    pub(crate) fn gateway(database: &str) -> Result<Self, Box<dyn Error>> {
        let listen = ["serve", "--listen", "127.0.0.1:0", "--database", database];
        Self::start(Path::new(env!("CARGO_BIN_EXE_gateway")), &listen)
    }

    pub(crate) fn bare(body: &str) -> Result<Self, Box<dyn Error>> {
        Self::start(&std::env::current_exe()?, &[bare::WORD, body])
    }

    fn start(program: &Path, arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        // Where there is `taskset`, the client keeps the other cores to itself.
        let has_cores = Command::new("taskset").arg("--version").output().is_ok();
        let mut command = if has_cores {
            let mut pinned = Command::new("taskset");
            pinned.args(["--cpu-list", "0"]).arg(program);
            pinned
        } else {
            Command::new(program)
        };
        let mut process = command
            .args(arguments)
            .env("TOKIO_WORKER_THREADS", "1")
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut output = BufReader::new(process.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on http://");
        Ok(Self {
            address: address.ok_or("a server did not start")?.to_owned(),
            process,
            _output: output,
        })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// How long it has had a processor since it began: in nanoseconds, and of all its threads.
    fn worked(&self) -> Result<Duration, Box<dyn Error>> {
        let tasks = format!("/proc/{}/task", self.process.id());
        let mut sum = Duration::ZERO;
        for task in std::fs::read_dir(tasks)? {
            let told = std::fs::read_to_string(task?.path().join("schedstat"))?;
            let nanos = told.split(' ').next().unwrap_or_default().parse()?;
            sum += Duration::from_nanos(nanos);
        }
        Ok(sum)
    }
}

/// Measures a round of some servers. `run` says how many calls they answered.
pub(crate) fn measure(
    servers: &[Server],
    run: impl FnOnce() -> Result<u64, Box<dyn Error>>,
) -> Result<Done, Box<dyn Error>> {
    let worked = || servers.iter().map(Server::worked).sum::<Result<_, _>>();
    let (began, before): (_, Duration) = (Instant::now(), worked()?);
    let calls = run()?;
    Ok(Done {
        calls,
        took: began.elapsed(),
        worked: worked()?.saturating_sub(before),
    })
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
