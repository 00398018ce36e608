//! What two steps do not show, and one at once does.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schemas::places;

/// Whether the first step takes a property away and the second brings one of its name back for
/// something else.
///
/// This is the one break that is worse at once than in steps. Whoever still reads the old property
/// is told by the first step that it may be missing, which is a warning where it was optional in an
/// answer; the second adds a property that nobody of the time between reads.
pub(crate) fn comes_back_otherwise([a, b, c]: [&Value; 3]) -> bool {
    let (before, between, after) = (properties(a), properties(b), properties(c));
    before.iter().any(|(name, schemas)| {
        let count = |all: &Properties<'_>| all.get(name).map_or(0, Vec::len);
        let (gone, back) = (count(&between) < schemas.len(), count(&after) > count(&between));
        gone && back && after.get(name) != Some(schemas)
    })
}

type Properties<'a> = BTreeMap<&'a str, Vec<&'a Value>>;

/// All properties of a name, wherever they are declared.
fn properties(document: &Value) -> Properties<'_> {
    let mut all = Properties::new();
    for place in places(document) {
        let declared = document.pointer(&place).and_then(|schema| schema["properties"].as_object());
        for (name, schema) in declared.into_iter().flatten() {
            all.entry(name).or_default().push(schema);
        }
    }
    all
}
