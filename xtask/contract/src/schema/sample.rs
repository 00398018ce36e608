//! Values that a type accepts.

use serde_json::{Map, Value, json};

use super::{
    Schemas, Type,
    atom::{Additional, Arrays, Atom, Body, Count, Numbers, Objects, Texts},
    number::{Bound, Num},
    text,
};
use crate::verdict::Direction;

/// Longer texts and arrays are not made.
const LONGEST: u64 = 2000;

impl<'d> Schemas<'d> {
    /// A small value that the type accepts, if one is found.
    pub(crate) fn sample(&self, ty: &Type<'d>, direction: Direction) -> Option<Value> {
        let key = (ty.key(), direction);
        if let Some(known) = self.samples.borrow().get(&key) {
            return known.clone();
        }
        if !self.step() {
            return None;
        }
        // Where making it needs a value of the same type, another alternative has to do.
        self.samples.borrow_mut().insert(key.clone(), None);
        let sample = self
            .deeper(|| {
                let expansion = self.expand(ty, direction);
                let mut candidates =
                    expansion.atoms.iter().flat_map(|atom| self.samples_of(atom, direction));
                candidates.find(|value| self.accepts(ty, value, direction) == Some(true))
            })
            .flatten();
        self.samples.borrow_mut().insert(key, sample.clone());
        sample
    }

    /// Values that the alternative may accept; they still have to be tried.
    pub(crate) fn samples_of(&self, atom: &Atom<'d>, direction: Direction) -> Vec<Value> {
        if let Some(values) = &atom.values {
            return values.clone();
        }
        match &atom.body {
            Body::Null => vec![Value::Null],
            Body::Boolean => vec![Value::Bool(true), Value::Bool(false)],
            Body::Number(numbers) => samples_of_numbers(numbers),
            Body::Text(texts) => samples_of_texts(texts, atom.origin.value),
            Body::Array(arrays) => self.samples_of_arrays(arrays, direction),
            Body::Object(objects) => {
                self.sample_object(objects, direction, &[], &[]).into_iter().collect()
            }
        }
    }

    fn samples_of_arrays(&self, arrays: &Arrays<'d>, direction: Direction) -> Vec<Value> {
        let mut samples = Vec::new();
        if arrays.count.min == 0 {
            samples.push(json!([]));
        }
        let few = arrays.count.min.max(1);
        if arrays.count.has(few)
            && let Some(items) = self.items(arrays, few, direction)
        {
            samples.push(Value::Array(items));
        }
        samples
    }

    /// So many items; different ones where they have to be.
    pub(crate) fn items(
        &self,
        arrays: &Arrays<'d>,
        count: u64,
        direction: Direction,
    ) -> Option<Vec<Value>> {
        if count > LONGEST {
            return None;
        }
        let count = usize::try_from(count).ok()?;
        if count == 0 {
            return Some(Vec::new());
        }
        if !arrays.unique {
            return Some(vec![self.sample(&arrays.items, direction)?; count]);
        }
        let different = self.different(&arrays.items, count, direction);
        (different.len() == count).then_some(different)
    }

    /// Up to so many values of a type that are all different.
    fn different(&self, ty: &Type<'d>, count: usize, direction: Direction) -> Vec<Value> {
        let expansion = self.expand(ty, direction);
        let mut found: Vec<Value> = Vec::new();
        let known = expansion.atoms.iter().flat_map(|atom| self.samples_of(atom, direction));
        let numbered =
            (0..count).flat_map(|number| [json!(number), json!(format!("{number:a>4}"))]);
        for value in known.chain(numbered) {
            if found.len() < count
                && !found.contains(&value)
                && self.accepts(ty, &value, direction) == Some(true)
            {
                found.push(value);
            }
        }
        found
    }

    /// An object with what is required, these properties, and not those.
    pub(crate) fn sample_object(
        &self,
        objects: &Objects<'d>,
        direction: Direction,
        with: &[(&str, Value)],
        without: &[&str],
    ) -> Option<Value> {
        // It is kept, and shown, for each difference that it proves.
        if !self.steps(2 * objects.required.len()) {
            return None;
        }
        let mut members = Map::new();
        for &name in objects.required.iter().filter(|name| !without.contains(name)) {
            let value = match (objects.properties.get(name), &objects.additional) {
                (Some(ty), _) | (None, Additional::Typed(ty)) => self.sample(ty, direction)?,
                (None, Additional::Open) => Value::from("any"),
                (None, Additional::Closed) => return None,
            };
            members.insert(name.to_owned(), value);
        }
        for (name, value) in with {
            members.insert((*name).to_owned(), value.clone());
        }
        self.fill(objects, &mut members, without, direction);
        Some(Value::Object(members))
    }

