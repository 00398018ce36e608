//! The narrowest of what bounds values: kinds, lists of values, formats, ranges and lengths.

use serde_json::Value;

use super::{Apart, Merged};
use crate::client::schema::{Kind, Number, Text};

pub(super) fn merge_kinds(one: &[Kind], other: &[Kind]) -> Merged<Vec<Kind>> {
    match (one, other) {
        ([], rest) | (rest, []) => Ok(rest.to_vec()),
        (one, other) => {
            let mut common: Vec<_> = one.iter().copied().filter(|it| other.contains(it)).collect();
            common.sort_unstable();
            if common.is_empty() { Err(Apart::Never) } else { Ok(common) }
        }
    }
}

pub(super) fn merge_formats<'a>(
    one: Option<&'a str>,
    other: Option<&'a str>,
) -> Merged<Option<&'a str>> {
    match (one, other) {
        (None, format) | (format, None) => Ok(format),
        (Some("ip"), Some(format @ ("ipv4" | "ipv6")))
        | (Some(format @ ("ipv4" | "ipv6")), Some("ip")) => Ok(Some(format)),
        (Some(one), Some(other)) if one == other => Ok(Some(one)),
        _ => Err(Apart::Never),
    }
}

pub(super) fn merge_values<'a>(
    one: Option<&[&'a Value]>,
    other: Option<&[&'a Value]>,
) -> Merged<Option<Vec<&'a Value>>> {
    match (one, other) {
        (Some(one), Some(other)) => {
            let common: Vec<_> = one.iter().copied().filter(|it| other.contains(it)).collect();
            if common.is_empty() { Err(Apart::Never) } else { Ok(Some(common)) }
        }
        (one, other) => Ok(one.or(other).map(<[_]>::to_vec)),
    }
}

pub(super) fn merge_numbers(
    one: Option<&Number>,
    other: Option<&Number>,
) -> Merged<Option<Number>> {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => return Ok(one.or(other).cloned()),
    };
    let mut merged = Number {
        minimum: both(one.minimum, other.minimum, f64::max),
        exclusive_minimum: both(one.exclusive_minimum, other.exclusive_minimum, f64::max),
        maximum: both(one.maximum, other.maximum, f64::min),
        exclusive_maximum: both(one.exclusive_maximum, other.exclusive_maximum, f64::min),
        multiple_of: one.multiple_of.or(other.multiple_of),
    };
    if let (Some(with), Some(without)) = (merged.minimum, merged.exclusive_minimum) {
        if without >= with { merged.minimum = None } else { merged.exclusive_minimum = None }
    }
    if let (Some(with), Some(without)) = (merged.maximum, merged.exclusive_maximum) {
        if without <= with { merged.maximum = None } else { merged.exclusive_maximum = None }
    }
    let min = merged.minimum.or(merged.exclusive_minimum);
    let max = merged.maximum.or(merged.exclusive_maximum);
    let exclusive = merged.exclusive_minimum.is_some() || merged.exclusive_maximum.is_some();
    match min.zip(max) {
        Some((min, max)) if min > max || exclusive && min >= max => Err(Apart::Never),
        _ => Ok(Some(merged)),
    }
}

pub(super) fn merge_texts<'a>(
    one: Option<&Text<'a>>,
    other: Option<&Text<'a>>,
) -> Merged<Option<Text<'a>>> {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => return Ok(one.or(other).cloned()),
    };
    let pattern = match (&one.pattern, &other.pattern) {
        (Some(one), Some(other)) if one == other => Some(one.clone()),
        (Some(one), Some(other)) if one.starts_with("(?=") => {
            Some(format!("{one}(?={other})").into())
        }
        (Some(one), Some(other)) => Some(format!("(?={one})(?={other})").into()),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    let min_length = both(one.min_length, other.min_length, u64::max);
    let max_length = both(one.max_length, other.max_length, u64::min);
    if min_length.zip(max_length).is_some_and(|(min, max)| min > max) {
        return Err(Apart::Never);
    }
    Ok(Some(Text { min_length, max_length, pattern }))
}

pub(super) fn both<T>(one: Option<T>, other: Option<T>, choose: fn(T, T) -> T) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(choose(one, other)),
        (one, other) => one.or(other),
    }
}
