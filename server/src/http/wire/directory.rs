//! Directory records on the wire.

use customers_api::directory::{DirectorySummary, RecordTypeSummary};
use customers_store::import::Summary;
use dropshot::HttpResponseOk;

/// What records did. On the wire a membership is a membership, whether in an organization or on
/// the platform.
pub(in crate::http) fn summary(summary: Summary) -> HttpResponseOk<DirectorySummary> {
    let mut types: Vec<RecordTypeSummary> = Vec::with_capacity(summary.types.len());
    for row in summary.types {
        match types.iter_mut().find(|present| present.record_type == row.record_type) {
            Some(present) => {
                present.added += row.added;
                present.changed += row.changed;
                present.unchanged += row.unchanged;
                present.removed += row.removed;
            }
            None => types.push(RecordTypeSummary {
                record_type: row.record_type,
                added: row.added,
                changed: row.changed,
                unchanged: row.unchanged,
                removed: row.removed,
            }),
        }
    }
    HttpResponseOk(DirectorySummary { types })
}
