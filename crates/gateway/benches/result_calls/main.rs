//! How many result calls one core serves, as a ratio to a bare axum handler that answers the same
//! bytes: `cargo xtask bench gateway`.
//!
//! The gateway is the real program on a real database with [`orders::COUNT`] orders; the bare handler
//! is a process of the same build with the same settings of hyper and nothing else. Both have one
//! thread on one core, one client on another core asks them in turn, and each order is asked for as
//! often as every other. What a machine does besides slows both down: each pair of rounds gives one
//! ratio, and the median of them is the result. The processor time that a call takes is told as well:
//! it does not depend on what else the machine does.

mod bare;
#[path = "../../tests/gateway/database.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the tests' own: here a part of it is used"
)]
mod database;
mod load;
mod orders;
mod servers;
mod verdict;

use std::error::Error;
use std::process::Command;
use std::time::Duration;

use database::TestDatabase;
use load::Load;
use servers::Server;
use verdict::Round;

/// The gateway's own, so that the bare handler has it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each of the two is asked, in turns.
const ROUNDS: usize = 25;

/// How long each round takes.
const ROUND: Duration = Duration::from_millis(800);

fn main() -> Result<(), Box<dyn Error>> {
    // What cargo adds by itself begins with dashes.
    let words = std::env::args().skip(1).filter(|it| !it.starts_with("--"));
    let words: Vec<String> = words.collect();
    match words.as_slice() {
        [word, body] if word == bare::WORD => bare::serve(body.clone()),
        [word] if word == COMPARE => compare(),
        _ => [("sqlite", "SQLite"), ("postgres", "PostgreSQL")]
            .into_iter()
            .try_for_each(|(word, name)| {
                println!("\n{name}, {} orders", orders::COUNT);
                let mut part = Command::new(std::env::current_exe()?);
                part.arg(COMPARE).env("UPI_CHECKOUT_TEST_DATABASE", word);
                let ended = part.status()?;
                ended
                    .success()
                    .then_some(())
                    .ok_or_else(|| ended.to_string().into())
            }),
    }
}

/// The word on the command line for one database's part, whose name stands in the environment.
const COMPARE: &str = "compare";

/// One database's result.
fn compare() -> Result<(), Box<dyn Error>> {
    let database = TestDatabase::new();
    let ids = orders::make(&database.database())?;
    let ours = Server::gateway(database.url())?;
    let answer = load::ask(ours.address(), ids.first().ok_or("there are no orders")?)?;
    let bare = Server::bare(&answer)?;

    let mut to_ours = Load::new(ours.address(), &ids)?;
    let mut to_bare = Load::new(bare.address(), &ids)?;
    // Every order once: whatever is made at the first sight of one is made now.
    to_ours.once_each()?;
    to_bare.once_each()?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(Round {
            bare: bare.measure(|| to_bare.run(ROUND))?,
            ours: ours.measure(|| to_ours.run(ROUND))?,
        });
    }
    println!("{}", verdict::words(&rounds));
    Ok(())
}
