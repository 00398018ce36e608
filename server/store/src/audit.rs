//! The audit trail: who read or changed which customer.

use std::sync::Arc;

use customers_types::{
    access::Clause,
    field::CustomerField,
    id::{CustomerPubId, TokenId},
    scalar::Timestamp,
};

use crate::{error::StoreError, token::Holder};

/// One read or one change of one customer.
///
/// It says what happened by identifiers and names; a value that is about a person is never in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When the request came.
    pub at: Timestamp,
    /// For whom the token acted.
    pub holder: Holder,
    /// The token that was shown.
    pub token: TokenId,
    /// The request, as the log and the answer name it.
    pub request_id: String,
    /// The operation, as the document names it.
    pub operation: String,
    /// The customer.
    pub customer: CustomerPubId,
    /// The clause of the access rule by which the holder was let in.
    pub clause: Clause,
    /// The fields that were changed, or that a new customer has; none for a read, and none for a
    /// customer that directory records removed.
    pub fields: Vec<CustomerField>,
}

/// Entries that are appended together.
///
/// Writer and number are its name: a batch may be appended again when nobody knows what became of
/// it, and is there once.
#[derive(Clone)]
pub struct AuditBatch {
    /// Who appends it: a number that no other writer has, at this or another server.
    pub writer: u128,
    /// Greater than those of all batches that this writer has appended before.
    pub number: i64,
    /// The entries.
    pub entries: Arc<[AuditEntry]>,
}

/// The request behind a change, for the row that the store writes with it.
#[derive(Clone)]
pub struct AuditOrigin {
    /// The request, as the log and the answer name it.
    pub request_id: String,
    /// The operation, as the document names it.
    pub operation: String,
}

/// A part of a trail, as it was appended.
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// Where the next part begins; `None` if this was the last one.
    pub next: Option<AuditPosition>,
}

/// A place in a trail: behind the entry with this key.
#[derive(Clone, Copy)]
pub struct AuditPosition {
    pub(crate) key: i64,
}

/// The fields as they are kept.
pub(crate) fn encode_fields(fields: &[CustomerField]) -> Option<String> {
    let names: Vec<_> = fields.iter().map(|field| field.name()).collect();
    (!names.is_empty()).then(|| names.join(","))
}

/// The fields that were kept.
pub(crate) fn decode_fields(names: Option<String>) -> Result<Vec<CustomerField>, StoreError> {
    let Some(names) = names else { return Ok(Vec::new()) };
    let fields = names.split(',').map(str::parse).collect::<Result<_, _>>();
    fields.map_err(|_| StoreError::Corrupt("fields"))
}
