//! The gate: what the document, as it is now, does to those who depend on it.

use std::{ffi::OsStr, io::Write, path::Path};

use anyhow::Context;
use chrono::NaiveDate;
use openapi_contract::{Comparison, Document, Options};
use serde_json::Value;

use super::decision;
use crate::{
    acceptance::{self, Acceptance},
    artifact,
    baseline::{self, NoBase, Repository, Revision},
    command::{
        Outcome,
        sides::{Base, Head, Sources},
    },
    comparison::compare,
    edition::Edition,
    gate::{self, Accepted, Against},
    merge,
};

/// What there is to decide on.
#[derive(Default)]
struct Case {
    /// Each with what it was compared with.
    comparisons: Vec<(String, Comparison)>,
    /// Entries that the base has already.
    landed: Vec<Acceptance>,
    /// What people should know about it.
    notes: Vec<String>,
}

/// Compares, reports and decides.
///
/// # Errors
/// When there is no base, or something can't be read or compared.
pub(super) fn check(
    root: &Path,
    given: Option<&OsStr>,
    today: NaiveDate,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    if given.is_none() && !baseline::is_in_a_repository(root) {
        writeln!(
            out,
            "This is no Git repository: whether the contract changed, and whom that would break, \
             was not checked. To compare with a file: cargo xtask check --base FILE"
        )?;
        return Ok(Outcome::InStep);
    }
    let entries = acceptance::read(root)?;
    let sources = Sources::of(root);
    let head = sources.head(None)?;
    let mut case = match given {
        Some(_) => Case::of(sources.base(given, &head)?, &head.edition),
        None => usual(&sources, &head)?,
    };
    // Whatever the base: an entry that the main branch has is not one of this change.
    if !entries.is_empty() && baseline::is_in_a_repository(root) {
        case.landed = match landed_on_main(sources.repository()?, root) {
            // Who names the base may have no main branch at hand.
            Err(error) if given.is_some() && error.is::<NoBase>() => Vec::new(),
            landed => landed?,
        };
    }
    for note in &case.notes {
        writeln!(out, "note: {note}")?;
    }
    let against = |(base, comparison)| Against { comparison, base };
    let comparisons: Vec<Against<'_>> =
        case.comparisons.iter().map(|(base, comparison)| against((base, comparison))).collect();
    let accepted = Accepted { entries: &entries, landed: &case.landed, today };
    let judgement = gate::judge(&comparisons, accepted);
    decision::write(&comparisons, &judgement, today, out)?;
    Ok(judgement.outcome())
}

/// With the merge base and, as soon as the main branch has gone on since, with its tip.
fn usual(sources: &Sources<'_>, head: &Head) -> anyhow::Result<Case> {
    let repository = sources.repository()?;
    let Some(main) = repository.main_branch()? else {
        return Ok(Case::of(Base::first("there is no commit yet"), &head.edition));
    };
    let (fork, tip) = (repository.merge_base(&main, None)?, main.tip());
    let before = sources.base_at(&fork, head)?;
    let mut case = Case::default();
    if tip.commit != fork.commit {
        let tip = sources.base_at(&tip, head)?;
        case = Case::of_the_merge(before.edition.as_ref(), &head.edition, tip)?;
    }
    let first = Case::of(before, &head.edition);
    case.comparisons.splice(..0, first.comparisons);
    case.notes.splice(..0, first.notes);
    Ok(case)
}

/// The entries that the main branch has, where this branch began or by now.
fn landed_on_main(repository: &Repository, root: &Path) -> anyhow::Result<Vec<Acceptance>> {
    let Some(main) = repository.main_branch()? else { return Ok(Vec::new()) };
    let mut entries = landed(repository, &main.tip(), root)?;
    entries.extend(landed(repository, &repository.merge_base(&main, None)?, root)?);
    Ok(entries)
}

impl Case {
    fn of(base: Base, head: &Edition) -> Self {
        let comparison = base
            .edition
            .map(|base| (base.name, compare(&base.document, &head.document, Options::default())));
        let comparisons = comparison.into_iter().collect();
        Self { comparisons, landed: Vec::new(), notes: base.notes }
    }

    /// What the head, made of what stood `before`, will do to the main branch as it is now.
    fn of_the_merge(before: Option<&Edition>, head: &Edition, tip: Base) -> anyhow::Result<Self> {
        let mut notes = tip.notes;
        let Some(tip) = tip.edition else { return Ok(Self { notes, ..Self::default() }) };
        let nothing = Value::default();
        let before = before.map_or(&nothing, |before| before.document.as_value());
        let merged = merge::merge(before, head.document.as_value(), tip.document.as_value());
        let after = Document::from_value(merged.value)
            .with_context(|| format!("this branch can't be joined with {}; merge it", tip.name))?;
        let comparison = compare(&tip.document, &after, Options::default());
        // Of two versions that both rose, the higher one is what either branch can live with.
        let conflicts = merged.conflicts.into_iter().filter(|place| place != gate::VERSION);
        let conflicts: Vec<String> = conflicts.collect();
        if !conflicts.is_empty() {
            notes.push(format!(
                "this branch changes what {} has changed too: {}. It is judged as it is here; \
                 merge, and check again",
                tip.name,
                conflicts.join(", ")
            ));
        }
        Ok(Self { comparisons: vec![(tip.name, comparison)], landed: Vec::new(), notes })
    }
}

/// The entries at a commit. What is wrong with an earlier file is nobody's concern any more.
fn landed(repository: &Repository, at: &Revision, root: &Path) -> anyhow::Result<Vec<Acceptance>> {
    let Some(document) = repository.path_of(&root.join(artifact::DOCUMENT)) else {
        return Ok(Vec::new());
    };
    let file = document.parent().unwrap_or(Path::new("")).join(acceptance::FILE);
    let text = repository.file(at, &file)?.unwrap_or_default();
    Ok(acceptance::parse(&String::from_utf8_lossy(&text)).unwrap_or_default())
}
