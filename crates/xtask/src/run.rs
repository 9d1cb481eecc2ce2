//! `cargo xtask run`: a gateway to play with, and a shop to play in.

use crate::problem::{Problem, Result, While};
use crate::tools::{FOR_PAGE, Tools};
use crate::{build, progress, project};
use std::fs;
use std::net::TcpListener;
use std::process::Command;

/// Where the gateway listens unless told otherwise.
pub(crate) const DEFAULT_ADDRESS: &str = "127.0.0.1:8080";

const DATABASE: &str = "data/sandbox.db";

/// Builds, and becomes the gateway in sandbox mode.
pub(crate) fn run(address: &str) -> Result<()> {
    // Before the build and not after it: nobody should wait for minutes to learn this.
    check_free(address)?;
    let tools = Tools::ready(FOR_PAGE)?;
    build::page(&tools)?;
    build::gateway(&tools)?;
    check_free(address)?;
    fs::create_dir_all(project::root().join("data")).while_doing("create data/")?;

    progress::doing(&format!("the demo shop: http://{address}/demo"));
    progress::note(&format!("orders are kept in {DATABASE}; Ctrl-C stops"));
    let mut gateway = Command::new(project::gateway());
    gateway
        .current_dir(project::root())
        .args(["serve", "--sandbox", "--listen", address])
        .args(["--database", &format!("sqlite:{DATABASE}")]);
    become_it(&mut gateway)
}

fn check_free(address: &str) -> Result<()> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(why) => Err(Problem::new(format!(
            "cannot listen on {address} ({why}): stop what listens there, or choose another place \
             with `cargo xtask run --listen 127.0.0.1:8088`"
        ))),
    }
}

/// The gateway takes this process's place, so Ctrl-C is its own to handle, and the shell's prompt
/// comes back when it has shut down and not before.
#[cfg(unix)]
fn become_it(gateway: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(gateway.exec()).while_doing("start the gateway")
}

#[cfg(not(unix))]
fn become_it(gateway: &mut Command) -> Result<()> {
    crate::command::run(gateway)
}
