//! How many result calls one core serves, as a ratio to a bare axum handler that answers the same
//! bytes: `cargo xtask bench gateway`.
//!
//! The gateway is the real program on a real database with [`orders::COUNT`] orders; the bare handler
//! is a process of the same build with the same settings of hyper and nothing else. Both have one
//! thread on one core, one client on another core asks them in turn, and each order is asked for as
//! often as every other. Two of our processes share that core: what they serve together, as against
//! one, is what it costs that there are several. What a machine does besides slows both down: each pair of rounds gives one
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
use servers::{Server, measure};
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
        [word, processes] if word == COMPARE => compare(processes.parse()?),
        _ => [
            ("SQLite", "sqlite", 1),
            ("PostgreSQL", "postgres", 1),
            ("PostgreSQL, two processes", "postgres", 2),
        ]
        .into_iter()
        .try_for_each(|(name, database, processes)| part(name, database, processes)),
    }
}

/// The word on the command line for one part.
const COMPARE: &str = "compare";

/// One part, in a process of its own: the environment names its database.
fn part(name: &str, database: &str, processes: usize) -> Result<(), Box<dyn Error>> {
    println!("\n{name}, {} orders", orders::COUNT);
    let ended = Command::new(std::env::current_exe()?)
        .args([COMPARE, &processes.to_string()])
        .env("UPI_CHECKOUT_TEST_DATABASE", database)
        .status()?;
    ended
        .success()
        .then_some(())
        .ok_or_else(|| ended.to_string().into())
}

/// One part's result: so many of our processes on one database and one core, against the bare handler.
fn compare(processes: usize) -> Result<(), Box<dyn Error>> {
    let database = TestDatabase::new();
    let ids = orders::make(&database.database())?;
    let ours = (0..processes).map(|_| Server::gateway(database.url()));
    let ours = ours.collect::<Result<Vec<_>, _>>()?;
    let first = ours.first().ok_or("there are no processes")?;
    let answer = load::ask(first.address(), ids.first().ok_or("there are no orders")?)?;
    let bare = [Server::bare(&answer)?];

    let mut to_ours = Load::new(&ours, &ids)?;
    let mut to_bare = Load::new(&bare, &ids)?;
    // Every order once, of each process: whatever is made at the first sight of one is made now.
    to_ours.once_each()?;
    to_bare.once_each()?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(Round {
            bare: measure(&bare, || to_bare.run(ROUND))?,
            ours: measure(&ours, || to_ours.run(ROUND))?,
        });
    }
    println!("{}", verdict::words(&rounds));
    Ok(())
}
