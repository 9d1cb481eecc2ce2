//! The command line: `gateway serve`, `gateway verify-live`, `gateway key`, `gateway inspect …`.

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::assets::Embedded;
use crate::config::Flags;
use crate::merchant::{KeyHash, new_key};
use crate::verify_live::verify_live;
use crate::{inspect, serve};

#[derive(Parser)]
#[command(
    name = "gateway",
    about = "Keeps orders, answers the page, matches money to orders"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests until Ctrl-C or SIGTERM
    Serve(ServeArgs),
    /// Compare a running checkout with the page within this program: its headers, every byte
    VerifyLive {
        /// The address of an order, or of the site
        url: String,
    },
    /// Make an API key for a merchant, and its hash for the configuration
    Key,
    /// Read lines on standard input, write a verdict on each as JSON
    Inspect {
        #[command(subcommand)]
        what: Inspect,
    },
}

#[derive(Args)]
struct ServeArgs {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Where orders are kept [default: sqlite:data/checkout.db]
    #[arg(long, value_name = "sqlite:FILE|postgres://…")]
    database: Option<String>,
    /// The merchants and all other settings
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A demo shop and a demo bank instead of real merchants
    #[arg(long)]
    sandbox: bool,
}

#[derive(Subcommand)]
enum Inspect {
    /// What does each link say, what is odd about it, and what opens it?
    Link,
    /// Is each line an amount in rupees?
    Amount,
    /// May a customer be sent to each address after paying?
    Redirect {
        /// An allowed host; may be given several times; none: any https host
        #[arg(long, value_name = "HOST")]
        host: Vec<String>,
    },
}

/// Runs the command that was typed.
///
/// # Errors
/// What to tell the person who typed it.
pub fn run() -> Result<(), Box<dyn Error>> {
    match Cli::parse().command {
        Command::Serve(args) => serve::run(&Flags {
            listen: args.listen,
            database: args.database,
            config: args.config,
            sandbox: args.sandbox,
        }),
        Command::VerifyLive { url } => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(verify_live(&url, &Embedded)),
        Command::Key => {
            let key = new_key()?;
            let hash = KeyHash::of(&key).to_hex();
            writeln!(io::stdout(), "key   {}\nhash  {hash}", key.expose())?;
            Ok(())
        }
        Command::Inspect { what } => {
            let (input, output) = (io::stdin().lock(), io::BufWriter::new(io::stdout().lock()));
            let done = match what {
                Inspect::Link => inspect::each_line(input, output, inspect::link),
                Inspect::Amount => inspect::each_line(input, output, inspect::amount),
                Inspect::Redirect { host } => {
                    inspect::each_line(input, output, |line| inspect::redirect(line, &host))
                }
            };
            match done {
                // Whoever read us has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                done => Ok(done?),
            }
        }
    }
}
