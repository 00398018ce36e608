//! Texts, numbers, lists of values, arrays.

use std::{collections::BTreeSet, rc::Rc};

use regress::Regex;
use serde_json::Value;

use super::{
    Data, Entry, Limit, Made, Name, Named, Plain, Shape, Tag, Types, Variant, convert::unknown,
};
use crate::client::{
    name,
    refusal::Refusal,
    schema::{Form, Kind, Number, Text},
};

/// An integer that Rust has: the format that asks for it, the type, the type without zero, and what
/// it can hold.
struct Width(&'static str, &'static str, &'static str, f64, f64);

/// Narrowest first. The bounds are as inexact as typify has them.
#[rustfmt::skip]
#[expect(clippy::cast_precision_loss, reason = "typify compares them as f64")]
const WIDTHS: [Width; 10] = [
    Width("int8", "i8", "NonZeroU8", i8::MIN as f64, i8::MAX as f64),
    Width("uint8", "u8", "NonZeroU8", u8::MIN as f64, u8::MAX as f64),
    Width("int16", "i16", "NonZeroU16", i16::MIN as f64, i16::MAX as f64),
    Width("uint16", "u16", "NonZeroU16", u16::MIN as f64, u16::MAX as f64),
    Width("int", "i32", "NonZeroU32", i32::MIN as f64, i32::MAX as f64),
    Width("int32", "i32", "NonZeroU32", i32::MIN as f64, i32::MAX as f64),
    Width("uint", "u32", "NonZeroU32", u32::MIN as f64, u32::MAX as f64),
    Width("uint32", "u32", "NonZeroU32", u32::MIN as f64, u32::MAX as f64),
    Width("int64", "i64", "NonZeroU64", i64::MIN as f64, i64::MAX as f64),
    Width("uint64", "u64", "NonZeroU64", u64::MIN as f64, u64::MAX as f64),
];

impl<'a> Types<'a> {
    pub(super) fn string(&mut self, name: &Name, form: &Form<'a>) -> Made<'a, Entry<'a>> {
        let native = match form.format {
            Some("uuid") => Some("Uuid"),
            Some("date") => Some("NaiveDate"),
            Some("date-time") => Some("DateTime<Utc>"),
            Some("ip") => Some("IpAddr"),
            Some("ipv4") => Some("Ipv4Addr"),
            Some("ipv6") => Some("Ipv6Addr"),
            _ => None,
        };
        let entry = match (native, &form.text) {
            (Some(native), _) => Entry::Plain(Plain::Native(native)),
            (None, None) => Entry::Plain(Plain::String),
            (None, Some(text)) if *text == Text::default() => Entry::Plain(Plain::String),
            (None, Some(text)) => {
                self.pattern(form);
                let of = self.plain(Plain::String);
                newtype(name, form, of, Limit::Text(text.clone()))?
            }
        };
        Ok((entry, form.default))
    }

    /// The pattern of a text. One that the generator can't read is no type's end here.
    fn pattern(&mut self, form: &Form<'a>) -> Option<Rc<Regex>> {
        let pattern = form.text.as_ref()?.pattern.as_deref()?;
        let known = self.patterns.entry(pattern.to_owned());
        let regex = known.or_insert_with(|| Regex::new(pattern).map(Rc::new)).clone();
        if let Err(error) = &regex {
            let problem = format!("its pattern is no regular expression: {error}");
            self.refusals.push(Refusal::at(&form.place, problem));
        }
        regex.ok()
    }

    pub(super) fn enum_of_texts(
        &mut self,
        name: &Name,
        form: &Form<'a>,
        values: &[&'a Value],
    ) -> Result<Entry<'a>, Refusal> {
        let pattern = self.pattern(form);
        let fits = |text: &str| {
            fits(text, form.text.as_ref())
                && pattern.as_ref().is_none_or(|it| it.find(text).is_some())
        };
        let mut variants = Vec::new();
        let mut null = false;
        for value in values {
            match value {
                Value::Null => null = true,
                Value::String(text) if fits(text) => {
                    variants.push(Variant::new(text, Data::None));
                }
                Value::String(_) => {}
                _ => return Err(Refusal::at(&form.place, "not all values of a text are texts")),
            }
        }
        if variants.is_empty() {
            return if null {
                Ok(Entry::Plain(Plain::Unit))
            } else {
                Self::never(name, Some(form))
            };
        }
        let entry = enumeration(name, form, Tag::External, variants)?;
        Ok(if null { Entry::Plain(Plain::Option(self.assign(entry))) } else { entry })
    }

    /// Values of another type than texts: a newtype that refuses others.
    pub(super) fn enum_of_values(
        &mut self,
        name: &Name,
        form: &Form<'a>,
        values: &[&'a Value],
    ) -> Made<'a, Entry<'a>> {
        let inner = match name.in_rust(form.title) {
            Some(name) => Name::Suggested(format!("{name}Inner")),
            None => Name::Unknown,
        };
        let (entry, default) = self.convert_form(inner, &Form { values: None, ..form.clone() })?;
        if !values.iter().all(|value| self.accepts_entry(&entry, value)) {
            return Err(Refusal::at(&form.place, "a value in its `enum` is not of its type"));
        }
        let of = self.assign(entry);
        Ok((newtype(name, form, of, Limit::Only(values.to_vec()))?, default))
    }

    /// Values without a type, which they have to have in common.
    pub(super) fn enum_of_anything(
        &mut self,
        name: &Name,
        form: &Form<'a>,
        values: &[&'a Value],
    ) -> Made<'a, Entry<'a>> {
        let mut kinds: BTreeSet<_> = values.iter().map(|value| kind(value)).collect();
        if kinds.remove(&Kind::Null) {
            let rest: Vec<_> = values.iter().copied().filter(|value| !value.is_null()).collect();
            if rest.is_empty() {
                return Ok((Entry::Plain(Plain::Unit), form.default));
            }
            let (entry, default) = self.enum_of_anything(name, form, &rest)?;
            return Ok((Entry::Plain(Plain::Option(self.assign(entry))), default));
        }
        let kind = match kinds.len() {
            1 => kinds.pop_first(),
            _ => None,
        };
        match kind {
            None => Err(Refusal::at(&form.place, "the values in its `enum` are of several types")),
            Some(Kind::String) => {
                let form = Form { text: None, ..form.clone() };
                Ok((self.enum_of_texts(name, &form, values)?, form.default))
            }
            Some(Kind::Boolean) => Ok((Entry::Plain(Plain::Bool), form.default)),
            Some(kind) => {
                let typed = Form { kinds: vec![kind], title: None, ..form.clone() };
                self.enum_of_values(name, &Form { default: None, ..typed }, values)
            }
        }
    }

    pub(super) fn integer(form: &Form<'a>) -> Result<Entry<'a>, Refusal> {
        let number = form.number.clone().unwrap_or_default();
        let (mut min, mut max) = whole_bounds(&number);
        let default = form.default.and_then(Value::as_f64);
        let refused = || Refusal::at(&form.place, "its `default` is outside of its bounds");
        let width = WIDTHS.iter().find(|width| form.format == Some(width.0));
        if let Some(Width(_, name, non_zero, least, most)) = width {
            let within = min.is_none_or(|min| min >= *least) && max.is_none_or(|max| max <= *most);
            if number.multiple_of.is_none() && within {
                if default.is_some_and(|default| default < *least || default > *most) {
                    return Err(refused());
                }
                let name = if min == Some(1.0) { non_zero } else { name };
                return Ok(Entry::Plain(Plain::Integer(name)));
            }
            min = min.or(Some(*least));
            max = max.or(Some(*most));
        }
        if form.default.is_some() {
            let fits = default.is_some_and(|default| {
                min.is_none_or(|min| default >= min) && max.is_none_or(|max| default <= max)
            });
            if !fits {
                return Err(refused());
            }
        }
        Ok(Entry::Plain(Plain::Integer(by_bounds(min, max))))
    }

    pub(super) fn float(form: &Form<'a>) -> Entry<'a> {
        Entry::Plain(Plain::Float(if form.format == Some("float") { "f32" } else { "f64" }))
    }

    pub(super) fn array(&mut self, name: &Name, form: &Form<'a>) -> Made<'a, Entry<'a>> {
        let Some(array) = &form.array else {
            let any = self.plain(Plain::Json);
            return Ok((Entry::Plain(Plain::Vec(any)), form.default));
        };
        if let (Some(least), Some(most), None) = (array.min_items, array.max_items, array.unique)
            && least == most
            && most > 0
        {
            let of = match &array.items {
                Some(items) => self.id_of(name.append("item"), items)?.0,
                None => self.plain(Plain::Json),
            };
            return Ok((Entry::Plain(Plain::Array(of, most)), form.default));
        }
        let of = match &array.items {
            Some(items) => {
                let name = match name.in_rust(form.title) {
                    Some(name) => Name::Suggested(format!("{name}Item")),
                    None => Name::Unknown,
                };
                self.id_of(name, items)?.0
            }
            None => self.plain(Plain::Json),
        };
        let plain = if array.unique == Some(true) { Plain::Set(of) } else { Plain::Vec(of) };
        Ok((Entry::Plain(plain), form.default))
    }

    /// What no value fulfils: an enum without variants.
    pub(super) fn never(name: &Name, form: Option<&Form<'a>>) -> Result<Entry<'a>, Refusal> {
        let nothing = Form::default();
        let form = form.unwrap_or(&nothing);
        // typify leaves out the title here.
        let untitled = Form { title: None, ..form.clone() };
        enumeration(name, &untitled, Tag::External, Vec::new())
    }
}

impl<'a> Variant<'a> {
    pub(super) fn new(raw: &str, data: Data<'a>) -> Self {
        Self { raw: raw.to_owned(), name: name::of_type(raw), data }
    }
}

/// A declared enum. Its variants need names of their own.
pub(super) fn enumeration<'a>(
    name: &Name,
    form: &Form<'a>,
    tag: Tag<'a>,
    mut variants: Vec<Variant<'a>>,
) -> Result<Entry<'a>, Refusal> {
    let unique = |variants: &[Variant<'_>]| {
        variants.iter().map(|it| &it.name).collect::<BTreeSet<_>>().len() == variants.len()
    };
    if !unique(&variants) {
        for variant in &mut variants {
            variant.name = name::of_variant_in_full(&variant.raw);
        }
        if !unique(&variants) {
            return Err(Refusal::at(&form.place, "two of its variants would have one name"));
        }
    }
    declared(name, form, Shape::Enum { tag, variants })
}

pub(super) fn newtype<'a>(
    name: &Name,
    form: &Form<'a>,
    of: super::Id,
    limit: Limit<'a>,
) -> Result<Entry<'a>, Refusal> {
    declared(name, form, Shape::Newtype { of, limit })
}

pub(super) fn declared<'a>(
    name: &Name,
    form: &Form<'a>,
    shape: Shape<'a>,
) -> Result<Entry<'a>, Refusal> {
    let name = name.in_rust(form.title).ok_or_else(|| unknown(form))?;
    Ok(Entry::Named(Named { name, place: form.place.clone(), default: None, shape }))
}

