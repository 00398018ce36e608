//! What a document will be once a branch is merged.
//!
//! Two changes, each fine, can break together: one adds a required field to answers, the other
//! takes the same body in a request. Neither branch shows it, their merge does. To compare a
//! branch with the tip of another as they are would instead find that it lacks what the other has
//! added since they parted, which it does not take away.

use serde_json::{Map, Value};

/// Two editions made one.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// Where both changed the same, it is as in `ours`.
    pub value: Value,
    /// JSON pointers to these places.
    pub conflicts: Vec<String>,
}

/// Joins what `ours` and `theirs` each made of `base`.
#[must_use]
pub fn merge(base: &Value, ours: &Value, theirs: &Value) -> Merged {
    let mut conflicts = Vec::new();
    let value = merged(Some(base), Some(ours), Some(theirs), "", &mut conflicts);
    Merged { value: value.unwrap_or_default(), conflicts }
}

fn merged(
    base: Option<&Value>,
    ours: Option<&Value>,
    theirs: Option<&Value>,
    pointer: &str,
    conflicts: &mut Vec<String>,
) -> Option<Value> {
    if ours == theirs || theirs == base {
        return ours.cloned();
    }
    if ours == base {
        return theirs.cloned();
    }
    match (ours, theirs) {
        (Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
            let base = base.and_then(Value::as_object);
            Some(Value::Object(merged_objects(base, ours, theirs, pointer, conflicts)))
        }
        (Some(Value::Array(ours)), Some(Value::Array(theirs))) => {
            let base = base.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            Some(Value::Array(merged_lists(base, ours, theirs, pointer, conflicts)))
        }
        _ => {
            conflicts.push(pointer.to_owned());
            ours.cloned()
        }
    }
}

fn merged_objects(
    base: Option<&Map<String, Value>>,
    ours: &Map<String, Value>,
    theirs: &Map<String, Value>,
    pointer: &str,
    conflicts: &mut Vec<String>,
) -> Map<String, Value> {
    let only_theirs = theirs.keys().filter(|name| !ours.contains_key(*name));
    let mut all = Map::new();
    for name in ours.keys().chain(only_theirs) {
        let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        let base = base.and_then(|base| base.get(name));
        let value = merged(base, ours.get(name), theirs.get(name), &pointer, conflicts);
        if let Some(value) = value {
            all.insert(name.clone(), value);
        }
    }
    all
}

/// Lists in a document are sets, but for texts in examples: of parameters by place and name, of
/// alternatives, of names, of values.
fn merged_lists(
    base: &[Value],
    ours: &[Value],
    theirs: &[Value],
    pointer: &str,
    conflicts: &mut Vec<String>,
) -> Vec<Value> {
    let of = |list: &[Value], key: &Value| list.iter().find(|item| identity(item) == *key).cloned();
    let only_theirs = theirs.iter().filter(|item| of(ours, &identity(item)).is_none());
    let mut all = Vec::new();
    for item in ours.iter().chain(only_theirs) {
        let key = identity(item);
        let (base, ours, theirs) = (of(base, &key), of(ours, &key), of(theirs, &key));
        all.extend(merged(base.as_ref(), ours.as_ref(), theirs.as_ref(), pointer, conflicts));
    }
    all
}

/// By what an item of a list is the same in another edition: a parameter by where it is and its
/// name, a tag or a server by what it is called, anything else by all that it says.
fn identity(item: &Value) -> Value {
    let of = |names: &[&str]| -> Option<Value> {
        let parts = names.iter().map(|name| item.get(name).filter(|part| part.is_string()));
        Some(Value::Array(parts.map(Option::<&Value>::cloned).collect::<Option<_>>()?))
    };
    of(&["in", "name"]).or_else(|| of(&["name"])).or_else(|| of(&["url"])).unwrap_or(item.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_either_adds_or_removes_is_in_the_merge() {
        let base = json!({"kept": 1, "gone": 2, "list": ["a", "b"]});
        let ours = json!({"kept": 1, "ours": 3, "gone": 2, "list": ["a", "b", "c"]});
        let theirs = json!({"kept": 4, "list": ["b", "d"]});
        let merged = merge(&base, &ours, &theirs);
        assert_eq!(merged.value, json!({"kept": 4, "ours": 3, "list": ["b", "c", "d"]}));
        assert!(merged.conflicts.is_empty());
    }

    #[test]
    fn a_parameter_is_the_same_wherever_it_stands() {
        let parameter =
            |name: &str, required: bool| json!({"in": "query", "name": name, "required": required});
        let merged = merge(
            &json!([parameter("a", false)]),
            &json!([parameter("b", false), parameter("a", false)]),
            &json!([parameter("a", true)]),
        );
        assert_eq!(merged.value, json!([parameter("b", false), parameter("a", true)]));
    }

    #[test]
    fn where_both_change_the_same_ours_stands_and_the_place_is_named() {
        let merged = merge(&json!({"a/b": 1}), &json!({"a/b": 2}), &json!({"a/b": 3}));
        assert_eq!(merged.value, json!({"a/b": 2}));
        assert_eq!(merged.conflicts, ["/a~1b"]);
    }
}
