//! The tokens of the caller, made by the service's own command line.

use std::{path::Path, process::Command};

use anyhow::{Context, bail};

use crate::command::bench::database::{Database, records};

/// The secret of a new token.
pub(super) fn create(
    program: &Path,
    database: &Database,
    customers: u32,
) -> anyhow::Result<String> {
    Ok(create_named(program, database, customers)?.0)
}

/// The secret of a token that does not count any more.
pub(super) fn create_revoked(
    program: &Path,
    database: &Database,
    customers: u32,
) -> anyhow::Result<String> {
    let (secret, id) = create_named(program, database, customers)?;
    administer(program, database, &["revoke", &id])?;
    Ok(secret)
}

/// Makes a token for the caller, and gives back its secret and its identifier.
fn create_named(
    program: &Path,
    database: &Database,
    customers: u32,
) -> anyhow::Result<(String, String)> {
    let (secret, said) =
        administer(program, database, &["create", "--user", &records::caller(customers)])?;
    let words = said.split(|character: char| character.is_whitespace() || character == ';');
    let id = words.into_iter().find(|word| word.starts_with("tok_"));
    Ok((secret.trim_end().to_owned(), id.context("the token has no identifier")?.to_owned()))
}

/// Runs `customers-server token …`; gives back both outputs.
fn administer(
    program: &Path,
    database: &Database,
    arguments: &[&str],
) -> anyhow::Result<(String, String)> {
    let mut command = Command::new(program);
    command.env_clear().arg("token").args(arguments);
    let output = command.args(["--store", &database.url()]).output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    if !output.status.success() {
        bail!("customers-server token: {}\n{complained}", output.status);
    }
    Ok((said, complained))
}
