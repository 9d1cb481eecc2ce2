//! `cargo xtask test`: everything that must hold before a change lands. CI runs exactly this.

use crate::problem::{Problem, Result};
use crate::tally::Tally;
use crate::tools::{FOR_PAGE, Need, Tools};
use crate::{browser_tests, build, command, embed, progress, project, size, tidy};
use std::process::{Command, ExitCode};
use std::time::Instant;

/// One step. Steps do not depend on each other, so a failure never hides the next one.
struct Step {
    name: &'static str,
    needs: &'static [Need],
    action: Action,
}

/// What a step does.
#[derive(Clone, Copy)]
enum Action {
    /// Something that holds or not.
    Check(fn(&Tools) -> Result<()>),
    /// A run of tests, which counts them.
    Tests(fn(&Tools) -> Result<Tally>),
}

/// Quick steps first, except that whatever builds the page comes late.
const STEPS: &[Step] = &[
    Step {
        name: "format",
        needs: &[Need::RustComponents],
        action: Action::Check(format),
    },
    Step {
        name: "tidy",
        needs: &[],
        action: Action::Check(|_| tidy::check()),
    },
    Step {
        name: "lint on the host",
        needs: &[Need::RustComponents],
        action: Action::Check(lint_host),
    },
    Step {
        name: "lint for the browser",
        needs: &[Need::RustComponents, Need::WasmTarget],
        action: Action::Check(lint_browser),
    },
    Step {
        name: "loader",
        needs: embed::NEEDS,
        action: Action::Check(embed::check),
    },
    Step {
        name: "docs",
        needs: &[],
        action: Action::Check(docs),
    },
    Step {
        name: "tests on the host (core, phonepe, gateway, page, xtask)",
        needs: &[],
        action: Action::Tests(host_tests),
    },
    Step {
        name: "tests of the gateway on PostgreSQL",
        needs: &[Need::Postgres],
        action: Action::Tests(postgres_tests),
    },
    Step {
        name: "tests in the browser",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Browser],
        action: Action::Tests(browser_tests::run),
    },
    Step {
        name: "size",
        needs: FOR_PAGE,
        action: Action::Check(size::check),
    },
    Step {
        name: "end to end",
        needs: &[
            Need::WasmTarget,
            Need::WasmBindgen,
            Need::Trunk,
            Need::NpmTools,
            Need::Browser,
            Need::OtherBrowsers,
        ],
        action: Action::Tests(end_to_end),
    },
];

/// Runs the steps whose name contains one of the words; all of them if there are none. The last
/// line printed is the count.
pub(crate) fn test(words: &[&str]) -> ExitCode {
    let mut sum = Tally::default();
    if let Err(problem) = run_steps(words, &mut sum) {
        sum.add("setup", Tally::of_check(Err(problem)));
    }
    if !sum.is_good() {
        println!("\nfailed:");
        for failure in sum.failures() {
            println!("  {failure}");
        }
    }
    println!("\n{}", sum.line());
    if sum.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run_steps(words: &[&str], sum: &mut Tally) -> Result<()> {
    let steps = choose(words)?;
    let needs: Vec<Need> = steps.iter().flat_map(|step| step.needs).copied().collect();
    let tools = Tools::ready(&needs)?;
    for (index, step) in steps.iter().enumerate() {
        println!("\n[{}/{}] {}", index + 1, steps.len(), step.name);
        let started = Instant::now();
        let tally = match step.action {
            Action::Check(check) => Tally::of_check(check(&tools)),
            Action::Tests(tests) => {
                tests(&tools).unwrap_or_else(|problem| Tally::of_check(Err(problem)))
            }
        };
        progress::note(&format!(
            "{}: {} in {}",
            step.name,
            tally.line(),
            progress::elapsed(started.elapsed())
        ));
        sum.add(step.name, tally);
    }
    Ok(())
}

fn choose(words: &[&str]) -> Result<Vec<&'static Step>> {
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|step| words.is_empty() || words.iter().any(|word| step.name.contains(word)))
        .collect();
    if chosen.is_empty() {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(Problem::new(format!(
            "no step is called like that; there are: {}",
            names.join(", ")
        )));
    }
    Ok(chosen)
}

fn format(tools: &Tools) -> Result<()> {
    command::run(tools.cargo()?.args(["fmt", "--all", "--check"]))
}

/// The page is built for the host with `ssr`: its components rendered to text.
const HOST_FEATURES: [&str; 2] = ["--features", "upi-checkout/ssr"];

fn lint_host(tools: &Tools) -> Result<()> {
    command::run(
        tools
            .cargo()?
            .args(["clippy", "--workspace", "--all-targets"])
            .args(HOST_FEATURES)
            .args(["--", "--deny", "warnings"]),
    )
}

fn lint_browser(tools: &Tools) -> Result<()> {
    command::run(
        tools
            .cargo()?
            .args(["clippy", "--all-targets"])
            .args(browser_tests::PAGE)
            .args(["--", "--deny", "warnings"]),
    )
}

/// Private items too: most readers of these docs are about to change the code.
fn docs(tools: &Tools) -> Result<()> {
    command::run(
        tools
            .cargo()?
            .args([
                "doc",
                "--workspace",
                "--no-deps",
                "--document-private-items",
            ])
            .args(HOST_FEATURES)
            // Public docs may link to private items, because those are documented as well.
            .env(
                "RUSTDOCFLAGS",
                "--deny warnings --allow rustdoc::private_intra_doc_links",
            ),
    )
}

fn host_tests(tools: &Tools) -> Result<Tally> {
    run_tests(&mut cargo_test_host(tools)?)
}

/// What the step before has seen on SQLite; by the same build.
fn postgres_tests(tools: &Tools) -> Result<Tally> {
    run_tests(
        cargo_test_host(tools)?
            .args(["--test", "gateway"])
            .env("UPI_CHECKOUT_TEST_DATABASE", "postgres"),
    )
}

fn cargo_test_host(tools: &Tools) -> Result<Command> {
    let mut command = tools.cargo()?;
    command
        .args(["test", "--no-fail-fast", "--workspace"])
        .args(["--exclude", "end-to-end"])
        .args(HOST_FEATURES);
    Ok(command)
}

/// The real gateway with the real page inside, and the loader, driven by real browsers.
fn end_to_end(tools: &Tools) -> Result<Tally> {
    build::page(tools)?;
    build::gateway(tools)?;
    embed::build(tools, &embed::built())?;
    run_tests(
        tools
            .cargo()?
            .args(["test", "--no-fail-fast", "--package", "end-to-end"])
            .env("GATEWAY_BIN", project::gateway())
            .env("DIST_DIR", project::dist())
            .env("EMBED_DIR", embed::built()),
    )
}

/// Runs a command that runs tests, and counts them. A failure says its place and its words; a hundred
/// lines of the runtime's own calls would only bury them.
pub(crate) fn run_tests(command: &mut Command) -> Result<Tally> {
    let mut tally = Tally::default();
    command.env("RUST_BACKTRACE", "0");
    let succeeded = command::follow(command, |line| tally.read(line))?;
    Ok(tally.close(succeeded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_choose_steps() {
        let names = |words: &[&str]| -> Vec<&str> {
            let steps = choose(words).unwrap();
            steps.iter().map(|step| step.name).collect()
        };
        assert_eq!(names(&[]).len(), STEPS.len());
        assert_eq!(names(&["size", "tidy"]), ["tidy", "size"]);
        assert_eq!(names(&["lint"]).len(), 2);
        assert_eq!(names(&["core"]).len(), 1);
        assert!(choose(&["no such step"]).is_err());
    }
}
