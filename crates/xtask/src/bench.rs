//! `cargo xtask bench`: the benchmarks. Each tells ratios that were measured in one run, because
//! numbers of two machines, or of two moments, say nothing about each other.

use crate::problem::Result;
use crate::tools::{Need, Tools};
use crate::{command, progress};

/// The gateway's result call against a bare handler, on both databases.
pub(crate) fn gateway() -> Result<()> {
    let tools = Tools::ready(&[Need::Postgres])?;
    progress::doing("measuring result calls; it takes minutes");
    command::run(
        tools
            .cargo()?
            .args(["bench", "--package", "gateway", "--bench", "result_calls"]),
    )
}