    /// An object with so many properties.
    pub(crate) fn sample_of_size(
        &self,
        objects: &Objects<'d>,
        size: u64,
        direction: Direction,
    ) -> Option<Value> {
        let mut objects = objects.clone();
        objects.count.min = size;
        self.sample_object(&objects, direction, &[], &[])
    }

    /// Adds properties until there are as many as there have to be.
    fn fill(
        &self,
        objects: &Objects<'d>,
        members: &mut Map<String, Value>,
        without: &[&str],
        direction: Direction,
    ) {
        let least = usize::try_from(objects.count.min.min(LONGEST)).unwrap_or(0);
        for (&name, ty) in &objects.properties {
            if members.len() < least
                && !members.contains_key(name)
                && !without.contains(&name)
                && let Some(value) = self.sample(ty, direction)
            {
                members.insert(name.to_owned(), value);
            }
        }
        for number in 0..least.saturating_sub(members.len()) {
            let value = match &objects.additional {
                Additional::Open => Some(Value::from("any")),
                Additional::Closed => None,
                Additional::Typed(ty) => self.sample(ty, direction),
            };
            members.extend(value.map(|value| (format!("key{number}"), value)));
        }
    }
}

fn samples_of_numbers(numbers: &Numbers) -> Vec<Value> {
    let step = numbers.multiple_of.first().copied();
    let inside = |bound: &Bound, by: i32| [bound.at, bound.at.plus(by)];
    let mut candidates = vec![Num::Whole(0), Num::Whole(1)];
    candidates.extend(numbers.range.min.iter().flat_map(|bound| inside(bound, 1)));
    candidates.extend(numbers.range.max.iter().flat_map(|bound| inside(bound, -1)));
    if let (Some(min), Some(max)) = (numbers.range.min, numbers.range.max) {
        candidates.push(Num::Real(f64::midpoint(min.at.real(), max.at.real())));
    }
    if let Some(step) = step {
        candidates.extend(multiples(numbers, step));
    }
    if !numbers.integer {
        candidates.push(Num::Real(0.5));
    }
    candidates.into_iter().filter_map(Num::value).collect()
}

/// The step itself, and the multiples next to the least.
fn multiples(numbers: &Numbers, step: Num) -> Vec<Num> {
    let Num::Whole(step) = step else { return vec![step] };
    let least = numbers.range.min.map_or(0.0, |min| min.at.real());
    #[expect(clippy::cast_possible_truncation, reason = "what is cut off is not tried")]
    let least = least as i128;
    let times = least.checked_div(step).unwrap_or(0);
    [1, times, times + 1].map(|times| Num::Whole(times.saturating_mul(step))).into()
}

fn samples_of_texts(texts: &Texts<'_>, schema: &Value) -> Vec<Value> {
    let mut samples: Vec<String> = Vec::new();
    let named = ["example", "default"].iter().filter_map(|name| schema.get(name)?.as_str());
    samples.extend(named.map(str::to_owned));
    samples.extend(
        texts.formats.iter().flat_map(|it| text::examples_of_format(it)).map(|it| (*it).to_owned()),
    );
    samples.extend(texts.patterns.iter().flat_map(|pattern| text::examples_of(pattern)));
    samples.extend(text_of_length(texts.length.min));
    samples.extend(text_of_length(texts.length.min.max(1)));
    samples.into_iter().map(Value::from).collect()
}

pub(crate) fn text_of_length(length: u64) -> Option<String> {
    let length = usize::try_from(length).ok().filter(|_| length <= LONGEST)?;
    Some("a".repeat(length))
}

/// Numbers of items at which two counts differ.
pub(crate) fn telling_counts(one: Count, other: Count) -> Vec<u64> {
    let mut counts = vec![one.min, other.min.saturating_sub(1), other.min];
    counts.extend(one.max);
    counts.extend(other.max.map(|max| max.saturating_add(1)));
    counts.retain(|count| one.has(*count) && !other.has(*count));
    counts
}
