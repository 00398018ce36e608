//! What there is to say about a change, for formats that have no form of their own for it.

use openapi_contract::Verdict;

use super::{outline::Entry, wording};

/// Each with its name. `shown` makes text of documents harmless where it is to be written; values
/// have `limit` characters at most.
pub(super) fn facts(
    entry: &Entry<'_>,
    limit: usize,
    shown: fn(&str) -> String,
) -> Vec<(&'static str, String)> {
    let change = entry.change;
    let (before, after) = wording::before_and_after(change, limit);
    let mut facts = vec![
        ("wire", format!("{}, client: {}", change.wire, change.client)),
        ("operations", wording::operations(change, shown)),
        ("before", before),
        ("after", after),
    ];
    if let Some(witness) = &change.witness {
        let proof = wording::proof(witness.accepted_by, witness.refused_by);
        facts.push(("witness", format!("{proof}: {}", wording::value(&witness.value, limit))));
    }
    // What breaks nobody needs no other way.
    if change.worst() > Verdict::Compatible {
        facts.push(("without breaking", change.remedy().to_owned()));
    }
    if let Some(reason) = entry.accepted {
        facts.push(("accepted", shown(reason)));
    }
    facts
}
