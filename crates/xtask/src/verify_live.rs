//! `cargo xtask verify-live URL`: is what runs there what was built here?

use crate::problem::Result;
use crate::tools::{FOR_PAGE, Tools};
use crate::{build, command, progress, project};
use std::process::Command;

/// Builds, and has the gateway's program compare: it speaks HTTPS, and has the build within it.
pub(crate) fn verify_live(url: &str) -> Result<()> {
    let tools = Tools::ready(FOR_PAGE)?;
    build::page(&tools)?;
    build::gateway(&tools)?;
    progress::doing(&format!("comparing {url} with this build"));
    command::run(Command::new(project::gateway()).args(["verify-live", url]))
}
