//! What two steps do not show, and one at once does.

use std::collections::BTreeMap;

use openapi_contract::Verdict;
use serde_json::{Value, json};

use super::{compared, schemas::places};
use crate::case;

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

#[test]
fn what_comes_back_otherwise_is_worse_at_once_than_in_steps() {
    let answer = |schema: Option<&str>| {
        let mut thing = json!({ "id": { "type": "string" } });
        if let Some(schema) = schema {
            thing["size?"] = json!({ "type": schema });
        }
        case::document(&json!({ "object": thing }), Some("response"))
    };
    let [a, b, c] = [Some("string"), None, Some("integer")].map(answer);
    let wire = |base, head| compared(base, head).wire;
    assert_eq!(wire(&a, &b), Verdict::Warning);
    assert_eq!(wire(&b, &c), Verdict::Compatible);
    assert_eq!(wire(&a, &c), Verdict::Breaking);
    assert!(comes_back_otherwise([&a, &b, &c]));
    // What comes back as it was is no exception, nor is what never went.
    assert!(!comes_back_otherwise([&a, &b, &a]));
    assert!(!comes_back_otherwise([&a, &c, &c]));
    assert!(!comes_back_otherwise([&b, &a, &c]));
}
