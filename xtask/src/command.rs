//! One file per command. Each takes the workspace to work on and where to report.

pub mod bench;
pub mod changelog;
pub mod check;
pub mod conform;
pub mod diff;
pub mod fuzz;
pub mod generate;
pub mod lint;
pub mod npm;
pub mod page_test;
pub mod program;
pub mod prove;
pub mod requirements;
mod running;
pub mod sides;
pub mod step;
pub mod test;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write},
    path::Path,
};

use chrono::NaiveDate;
use openapi_contract::{Change, Comparison, Verdict};

use crate::baseline::NoBase;

/// Where a command works, on which day, and to whom it talks.
pub struct Session<'a> {
    /// The workspace.
    pub root: &'a Path,
    /// The day.
    pub today: NaiveDate,
    /// What was asked for; programs may read it.
    pub out: &'a mut dyn Write,
    /// What people should know beside.
    pub notes: &'a mut dyn Write,
}

impl Session<'_> {
    /// Tells people something.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn note(&mut self, note: &str) -> io::Result<()> {
        writeln!(self.notes, "note: {note}")
    }
}

/// The rule of a document of which no client can be made.
pub const GENERATOR_REFUSES: &str = "generator-refuses";

/// What a command found; failures are errors.
///
/// From the mildest to the worst: where several are true, the worst is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All is as it should be.
    InStep,
    /// An entry in the file of accepted breaks has expired, or names nothing.
    Acceptance,
    /// `info.version` is lower than the change asks for.
    VersionTooLow,
    /// Code written against the old generated client does not compile, or means something else.
    BreaksClient,
    /// No client can be made of the document.
    GeneratorRefuses,
    /// Clients that are deployed already stop working.
    BreaksWire,
    /// There is nothing to compare with.
    NoBase,
    /// A committed file is not what would be generated.
    Stale,
    /// A document does not follow the house rules.
    AgainstRules,
}

impl Outcome {
    /// All that have a code of their own, in the order of these.
    pub const ALL: [Self; 8] = [
        Self::InStep,
        Self::Stale,
        Self::BreaksWire,
        Self::BreaksClient,
        Self::GeneratorRefuses,
        Self::Acceptance,
        Self::VersionTooLow,
        Self::NoBase,
    ];
    /// Those of a comparison that decides nothing.
    const OF_A_COMPARISON: [Self; 5] =
        [Self::InStep, Self::BreaksWire, Self::BreaksClient, Self::GeneratorRefuses, Self::NoBase];

    /// The exit code. 1 is for failures, 2 for a command line that is not understood.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::InStep => 0,
            Self::Stale => 4,
            Self::BreaksWire => 10,
            Self::BreaksClient => 11,
            Self::GeneratorRefuses => 12,
            Self::Acceptance => 13,
            Self::VersionTooLow => 14,
            Self::NoBase => 20,
            // As when the third-party linters find something.
            Self::AgainstRules => 1,
        }
    }

    /// What it says, in a few words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::InStep => "all is well",
            Self::Stale => "a committed file is stale",
            Self::BreaksWire => "it breaks deployed clients",
            Self::BreaksClient => "it breaks only code written against the generated client",
            Self::GeneratorRefuses => "no client can be generated",
            Self::Acceptance => "an accepted break has expired, or is none",
            Self::VersionTooLow => "the version is too low for the change",
            Self::NoBase => "there is nothing to compare with",
            Self::AgainstRules => "the document does not follow the house rules",
        }
    }

    /// What one change amounts to, if nobody accepts it.
    #[must_use]
    pub fn of_change(change: &Change) -> Self {
        match (change.wire, change.client) {
            (Verdict::Breaking, _) => Self::BreaksWire,
            (_, Verdict::Breaking) if change.rule.id == GENERATOR_REFUSES => Self::GeneratorRefuses,
            (_, Verdict::Breaking) => Self::BreaksClient,
            _ => Self::InStep,
        }
    }

    /// What all changes amount to, if nobody accepts them.
    #[must_use]
    pub fn of_comparison(comparison: &Comparison) -> Self {
        let outcomes = comparison.changes.iter().map(Self::of_change);
        outcomes.max().unwrap_or(Self::InStep)
    }

    /// The exit codes of all commands, for their help.
    #[must_use]
    pub fn help() -> String {
        help(&Self::ALL)
    }

    /// The exit codes of a command that compares and decides nothing.
    #[must_use]
    pub fn help_of_a_comparison() -> String {
        help(&Self::OF_A_COMPARISON)
    }
}

/// The exit code of a command that is done.
#[must_use]
pub fn exit_code(outcome: &anyhow::Result<Outcome>) -> u8 {
    match outcome {
        Ok(outcome) => outcome.code(),
        Err(error) if error.is::<NoBase>() => Outcome::NoBase.code(),
        Err(_) => 1,
    }
}

/// The exit codes among which a command chooses, and which of several it takes.
fn help(outcomes: &[Outcome]) -> String {
    let mut text = String::from("Exit codes:\n");
    for outcome in outcomes {
        // Writing to a `String` does not fail.
        let _ = writeln!(text, "  {:>2}  {}", outcome.code(), outcome.meaning());
    }
    text.push_str("   1  it failed, and says why\n   2  the command line is not understood\n");
    let worst_first: Vec<String> = BTreeSet::from_iter(outcomes)
        .into_iter()
        .rev()
        .filter(|outcome| **outcome != Outcome::InStep)
        .map(|outcome| outcome.code().to_string())
        .collect();
    let _ = write!(text, "The worst wins: 1, {}.", worst_first.join(", "));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_its_own_code_and_they_are_listed_in_order() {
        assert!(Outcome::ALL.is_sorted_by(|one, next| one.code() < next.code()));
        assert!(Outcome::ALL.iter().all(|outcome| ![1, 2, 101].contains(&outcome.code())));
    }

    #[test]
    fn the_help_says_which_of_several_codes_wins() {
        let help = Outcome::help();
        assert!(help.ends_with("The worst wins: 1, 4, 20, 10, 12, 11, 14, 13."), "{help}");
        assert!(help.contains("\n  10  it breaks deployed clients\n"), "{help}");
    }
}
