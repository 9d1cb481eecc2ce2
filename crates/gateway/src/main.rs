//! The gateway's program.

use std::process::ExitCode;

fn main() -> ExitCode {
    match gateway::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gateway: {error}");
            ExitCode::FAILURE
        }
    }
}
