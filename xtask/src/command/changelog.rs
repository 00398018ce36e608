//! `cargo xtask changelog`: what changed in the contract, for those who call the service.

mod entry;
mod place;

use std::{ffi::OsString, io::Write, path::Path};

use chrono::NaiveDate;
use clap::Args;

use super::{
    Outcome,
    base::{self, Base},
};
use crate::{baseline::Repository, comparison::compare};

/// What to compare with.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Since when: a file, or a revision of Git; by default the last release (the newest tag such
    /// as v1.2.3 that the work tree comes from) or, before the first, the merge base with the main
    /// branch.
    #[arg(long, value_name = "REV|FILE")]
    base: Option<OsString>,
}

/// Writes the entry to `out`, and what people should know beside to `notes`.
///
/// # Errors
/// When there is no base, or something can't be read or compared.
pub fn run(
    root: &Path,
    options: &Options,
    today: NaiveDate,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let (head, file) = base::head(root, None)?;
    let base = match &options.base {
        Some(base) => base::given(root, base, file.as_deref())?,
        None => since_the_last_release(root, &file.unwrap_or_default())?,
    };
    for note in &base.notes {
        writeln!(notes, "note: {note}")?;
    }
    let Some(base) = base.edition else { return Ok(Outcome::InStep) };
    writeln!(notes, "note: this is what changed since {}", base.name)?;
    let comparison = compare(&base.document, &head.document, openapi_contract::Options::default());
    out.write_all(entry::write(&comparison, &base.document, &head.document, today).as_bytes())?;
    Ok(Outcome::InStep)
}

fn since_the_last_release(root: &Path, head: &Path) -> anyhow::Result<Base> {
    let repository = Repository::open(root)?;
    match repository.last_release()? {
        Some(release) => base::at(&repository, &release, root, Some(head)),
        None => base::usual(root, Some(head)),
    }
}
