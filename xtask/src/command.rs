//! One file per command. Each takes the workspace to work on and where to report.

pub mod bench;
pub mod check;
pub mod conform;
pub mod generate;
pub mod lint;
pub mod npm;
pub mod page_test;
pub mod program;
pub mod requirements;
pub mod step;
pub mod test;

/// What a command found; failures are errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is as it should be.
    InStep,
    /// A committed file is not what would be generated.
    Stale,
    /// A document does not follow the house rules.
    AgainstRules,
}
