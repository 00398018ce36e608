//! Whether a default is a value of its type; typify refuses the document where one is not.

use serde_json::Value;

use super::{Data, Entry, Id, Plain, Shape, State, Tag, Types, object::field_lists};
use crate::client::refusal::Refusal;

/// How deep defaults are looked into; a type may hold itself.
const MAX_DEPTH: u32 = 100;

impl Types<'_> {
    /// Looks at the defaults of all types from this one on.
    pub(super) fn check_defaults(&mut self, first: usize) {
        let mut refusals = Vec::new();
        for entry in self.entries.iter().skip(first) {
            let Some(Entry::Named(named)) = entry else { continue };
            let whole = named.default;
            if whole.is_some_and(|default| !self.is_a(&named.shape, default, MAX_DEPTH)) {
                refusals.push(Refusal::at(&named.place, "its `default` is not of its type"));
            }
            for field in field_lists(&named.shape).into_iter().flatten() {
                if let State::Default(default) = field.state
                    && !self.accepts(field.of, default, MAX_DEPTH)
                {
                    refusals.push(Refusal::at(&field.place, "its `default` is not of its type"));
                }
            }
        }
        self.refusals.extend(refusals);
    }

    pub(super) fn accepts_entry(&self, entry: &Entry<'_>, value: &Value) -> bool {
        match entry {
            // typify looks at a text only where it writes it down.
            Entry::Plain(Plain::String) => true,
            Entry::Named(named) => self.is_a(&named.shape, value, MAX_DEPTH),
            Entry::Plain(plain) => self.is_plainly(plain, value, MAX_DEPTH),
            Entry::Same(id) => self.accepts(*id, value, MAX_DEPTH),
        }
    }

    fn accepts(&self, id: Id, value: &Value, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return true };
        match self.get(id) {
            Some(Entry::Named(named)) => self.is_a(&named.shape, value, depth),
            Some(Entry::Plain(plain)) => self.is_plainly(plain, value, depth),
            _ => true,
        }
    }

    fn is_a(&self, shape: &Shape<'_>, value: &Value, depth: u32) -> bool {
        match shape {
            Shape::Newtype { of, .. } => self.accepts(*of, value, depth),
            Shape::Struct(fields) => value.as_object().is_some_and(|members| {
                fields.iter().all(|field| {
                    // Fields are known by their Rust names here, so only names that need no
                    // change are looked up.
                    match members.get(&field.name) {
                        Some(value) => self.accepts(field.of, value, depth),
                        None => true,
                    }
                })
            }),
            Shape::Enum { tag: Tag::External, variants } => {
                let simple = |it: &super::Variant<'_>| matches!(it.data, Data::None);
                match value {
                    Value::String(text) => variants.iter().any(|it| simple(it) && it.raw == *text),
                    Value::Object(members) => {
                        members.len() == 1
                            && variants.iter().any(|it| members.contains_key(&it.raw))
                    }
                    _ => false,
                }
            }
            Shape::Enum { .. } | Shape::Opaque(_) => true,
        }
    }

    fn is_plainly(&self, plain: &Plain, value: &Value, depth: u32) -> bool {
        match plain {
            Plain::Unit => value.is_null(),
            Plain::Bool => value.is_boolean(),
            Plain::Integer(_) => value.is_u64() || value.is_i64(),
            Plain::Float(_) => value.is_number(),
            Plain::String => value.is_string(),
            // typify looks at neither any further.
            Plain::Native(_) | Plain::Json => true,
            Plain::Option(of) => value.is_null() || self.accepts(*of, value, depth),
            Plain::Box(of) => self.accepts(*of, value, depth),
            Plain::Vec(of) | Plain::Set(of) | Plain::Array(of, _) => value
                .as_array()
                .is_some_and(|items| items.iter().all(|item| self.accepts(*of, item, depth))),
            Plain::Map(_, of) => value
                .as_object()
                .is_some_and(|members| members.values().all(|it| self.accepts(*of, it, depth))),
        }
    }
}
