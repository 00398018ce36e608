//! What goes into an import, and what comes back.

use crate::record::Change;

/// A part of the source.
pub enum Batch {
    /// Records, each with the number of its line.
    Changes(Vec<(u64, Change)>),
    /// The source is complete.
    End,
}

/// What becomes of the records if all of them can be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// They are kept.
    Commit,
    /// Nothing is kept: it was only to be seen whether they can be applied.
    Check,
}

/// A record that can't be applied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line it stands on.
    pub line: u64,
    /// The field at fault.
    pub field: &'static str,
    /// Why, without the value.
    pub reason: String,
}

/// What an import did, by type of record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The types of which there were records.
    pub types: Vec<TypeSummary>,
}

/// What an import did with the records of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeSummary {
    /// The type.
    pub record_type: &'static str,
    /// Objects that are new.
    pub added: u64,
    /// Objects that were there and are different now.
    pub changed: u64,
    /// Objects that were there and are as they were.
    pub unchanged: u64,
    /// Objects that are gone.
    pub removed: u64,
}
