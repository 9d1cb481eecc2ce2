//! `cargo xtask fuzz`: core's readers against whatever a fuzzer thinks of, a minute for each.
//!
//! It is no step of the tests: a fuzzer that finds something today may not have found it yesterday,
//! and a change must not be held up by what it did not change. What a fuzzer finds becomes a test.

use crate::problem::{Problem, Result};
use crate::tally::Tally;
use crate::tools::{Need, Tools};
use crate::{command, progress, project};
use std::process::ExitCode;

/// One for each reader of foreign bytes: the targets of fuzz/Cargo.toml.
const TARGETS: [&str; 5] = ["link", "intent", "utr", "money", "envelope"];
/// How long each runs, unless the command line says otherwise.
pub(crate) const SECONDS: &str = "60";

/// Runs each target for so many seconds. What it learns stays in fuzz/corpus for the next time.
pub(crate) fn fuzz(seconds: &str) -> Result<ExitCode> {
    if seconds.parse::<u32>().is_err() {
        return Err(Problem::new(format!(
            "`{seconds}` is no number of seconds: try `cargo xtask fuzz 60`"
        )));
    }
    let tools = Tools::ready(&[Need::CargoFuzz])?;
    let mut sum = Tally::default();
    for target in TARGETS {
        progress::doing(&format!("fuzzing {target} for {seconds} s"));
        let ran = run(&tools, target, seconds);
        sum.add(target, Tally::of_check(ran));
    }
    for failure in sum.failures() {
        println!("  {failure}");
    }
    println!("\n{}", sum.line());
    Ok(if sum.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run(tools: &Tools, target: &str, seconds: &str) -> Result<()> {
    let mut cargo = tools.cargo()?;
    cargo
        // No sanitizer: core has no unsafe code, and the crate's checks need none.
        .args(["fuzz", "run", "--sanitizer", "none", target])
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        // Longer than any link that is read.
        .args(["-max_len=5000", "-print_final_stats=1"])
        .env("CARGO_TARGET_DIR", project::target().join("fuzz"))
        // Coverage is unstable, so the pinned compiler is told to take it.
        .env("RUSTC_BOOTSTRAP", "1");
    command::run(&mut cargo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_run() {
        let manifest = project::read("fuzz/Cargo.toml").unwrap();
        let names: Vec<&str> = manifest
            .lines()
            .skip_while(|line| *line != "[[bin]]")
            .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
            .collect();
        assert_eq!(names, TARGETS);
    }
}
