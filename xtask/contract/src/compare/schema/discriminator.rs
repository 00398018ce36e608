//! What tells the variants of a union apart, where the document says so.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Difference, Effect, SchemaWalk};
use crate::{
    compare::{draft::Place, rules},
    schema::{SchemaRef, Type},
    verdict::Verdict,
};

impl<'d> SchemaWalk<'_, 'd> {
    /// By which property, and by which of its values.
    pub(super) fn compare_discriminators(&mut self, node: usize, base: &Type<'d>, head: &Type<'d>) {
        let (Some(base), Some(head)) = (base.first(), head.first()) else { return };
        let (base, head) = (self.schemas.resolve(base), self.schemas.resolve(head));
        let keyword = "discriminator";
        let (Some(before), Some(after)) = (base.keyword(keyword), head.keyword(keyword)) else {
            return;
        };
        if normal_discriminator(before) == normal_discriminator(after)
            && !renames(&names_of_variants(&base, before), &names_of_variants(&head, after))
        {
            return;
        }
        self.report(
            node,
            Difference {
                rule: &rules::DISCRIMINATOR_CHANGED,
                // The schemas don't show which values tell the variants apart.
                effect: Effect::Fixed(Verdict::Warning),
                place: Place { base: base.place(keyword), head: head.place(keyword) },
                before: before.clone(),
                after: after.clone(),
                about: "a variant may be told by another property or name".to_owned(),
                candidates: Vec::new(),
            },
        );
    }
}

/// The components by whose names variants are told apart, where the mapping says no other.
fn names_of_variants<'d>(schema: &SchemaRef<'d>, discriminator: &Value) -> BTreeSet<&'d str> {
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let is_mapped = |target: &str| {
        let mut targets = mapping.into_iter().flatten().filter_map(|(_, it)| it.as_str());
        targets.any(|mapped| mapped == target || mapped == name_of(target))
    };
    let variants = ["oneOf", "anyOf"].into_iter().filter_map(|keyword| schema.keyword(keyword));
    let variants = variants.filter_map(Value::as_array).flatten();
    let targets = variants.filter_map(|variant| variant.get("$ref")?.as_str());
    targets.filter(|target| !is_mapped(target)).map(name_of).collect()
}

fn name_of(target: &str) -> &str {
    target.rsplit('/').next().unwrap_or(target)
}

/// Whether names were given up for others. Where there are only more, or fewer, that is told of the
/// variants themselves.
fn renames(before: &BTreeSet<&str>, after: &BTreeSet<&str>) -> bool {
    before.difference(after).next().is_some() && after.difference(before).next().is_some()
}

/// A discriminator, without what its mapping says by default.
fn normal_discriminator(discriminator: &Value) -> Value {
    let mut discriminator = discriminator.clone();
    let Some(members) = discriminator.as_object_mut() else { return discriminator };
    if let Some(mapping) = members.get_mut("mapping").and_then(Value::as_object_mut) {
        mapping.retain(|name, target| target.as_str().map(name_of) != Some(name.as_str()));
        if mapping.is_empty() {
            members.remove("mapping");
        }
    }
    discriminator
}
