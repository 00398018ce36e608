//! Whether a change of the contract may pass.
//!
//! A break has to be announced, by a major version or in the file of accepted breaks; an addition
//! by a minor one. Nothing else decides, and nothing here does I/O.

use chrono::NaiveDate;
use openapi_contract::{Category, Change, Comparison, Verdict};
use semver::Version;

use crate::{
    acceptance::Acceptance,
    command::Outcome,
    report,
    version::{self, Rise},
};

/// Where `info.version` is. What it may be is decided here, and is no change by itself.
pub const VERSION: &str = "/info/version";

/// One comparison that a change has to stand.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    /// What was found.
    pub comparison: &'a Comparison,
    /// For people: what it was compared with.
    pub base: &'a str,
}

/// Which breaks were decided on, and the day of the judgement.
#[derive(Clone, Copy, Debug)]
pub struct Accepted<'a> {
    /// The entries as they are.
    pub entries: &'a [Acceptance],
    /// Those that the base has already.
    pub landed: &'a [Acceptance],
    /// The day.
    pub today: NaiveDate,
}

/// One reason for which a change does not pass.
#[derive(Clone, Debug)]
pub enum Problem<'a> {
    /// Nothing announces this break.
    Broken {
        /// The break.
        change: &'a Change,
        /// What it was compared with.
        base: &'a str,
    },
    /// The version is lower than before.
    Lowered {
        /// It was, there.
        base: (&'a str, Version),
        /// It is.
        head: Version,
    },
    /// The version has not risen by enough.
    TooLow {
        /// It was, there.
        base: (&'a str, Version),
        /// It is.
        head: Version,
        /// It has to be.
        least: Version,
        /// What asks for that.
        changes: Vec<&'a Change>,
    },
    /// There is none, or it can't be ordered.
    NoVersion {
        /// What there is.
        head: Option<&'a str>,
    },
    /// The entry has seen its last day, and the break is still there.
    Expired {
        /// The entry.
        entry: &'a Acceptance,
        /// What it is about, each with what it was compared with.
        breaks: Vec<(&'a Change, &'a str)>,
    },
    /// The entry names nothing.
    Unused(&'a Acceptance),
}

impl Problem<'_> {
    /// What it amounts to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Broken { change, .. } => Outcome::of_change(change),
            Self::Lowered { .. } | Self::TooLow { .. } | Self::NoVersion { .. } => {
                Outcome::VersionTooLow
            }
            Self::Expired { .. } | Self::Unused(_) => Outcome::Acceptance,
        }
    }
}

/// What was decided.
#[derive(Clone, Debug, Default)]
pub struct Judgement<'a> {
    /// Why the change does not pass; empty if it does.
    pub problems: Vec<Problem<'a>>,
    /// Breaks that pass, and by which entry.
    pub accepted: Vec<(&'a Change, &'a Acceptance)>,
    /// Entries that have done their work.
    pub landed: Vec<&'a Acceptance>,
    /// Bases whose version can't be ordered, and what it is: no version is known to be higher.
    pub unordered: Vec<(&'a str, Option<&'a str>)>,
    /// The least version with which everything passes without an entry, if that is not enough.
    pub next: Option<Version>,
}

impl Judgement<'_> {
    /// The worst of all problems.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.problems.iter().map(Problem::outcome).max().unwrap_or(Outcome::InStep)
    }
}

/// Decides about a change, by all comparisons that it has to stand.
#[must_use]
pub fn judge<'a>(comparisons: &[Against<'a>], accepted: Accepted<'a>) -> Judgement<'a> {
    let mut judgement = Judgement::default();
    for against in comparisons {
        judge_one(*against, accepted, &mut judgement);
    }
    for entry in accepted.entries {
        let breaks = named_by(entry, comparisons);
        let used = !breaks.is_empty();
        if used && entry.has_expired(accepted.today) {
            judgement.problems.push(Problem::Expired { entry, breaks });
        } else if !used && accepted.landed.iter().any(|landed| landed.is_about_the_same(entry)) {
            judgement.landed.push(entry);
        } else if !used {
            judgement.problems.push(Problem::Unused(entry));
        }
    }
    judgement
}

