//! The program `customers-server`.

use std::process::ExitCode;

use clap::Parser;
use customers_server::{command::Cli, logging};

fn main() -> ExitCode {
    let _ending = logging::Ending;
    match customers_server::command::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has read enough of it.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            logging::report(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let cause = error.root_cause().downcast_ref::<std::io::Error>();
    cause.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
