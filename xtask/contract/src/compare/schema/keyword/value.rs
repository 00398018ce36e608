//! Differences between lists of values.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Sides;
use crate::{
    compare::{
        rules,
        schema::{Difference, Effect, SchemaWalk, shown},
    },
    document::Pointer,
    rule::Rule,
    schema::{accept::equal, atom::Atom},
};

impl<'d> SchemaWalk<'_, 'd> {
    pub(super) fn compare_values(&mut self, sides: Sides<'_, 'd>) {
        match (&sides.base.values, &sides.head.values) {
            (Some(before), Some(after)) => {
                let listed = Listed::of(sides.base);
                for value in missing(before, after) {
                    self.report_value(
                        sides,
                        &listed,
                        value,
                        &rules::ENUM_VALUE_REMOVED,
                        Effect::MayNarrow,
                    );
                }
                let listed = Listed::of(sides.head);
                for value in missing(after, before) {
                    self.report_value(
                        sides,
                        &listed,
                        value,
                        &rules::ENUM_VALUE_ADDED,
                        Effect::MayWiden,
                    );
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
        listed: &Listed<'_, 'd>,
        value: Value,
        rule: &'static Rule,
        effect: Effect,
    ) {
        let gone = effect == Effect::MayNarrow;
        let mut place = sides.place("enum");
        let side = if gone { &mut place.base } else { &mut place.head };
        *side = listed.place(&value);
        let (before, after) =
            if gone { (value.clone(), Value::Null) } else { (Value::Null, value.clone()) };
        let about = shown(&value);
        let candidates = vec![value];
        let difference = Difference { rule, effect, place, before, after, about, candidates };
        self.report(sides.node, difference);
    }
}

/// Where the values of an alternative are listed.
struct Listed<'a, 'd> {
    atom: &'a Atom<'d>,
    /// Texts, of which there may be many, by keyword and place in its list.
    texts: HashMap<&'d str, (&'static str, usize)>,
}

impl<'a, 'd> Listed<'a, 'd> {
    fn of(atom: &'a Atom<'d>) -> Self {
        let mut texts = HashMap::new();
        for (keyword, index, value) in Self::values(atom) {
            if let Value::String(text) = value {
                texts.entry(text.as_str()).or_insert((keyword, index));
            }
        }
        Self { atom, texts }
    }

    /// All of them: those of an `enum`, or of several schemas of some values each.
    fn values(atom: &Atom<'d>) -> impl Iterator<Item = (&'static str, usize, &'d Value)> {
        let lists = ["enum", "oneOf", "anyOf"].into_iter().filter_map(|keyword| {
            let list = atom.origin.keyword(keyword)?.as_array()?;
            Some(list.iter().enumerate().map(move |(index, listed)| (keyword, index, listed)))
        });
        lists.flatten().flat_map(|(keyword, index, listed)| {
            let values = match keyword {
                "enum" => std::slice::from_ref(listed),
                _ => listed.get("enum").and_then(Value::as_array).map_or(&[][..], Vec::as_slice),
            };
            values.iter().map(move |value| (keyword, index, value))
        })
    }

    fn place(&self, value: &Value) -> Pointer {
        let found = match value {
            Value::String(text) => self.texts.get(text.as_str()).copied(),
            _ => Self::values(self.atom)
                .find(|(.., listed)| equal(listed, value))
                .map(|(keyword, index, _)| (keyword, index)),
        };
        let origin = &self.atom.origin;
        found.map_or_else(
            || origin.place("enum"),
            |(keyword, index)| origin.pointer.join(keyword).join(index),
        )
    }
}

/// What is said of each value.
fn descriptions<'a>(atom: &'a Atom<'_>) -> Vec<&'a Value> {
    let variants = atom.origin.keyword("oneOf").and_then(Value::as_array);
    variants.into_iter().flatten().filter_map(|variant| variant.get("description")).collect()
}

fn missing(from: &[Value], to: &[Value]) -> Vec<Value> {
    // There may be many texts; of other values there are few.
    let (texts, others): (Vec<_>, Vec<_>) = to.iter().partition(|value| value.is_string());
    let texts: HashSet<_> = texts.into_iter().filter_map(Value::as_str).collect();
    let is_missing = |value: &&Value| match value {
        Value::String(text) => !texts.contains(text.as_str()),
        _ => !others.iter().any(|other| equal(other, value)),
    };
    from.iter().filter(is_missing).cloned().collect()
}