/// The breaks that an entry is about, each once.
fn named_by<'a>(entry: &Acceptance, comparisons: &[Against<'a>]) -> Vec<(&'a Change, &'a str)> {
    let mut breaks: Vec<(&Change, &str)> = Vec::new();
    for Against { comparison, base } in comparisons {
        let named = comparison.changes.iter().filter(|change| is_break(change));
        for change in named.filter(|change| entry.names(change)) {
            if !breaks.iter().any(|(known, _)| known.id == change.id) {
                breaks.push((change, base));
            }
        }
    }
    breaks
}

fn judge_one<'a>(against: Against<'a>, accepted: Accepted<'a>, judgement: &mut Judgement<'a>) {
    let Against { comparison, base } = against;
    let changes = comparison.changes.iter().filter(|change| !is_of_the_version(change));
    let (breaks, others): (Vec<&Change>, Vec<&Change>) = changes.partition(|c| is_break(c));
    let mut open = Vec::new();
    for change in breaks {
        let mut named = accepted.entries.iter().filter(|entry| entry.names(change)).peekable();
        if named.peek().is_none() {
            open.push(change);
            continue;
        }
        // An expired entry is a problem of its own: it still says which break it is about.
        let counts = named.find(|entry| !entry.has_expired(accepted.today));
        let is_known = judgement.accepted.iter().any(|(known, _)| known.id == change.id);
        judgement.accepted.extend(counts.filter(|_| !is_known).map(|entry| (change, entry)));
    }
    let additions: Vec<&Change> = others.into_iter().filter(|c| is_addition(c)).collect();
    let rise = if !open.is_empty() {
        Rise::Major
    } else if !additions.is_empty() {
        Rise::Minor
    } else {
        Rise::Nothing
    };
    judge_version(against, rise, additions, judgement);
    let announced = match (
        read(comparison.base_version.as_deref()),
        read(comparison.head_version.as_deref()),
    ) {
        (Some(old), Some(new)) => rise.is_met(&old, &new),
        _ => false,
    };
    if !announced {
        for change in open {
            if !judgement.problems.iter().any(|known| known.is_about(change)) {
                judgement.problems.push(Problem::Broken { change, base });
            }
        }
    }
}

impl Problem<'_> {
    fn is_about(&self, other: &Change) -> bool {
        matches!(self, Self::Broken { change, .. } if change.id == other.id)
    }
}

fn judge_version<'a>(
    against: Against<'a>,
    rise: Rise,
    additions: Vec<&'a Change>,
    judgement: &mut Judgement<'a>,
) {
    let Against { comparison, base } = against;
    let (old, new) =
        (read(comparison.base_version.as_deref()), read(comparison.head_version.as_deref()));
    if old.is_none() {
        judgement.unordered.push((base, comparison.base_version.as_deref()));
    }
    if new.is_none()
        && !judgement.problems.iter().any(|known| matches!(known, Problem::NoVersion { .. }))
    {
        let head = comparison.head_version.as_deref();
        judgement.problems.push(Problem::NoVersion { head });
    }
    let Some(old) = old else { return };
    let least = rise.next(&old);
    let is_lowered = new.as_ref().is_some_and(|new| version::is_lower(&old, new));
    let suffices = new.as_ref().is_some_and(|new| rise.is_met(&old, new));
    if is_lowered || !suffices {
        judgement.next = judgement.next.take().max(Some(least.clone()));
    }
    let Some(head) = new else { return };
    if is_lowered {
        judgement.problems.push(Problem::Lowered { base: (base, old), head });
    } else if rise == Rise::Minor && !suffices {
        let (base, changes) = ((base, old), additions);
        judgement.problems.push(Problem::TooLow { base, head, least, changes });
    }
}

/// A version that can be ordered. One that can't is neither higher nor lower than another: it
/// announces nothing.
fn read(version: Option<&str>) -> Option<Version> {
    Version::parse(version?).ok()
}

fn is_break(change: &Change) -> bool {
    change.worst() == Verdict::Breaking && !is_of_the_version(change)
}

fn is_addition(change: &Change) -> bool {
    change.rule.category != Category::Documentation
}

fn is_of_the_version(change: &Change) -> bool {
    report::place(change) == VERSION
}