fn fits(value: &str, limits: Option<&Text<'_>>) -> bool {
    let length = u64::try_from(value.chars().count()).unwrap_or(u64::MAX);
    limits.is_none_or(|limits| {
        limits.min_length.is_none_or(|min| length >= min)
            && limits.max_length.is_none_or(|max| length <= max)
    })
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

fn whole_bounds(number: &Number) -> (Option<f64>, Option<f64>) {
    let above = number.exclusive_minimum.map(|it| it + 1.0);
    let below = number.exclusive_maximum.map(|it| it - 1.0);
    let min = match (number.minimum, above) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    };
    let max = match (number.maximum, below) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    (min, max)
}

/// The integer whose own bounds these are; `i64` where there is none.
fn by_bounds(min: Option<f64>, max: Option<f64>) -> &'static str {
    let near = |one: f64, other: f64| (one - other).abs() <= f64::EPSILON;
    // From the widest on: with a minimum of one, any upper bound gives the widest.
    let found =
        WIDTHS.iter().rev().find_map(|Width(_, name, non_zero, least, most)| match (min, max) {
            (None, None) => None,
            (None, Some(max)) => near(*most, max).then_some(*name),
            (Some(1.0), _) => Some(*non_zero),
            (Some(min), None) => near(*least, min).then_some(*name),
            (Some(min), Some(max)) => (near(*most, max) && near(*least, min)).then_some(*name),
        });
    found.unwrap_or("i64")
}
