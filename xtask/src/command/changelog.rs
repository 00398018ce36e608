//! `cargo xtask changelog`: what changed in the contract, for those who call the service.

mod cause;
mod entry;
mod place;

use std::ffi::OsString;

use clap::Args;

use super::{
    Outcome, Session,
    sides::{Base, Head, Sources},
};
use crate::{
    baseline::{NoBase, Repository},
    comparison::compare,
};

/// What to compare with.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Since when: a file, or a revision of Git; by default the last release (the newest tag such
    /// as v1.2.3 that the work tree comes from) or, before the first, the merge base with the main
    /// branch.
    #[arg(long, value_name = "REV|FILE")]
    base: Option<OsString>,
}

/// Writes the entry.
///
/// # Errors
/// When there is no base, or something can't be read or compared.
pub fn run(session: &mut Session<'_>, options: &Options) -> anyhow::Result<Outcome> {
    let sources = Sources::of(session.root);
    let head = sources.head(None)?;
    let (base, is_release) = match options.base.as_deref() {
        Some(given) => (sources.base(Some(given), &head)?, true),
        None => since_the_last_release(&sources, &head)?,
    };
    for note in &base.notes {
        session.note(note)?;
    }
    let Some(edition) = &base.edition else { return Ok(Outcome::InStep) };
    let (old, new) = (&edition.document, &head.edition.document);
    let comparison = compare(old, new, openapi_contract::Options::default());
    if !is_release {
        let repository = sources.repository()?;
        if comparison.changes.is_empty() && base.commit == repository.head()? {
            return Err(no_release(repository, &edition.name).into());
        }
        session.note("there is no release yet, a tag such as v1.2.3, to compare with")?;
    }
    session.note(&format!("this is what changed since {}", edition.name))?;
    let entry = entry::write(&comparison, edition, &head.edition, session.today);
    session.out.write_all(entry.as_bytes())?;
    Ok(Outcome::InStep)
}

/// The base, and whether it is a release.
fn since_the_last_release(sources: &Sources<'_>, head: &Head) -> anyhow::Result<(Base, bool)> {
    let repository = sources.repository()?;
    if let Some(release) = repository.last_release()? {
        return Ok((sources.base_at(&release, head)?, true));
    }
    // It may be in what is cut off, and then all before it would be missing from the entry.
    if let Some(remedy) = repository.rest_of_the_history() {
        let problem = "this clone is shallow, and no release, a tag such as v1.2.3, is in the \
                       history that is here"
            .to_owned();
        return Err(NoBase { problem, remedy }.into());
    }
    Ok((sources.base(None, head)?, false))
}

/// That nothing changed since the last commit is no news, and would pass for news about a release.
fn no_release(repository: &Repository, base: &str) -> NoBase {
    let problem = format!(
        "there is no release, a tag such as v1.2.3, and the work tree says what {base} says"
    );
    let otherwise = "name what to compare with: --base REV or --base FILE";
    let remedy = match repository.fetch_tags() {
        Some(line) => format!("{line}\nOr, if nothing was released yet, {otherwise}"),
        None => format!("tag the release (git tag v1.2.3 COMMIT), or {otherwise}"),
    };
    NoBase { problem, remedy }
}
