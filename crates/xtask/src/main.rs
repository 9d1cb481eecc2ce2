//! Everything that a person runs: `cargo xtask run | test | build | size`.
//!
//! Each command installs what it needs and lacks, says what it is doing, and does nothing twice.
//!
//! # Where to start
//!
//! - [`run`], [`mod@test`], [`build`], [`size`]: one file per command.
//! - [`tools`]: what must be on the machine, and how it gets there.
//! - [`tidy`]: the rules that no other tool checks.

mod bench;
mod browser_tests;
mod budget;
mod build;
mod command;
mod compress;
mod embed;
mod first_load;
mod fuzz;
mod integrity;
mod manifest;
mod problem;
mod progress;
mod project;
mod run;
mod seal;
mod shorten;
mod size;
mod stamp;
mod static_headers;
mod tally;
mod test;
mod tidy;
mod tools;
mod verify_live;

use problem::{Problem, Result};
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match carry_out(&words) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("\nerror: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Picks the command. Only `test` can fail without a problem of its own: it has told already.
fn carry_out(words: &[&str]) -> Result<ExitCode> {
    match words {
        ["run"] => run::run(run::DEFAULT_ADDRESS)?,
        ["run", "--listen", address] => run::run(address)?,
        ["test", filters @ ..] => return Ok(test::test(filters)),
        ["build"] => build::build()?,
        ["size"] => size::size()?,
        ["bench"] | ["bench", "gateway"] => bench::gateway()?,
        ["fuzz"] => return fuzz::fuzz(fuzz::SECONDS),
        ["fuzz", seconds] => return fuzz::fuzz(seconds),
        ["verify-live", url] => verify_live::verify_live(url)?,
        ["trunk", arguments @ ..] => build::trunk(arguments)?,
        [] | ["help" | "--help" | "-h"] => help(),
        other => {
            help();
            return Err(Problem::new(format!(
                "there is no command `{}`",
                other.join(" ")
            )));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn help() {
    println!(
        "\
cargo xtask COMMAND

  run [--listen ADDRESS]  install what is missing, build page and gateway, start the gateway in
                          sandbox mode and print the demo shop's address
  test [WORD]...          install what is missing and run everything that CI runs;
                          with words, only the steps whose name contains one of them
  build                   release build: the page in dist/, and target/release/gateway
  size                    build the page, weigh its first load, and hold it to size-budget.toml
  bench [gateway]         measure how many result calls one core serves, as a ratio to a bare axum
                          handler, on SQLite and on PostgreSQL
  fuzz [SECONDS]          run each fuzz target of core for a minute, or for so many seconds
  verify-live URL         compare a running checkout, by the address of an order or of the site, with
                          this build: its headers, and every byte that it serves
  trunk ARGUMENT...       run Trunk with the project's tools; `trunk serve` for work on the page
  help                    this text"
    );
}
