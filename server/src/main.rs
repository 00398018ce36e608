//! The program `customers-server`.

use std::{io::Write, process::ExitCode};

use clap::Parser;
use customers_server::command::Cli;

fn main() -> ExitCode {
    match customers_server::command::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has read enough of it.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nowhere to report that the report can't be written.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let cause = error.root_cause().downcast_ref::<std::io::Error>();
    cause.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
