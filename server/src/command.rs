//! The command line.

mod audit;
mod backup;
mod demo;
mod import;
mod openapi;
mod serve;
mod token;

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use customers_store::{Store, Tenancy};

use crate::{
    config::{ConfigError, Settings},
    logging,
};

/// The customers service.
///
/// Each setting can be given by a flag, by an environment variable, or in the TOML file that
/// --config names; the first of these that has it counts.
#[derive(Parser)]
#[command(name = "customers-server", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API until SIGTERM or Ctrl-C
    Serve(serve::Serve),
    /// Apply directory records, all or none, in one transaction
    Import(import::Import),
    /// Make, revoke and list tokens
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Show who read or changed a customer, oldest first
    Audit(audit::Audit),
    /// Copy the embedded database to a new file, beside the server that may be running on it
    Backup(backup::Backup),
    /// Print the OpenAPI document that the server serves at /openapi.json
    Openapi,
}

/// The settings that every command with a store has.
#[derive(Args)]
struct CommonFlags {
    #[arg(
        long,
        value_name = "URL",
        help = "Where the records are: sqlite:PATH, or postgres://USER@HOST/DATABASE with what \
                its driver knows, such as ?sslmode=require. A password belongs into the variable \
                or the file, since others can see flags [env: CUSTOMERS_STORE] [TOML: store]"
    )]
    store: Option<String>,
    #[arg(long, value_name = "FILE", help = "A TOML file with settings [env: CUSTOMERS_CONFIG]")]
    config: Option<PathBuf>,
    #[arg(
        long,
        value_name = "LEVEL",
        help = "error, warning, info, debug or trace [default: info] [env: CUSTOMERS_LOG_LEVEL] \
                [TOML: log-level]"
    )]
    log_level: Option<String>,
}

impl CommonFlags {
    /// The settings, with the flags that only one command has.
    fn settings(&self, more: &[(&'static str, Option<&str>)]) -> Result<Settings, ConfigError> {
        let mut flags = more.to_vec();
        flags.push(("store", self.store.as_deref()));
        flags.push(("log-level", self.log_level.as_deref()));
        Settings::gather(self.config.as_deref(), &flags, |name| std::env::var_os(name))
    }

    /// The store, beside the server that may be running on it.
    async fn store_beside(&self) -> anyhow::Result<Arc<dyn Store>> {
        let settings = self.settings(&[])?;
        let _panics_are_logged = log(&settings)?;
        Ok(customers_store::open(&settings.store()?, Tenancy::Beside).await?)
    }
}

/// Runs a command.
///
/// # Errors
/// What went wrong, for the person at the terminal.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(serve) => serve.run(),
        Command::Import(import) => import.run(),
        Command::Token(token) => token.run(),
        Command::Audit(audit) => audit.run(),
        Command::Backup(backup) => backup.run(),
        Command::Openapi => openapi::run(),
    }
}

/// A log, which from now on also has the panics.
fn log(settings: &Settings) -> anyhow::Result<slog::Logger> {
    let log = logging::logger(settings.log_level()?).context("the log can't be written")?;
    logging::report_panics(&log);
    Ok(log)
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}
