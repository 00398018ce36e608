//! Differences between lists of values.

use serde_json::Value;

use super::Sides;
use crate::{
    compare::{
        rules,
        schema::{Effect, SchemaWalk, shown},
    },
    document::Pointer,
    rule::Rule,
    schema::{accept::equal, atom::Atom},
};

impl<'d> SchemaWalk<'_, 'd> {
    pub(super) fn compare_values(&mut self, sides: Sides<'_, 'd>) {
        match (&sides.base.values, &sides.head.values) {
            (Some(before), Some(after)) => {
                for value in missing(before, after) {
                    self.report_value(sides, value, &rules::ENUM_VALUE_REMOVED, Effect::MayNarrow);
                }
                for value in missing(after, before) {
                    self.report_value(sides, value, &rules::ENUM_VALUE_ADDED, Effect::MayWiden);
                }
                self.compare_spellings(sides);
            }
            (before, after) => {
                let (rule, effect, free): (&'static Rule, _, _) = if before.is_none() {
                    (&rules::ENUM_ADDED, Effect::MayNarrow, sides.base)
                } else {
                    (&rules::ENUM_REMOVED, Effect::MayWiden, sides.head)
                };
                let all =
                    |values: &Option<Vec<Value>>| values.clone().map_or(Value::Null, Value::Array);
                let mut difference =
                    sides.difference(rule, effect, "enum", "a value that is not listed");
                (difference.before, difference.after) = (all(before), all(after));
                difference.candidates =
                    self.schemas.samples_of(free, self.nodes[sides.node].direction);
                self.report(sides.node, difference);
            }
        }
    }

    /// A list of values, or one alternative for each so that it can be described: only people care.
    fn compare_spellings(&mut self, sides: Sides<'_, 'd>) {
        let is_list = |atom: &Atom<'d>| atom.origin.keyword("enum").is_some();
        if is_list(sides.base) != is_list(sides.head)
            && descriptions(sides.base) != descriptions(sides.head)
        {
            let about = "the values are only described otherwise";
            let rule = &rules::DOCUMENTATION_CHANGED;
            let mut difference = sides.difference(rule, Effect::Nothing, "oneOf", about);
            difference.before = sides.base.origin.value.clone();
            difference.after = sides.head.origin.value.clone();
            self.report(sides.node, difference);
        }
    }

    fn report_value(
        &mut self,
        sides: Sides<'_, 'd>,
        value: Value,
        rule: &'static Rule,
        effect: Effect,
    ) {
        let gone = effect == Effect::MayNarrow;
        let mut difference = sides.difference(rule, effect, "enum", &shown(&value));
        if gone {
            difference.place.base = place_of_value(sides.base, &value);
        } else {
            difference.place.head = place_of_value(sides.head, &value);
        }
        difference.before = if gone { value.clone() } else { Value::Null };
        difference.after = if gone { Value::Null } else { value.clone() };
        difference.candidates = vec![value];
        self.report(sides.node, difference);
    }
}

/// Where a value is listed: in an `enum`, or as one of several schemas of one value each.
fn place_of_value(atom: &Atom<'_>, value: &Value) -> Pointer {
    let lists = |listed: &Value| {
        let values = listed.get("enum").and_then(Value::as_array);
        values.into_iter().flatten().any(|listed| equal(listed, value))
    };
    let is_it = |keyword: &str, listed: &Value| match keyword {
        "enum" => equal(listed, value),
        _ => lists(listed),
    };
    let found = ["enum", "oneOf", "anyOf"].into_iter().find_map(|keyword| {
        let all = atom.origin.keyword(keyword)?.as_array()?;
        let index = all.iter().position(|listed| is_it(keyword, listed))?;
        Some(atom.origin.pointer.join(keyword).join(index))
    });
    found.unwrap_or_else(|| atom.origin.place("enum"))
}

/// What is said of each value.
fn descriptions<'a>(atom: &'a Atom<'_>) -> Vec<&'a Value> {
    let variants = atom.origin.keyword("oneOf").and_then(Value::as_array);
    variants.into_iter().flatten().filter_map(|variant| variant.get("description")).collect()
}

fn missing(from: &[Value], to: &[Value]) -> Vec<Value> {
    let is_missing = |value: &&Value| !to.iter().any(|other| equal(other, value));
    from.iter().filter(is_missing).cloned().collect()
}
