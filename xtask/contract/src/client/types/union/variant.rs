//! The names of variants that have none of their own.

use std::collections::HashSet;

use heck::{ToKebabCase, ToPascalCase};

use crate::client::{
    name,
    schema::{Schema, referred},
};

/// The names of the variants: those of their types without what they have in common, or numbers.
pub(super) fn variant_names(parts: &[Schema<'_>]) -> Vec<String> {
    let numbered = || (0..parts.len()).map(|index| format!("Variant{index}")).collect();
    let Some(names) = parts.iter().map(type_name).collect::<Option<Vec<_>>>() else {
        return numbered();
    };
    if names.iter().collect::<HashSet<_>>().len() != names.len() {
        return numbered();
    }
    let common = names.iter().cloned().reduce(|one, other| common_prefix(&one, &other));
    let length = common.map_or(0, |common| common.len());
    let rest =
        |name: &String| name.get(length..).filter(|rest| !rest.is_empty()).map(str::to_owned);
    names.iter().map(rest).collect::<Option<Vec<_>>>().unwrap_or_else(numbered)
}

fn common_prefix(one: &str, other: &str) -> String {
    let (one, other) = (one.to_kebab_case(), other.to_kebab_case());
    let words = one.split('-').zip(other.split('-'));
    let common = words.take_while(|(one, other)| one == other).map(|(word, _)| word);
    common.collect::<Vec<_>>().join("-").to_pascal_case()
}

/// The name that the type of a schema will probably have.
fn type_name(schema: &Schema<'_>) -> Option<String> {
    let form = schema.form()?;
    let raw = if let Some(reference) = form.only_reference() {
        referred(reference)?.into_owned()
    } else if let Some(title) = form.title {
        title.to_owned()
    } else if form.is_composed() && form.is_plain() {
        return type_name(form.only_part()?);
    } else {
        let kind = form.kind()?;
        form.format.map_or_else(|| format!("{kind:?}"), ToPascalCase::to_pascal_case)
    };
    Some(name::of_type(&raw))
}
