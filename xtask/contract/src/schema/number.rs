//! Numbers of JSON, compared without rounding where both are whole.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// A number of JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Num {
    Whole(i128),
    Real(f64),
}

impl Num {
    pub(crate) fn of(value: &Value) -> Option<Self> {
        let number = value.as_number()?;
        if let Some(whole) = number.as_i64() {
            return Some(Self::Whole(whole.into()));
        }
        if let Some(whole) = number.as_u64() {
            return Some(Self::Whole(whole.into()));
        }
        let real = number.as_f64().filter(|real| real.is_finite())?;
        Some(Self::whole(real).unwrap_or(Self::Real(real)))
    }

    /// `1.0` is the number 1. Beyond 2^100 it does not matter.
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked before")]
    fn whole(real: f64) -> Option<Self> {
        (real.fract() == 0.0 && real.abs() < 1e30).then_some(Self::Whole(real as i128))
    }

    #[expect(clippy::cast_precision_loss, reason = "only compared with what is not whole")]
    pub(crate) fn real(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Real(real) => real,
        }
    }

    pub(crate) fn is_whole(self) -> bool {
        matches!(self, Self::Whole(_))
    }

    pub(crate) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => one.cmp(&other),
            _ => self.real().partial_cmp(&other.real()).unwrap_or(Ordering::Equal),
        }
    }

    /// Whether it is a multiple; as far as floating point can tell.
    pub(crate) fn is_multiple_of(self, step: Self) -> bool {
        match (self, step) {
            (_, Self::Whole(0)) => true,
            (Self::Whole(one), Self::Whole(step)) => one % step == 0,
            _ => {
                let quotient = self.real() / step.real();
                (quotient - quotient.round()).abs() < 1e-9
            }
        }
    }

    /// As JSON, where JSON has it.
    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Self::Whole(whole) => i64::try_from(whole)
                .map(Value::from)
                .or_else(|_| u64::try_from(whole).map(Value::from))
                .ok(),
            Self::Real(real) => Number::from_f64(real).map(Value::Number),
        }
    }

    pub(crate) fn plus(self, difference: i32) -> Self {
        match self {
            Self::Whole(whole) => Self::Whole(whole + i128::from(difference)),
            Self::Real(real) => Self::Real(real + f64::from(difference)),
        }
    }
}

/// One end of a range.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) at: Num,
    pub(crate) exclusive: bool,
}

impl Bound {
    pub(crate) fn new(at: Num, exclusive: bool) -> Self {
        Self { at, exclusive }
    }
}

/// What numbers there are between two ends.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Range {
    pub(crate) min: Option<Bound>,
    pub(crate) max: Option<Bound>,
}

impl Range {
    pub(crate) fn has(&self, number: Num) -> bool {
        let above = self.min.is_none_or(|min| match number.compare(min.at) {
            Ordering::Greater => true,
            Ordering::Equal => !min.exclusive,
            Ordering::Less => false,
        });
        let below = self.max.is_none_or(|max| match number.compare(max.at) {
            Ordering::Less => true,
            Ordering::Equal => !max.exclusive,
            Ordering::Greater => false,
        });
        above && below
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            min: tighter(self.min, other.min, Ordering::Greater),
            max: tighter(self.max, other.max, Ordering::Less),
        }
    }

    /// Whole numbers can't be at an open end: `> 0` is `≥ 1`.
    pub(crate) fn of_whole_numbers(self) -> Self {
        let close = |bound: Bound, inwards: i32| {
            let at = match bound.at {
                Num::Whole(whole) => Num::Whole(whole),
                Num::Real(real) if inwards > 0 => Num::whole(real.floor()).unwrap_or(bound.at),
                Num::Real(real) => Num::whole(real.ceil()).unwrap_or(bound.at),
            };
            let strict = bound.exclusive || !bound.at.is_whole();
            Bound::new(if strict && at.is_whole() { at.plus(inwards) } else { at }, false)
        };
        Self { min: self.min.map(|min| close(min, 1)), max: self.max.map(|max| close(max, -1)) }
    }

    pub(crate) fn is_within(&self, other: &Self) -> bool {
        at_least_as_tight(self.min, other.min, Ordering::Greater)
            && at_least_as_tight(self.max, other.max, Ordering::Less)
    }

    pub(crate) fn is_empty(&self) -> bool {
        let (Some(min), Some(max)) = (self.min, self.max) else { return false };
        match min.at.compare(max.at) {
            Ordering::Greater => true,
            Ordering::Equal => min.exclusive || max.exclusive,
            Ordering::Less => false,
        }
    }
}

/// Whether the first end is inside the second, or at it. `inside` says on which side inside is.
pub(crate) fn at_least_as_tight(
    one: Option<Bound>,
    other: Option<Bound>,
    inside: Ordering,
) -> bool {
    let Some(other) = other else { return true };
    let Some(one) = one else { return false };
    match one.at.compare(other.at) {
        Ordering::Equal => one.exclusive || !other.exclusive,
        order => order == inside,
    }
}

fn tighter(one: Option<Bound>, other: Option<Bound>, inside: Ordering) -> Option<Bound> {
    if at_least_as_tight(one, other, inside) { one } else { other }
}

/// The range of an integer format, as Rust, schemars and typify have it.
pub(crate) fn range_of(format: &str) -> Option<Range> {
    let (signed, bits) = match format {
        "int8" => (true, 8),
        "int16" => (true, 16),
        "int32" => (true, 32),
        "int64" | "int" => (true, 64),
        "uint8" => (false, 8),
        "uint16" => (false, 16),
        "uint32" => (false, 32),
        "uint64" | "uint" => (false, 64),
        _ => return None,
    };
    let (min, max) = if signed {
        (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)
    } else {
        (0, (1_i128 << bits) - 1)
    };
    let bound = |at| Some(Bound::new(Num::Whole(at), false));
    Some(Range { min: bound(min), max: bound(max) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn range(min: Option<(i64, bool)>, max: Option<(i64, bool)>) -> Range {
        let bound = |(at, exclusive): (i64, bool)| Bound::new(Num::Whole(at.into()), exclusive);
        Range { min: min.map(bound), max: max.map(bound) }
    }

    #[test]
    fn whole_numbers_are_compared_without_rounding() {
        let number = |value| Num::of(&value).unwrap();
        let (one, other) =
            (number(json!(9_007_199_254_740_993_u64)), number(json!(9_007_199_254_740_992_u64)));
        assert_eq!(one.compare(other), Ordering::Greater);
        assert_eq!(number(json!(1.0)).compare(number(json!(1))), Ordering::Equal);
    }

    #[test]
    fn open_ends_of_whole_numbers_are_closed() {
        let open = range(Some((0, true)), Some((10, true))).of_whole_numbers();
        assert!(open.is_within(&range(Some((1, false)), Some((9, false)))));
        assert!(!open.is_within(&range(Some((2, false)), None)));
    }

    #[test]
    fn formats_are_ranges() {
        assert!(range_of("int32").unwrap().is_within(&range_of("int64").unwrap()));
        assert!(!range_of("uint64").unwrap().is_within(&range_of("int64").unwrap()));
        assert!(range_of("byte").is_none());
    }
}
