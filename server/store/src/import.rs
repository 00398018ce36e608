//! What goes into an import, and what comes back.

pub(crate) mod row;
pub(crate) mod table;

use std::collections::BTreeMap;

use customers_types::{
    access::{Action, Clause},
    field::CustomerField,
    id::CustomerPubId,
    scalar::Timestamp,
    token::TokenHash,
};

use crate::{
    audit::{AuditEntry, AuditOrigin},
    principal::Principal,
    record::{Change, RecordType},
    token::Token,
};

/// A part of the source.
pub enum Batch {
    /// Records, each with its number, such as that of its line.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Its number: of the line it stands on, or of its place among the records.
    pub number: u64,
    /// The field at fault.
    pub field: &'static str,
    /// Why.
    pub reason: Reason,
}

/// Why a record can't be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The record of this number is about the same object, and none of the two could win.
    SameObject(u64),
    /// Neither the store nor another record has the object of this type that it refers to.
    Missing(&'static str),
    /// The store has another customer of the user, who can have only one.
    OtherCustomer,
    /// The record of this number is of another customer of the user.
    SameUser(u64),
    /// It would remove what an object of this type still refers to.
    ReferredTo(&'static str),
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
    pub record_type: RecordType,
    /// The same in words, which tell roles on the platform from those in organizations.
    pub label: &'static str,
    /// Objects that are new.
    pub added: u64,
    /// Objects that were there and are different now.
    pub changed: u64,
    /// Objects that were there and are as they were.
    pub unchanged: u64,
    /// Objects that are gone.
    pub removed: u64,
}

/// Directory records, as the holder of a token wants them applied.
pub struct RecordsChange {
    /// The hash of the token.
    pub token: TokenHash,
    /// The records; their numbers are their places, from 0.
    pub records: Vec<Change>,
    /// When.
    pub now: Timestamp,
    /// By which request.
    pub origin: AuditOrigin,
}

/// What became of a [`RecordsChange`].
pub struct RecordsAttempt {
    /// The holder of the token, as it was before the records were applied.
    pub principal: Principal,
    /// The rest.
    pub outcome: RecordsOutcome,
}

/// Whether records were applied.
#[derive(Debug)]
pub enum RecordsOutcome {
    /// They were not: the token does not count, or the rule does not let its holder.
    NotAllowed,
    /// They were not, because of these, which are in the order of their numbers.
    Refused(Vec<Fault>),
    /// They were.
    Applied(Summary),
}

/// An entry for each customer. Who may write records may do so by a role on the platform.
pub(crate) fn audit_entries(
    token: &Token,
    affected: BTreeMap<CustomerPubId, Vec<CustomerField>>,
    now: Timestamp,
    origin: &AuditOrigin,
) -> Vec<AuditEntry> {
    let entry = |(customer, fields)| AuditEntry {
        at: now,
        holder: token.holder,
        token: token.id,
        request_id: origin.request_id.clone(),
        operation: origin.operation.clone(),
        customer,
        clause: Clause::Platform,
        fields,
    };
    affected.into_iter().map(entry).collect()
}

/// Whether the holder of the token may write records, as it is now.
pub(crate) fn may_write(principal: &Principal, now: Timestamp) -> bool {
    let counts = principal.token.validity.lapse(now).is_none();
    counts && principal.standing().holds_on_platform(Action::DirectoryWrite, now)
}

impl Summary {
    /// Of those types of which there were records.
    pub(crate) fn of(types: Vec<TypeSummary>) -> Self {
        let is_about_something = |summary: &TypeSummary| {
            summary.added + summary.changed + summary.unchanged + summary.removed > 0
        };
        Self { types: types.into_iter().filter(is_about_something).collect() }
    }
}
