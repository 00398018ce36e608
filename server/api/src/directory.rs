//! Directory records on the wire.
//!
//! The body has no `Debug`: what it holds must not be printed by accident.

pub use customers_types::record::{Change, RecordType};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// The largest body of a request, in bytes.
pub const LARGEST_BODY: usize = 2 * 1024 * 1024;

/// The most records that one request may have.
const MOST_RECORDS: usize = 1_000;

/// Directory records that are applied together: all of them or none.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectoryRecords {
    /// The records, in any order; each object at most once.
    #[serde(deserialize_with = "not_too_many")]
    #[schemars(length(min = 1, max = "MOST_RECORDS"))]
    pub records: Vec<Change>,
}

/// What became of the records.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DirectorySummary {
    /// The types of which there were records.
    pub types: Vec<RecordTypeSummary>,
}

/// What became of the records of one type.
///
/// A removal of what is not there counts nowhere.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RecordTypeSummary {
    /// The type.
    #[serde(rename = "type")]
    pub record_type: RecordType,
    /// Objects that are new.
    pub added: u64,
    /// Objects that were there and are different now.
    pub changed: u64,
    /// Objects that were there and are as they were.
    pub unchanged: u64,
    /// Objects that are gone.
    pub removed: u64,
}

fn not_too_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Change>, D::Error> {
    let records = Vec::deserialize(deserializer)?;
    if (1..=MOST_RECORDS).contains(&records.len()) {
        Ok(records)
    } else {
        Err(de::Error::custom(format_args!("expected 1 to {MOST_RECORDS} records")))
    }
}
