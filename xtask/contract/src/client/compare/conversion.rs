//! Whether what callers pass to a setter still converts to what it takes.
//!
//! The setters of a builder take whatever converts (`TryInto`), so a new type is not always a
//! break. What counts is what callers write: values of the old type, and the shorthands for it, a
//! text for a `String` or a bare number.

use super::Comparison;
use crate::client::types::{Entry, Id, Limit, Named, Plain, Shape, Tag, text::all_simple};

/// What becomes of a value of the old type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conversion {
    /// It becomes one of the new type.
    Lossless,
    /// It may be refused when it is converted.
    Fallible,
    /// It does not compile.
    None,
}

impl Comparison<'_, '_> {
    pub(super) fn conversion(&self, base: Id, head: Id) -> Conversion {
        if self.same(base, head) {
            return Conversion::Lossless;
        }
        let (Some(base), Some(head)) = (self.base.types.get(base), self.head.types.get(head))
        else {
            return Conversion::None;
        };
        match (base, head) {
            (Entry::Plain(base), Entry::Plain(head)) => plain(base, head),
            (Entry::Plain(Plain::String), Entry::Named(named)) if is_made_from_text(named) => {
                Conversion::Fallible
            }
            (Entry::Named(Named { shape: Shape::Newtype { of, limit }, .. }), Entry::Plain(_)) => {
                let text = matches!(limit, Limit::Text(_));
                let inner = self.base.types.get(*of);
                match (inner, head) {
                    (Some(Entry::Plain(Plain::String)), Entry::Plain(Plain::String)) if text => {
                        Conversion::Lossless
                    }
                    _ => Conversion::None,
                }
            }
            _ => Conversion::None,
        }
    }
}

fn plain(base: &Plain, head: &Plain) -> Conversion {
    match (base, head) {
        (Plain::Integer(base), Plain::Integer(head)) => integers(base, head),
        (Plain::Integer(base), Plain::Float("f64")) if bits(base) <= 32 && !is_non_zero(base) => {
            Conversion::Lossless
        }
        (Plain::Float("f32"), Plain::Float("f64")) => Conversion::Lossless,
        (Plain::String, Plain::Native("Uuid")) => Conversion::Fallible,
        _ => Conversion::None,
    }
}

fn integers(base: &str, head: &str) -> Conversion {
    let (wider, widest) = (bits(head) > bits(base), bits(head) == bits(base));
    match (is_non_zero(base), is_non_zero(head)) {
        (true, true) if wider => Conversion::Lossless,
        (true, true) => Conversion::Fallible,
        (true, false) if widest && head.starts_with('u') => Conversion::Lossless,
        (false, false) => {
            let signed = |name: &str| name.starts_with('i');
            let fits = signed(base) == signed(head) && (wider || widest)
                || !signed(base) && signed(head) && wider;
            if fits { Conversion::Lossless } else { Conversion::Fallible }
        }
        // A bare number is no `NonZero`, and one is no wider number either.
        _ => Conversion::None,
    }
}

fn is_non_zero(name: &str) -> bool {
    name.starts_with("NonZero")
}

fn bits(name: &str) -> u32 {
    name.trim_start_matches(|it: char| !it.is_ascii_digit()).parse().unwrap_or(64)
}

/// Whether there is a `TryFrom<&str>` for it.
fn is_made_from_text(named: &Named<'_>) -> bool {
    match &named.shape {
        Shape::Newtype { limit: Limit::Text(_), .. } => true,
        Shape::Enum { tag: Tag::External, variants } => {
            !variants.is_empty() && all_simple(variants)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_convert_as_the_standard_library_has_it() {
        assert_eq!(integers("u32", "u64"), Conversion::Lossless);
        assert_eq!(integers("u32", "i64"), Conversion::Lossless);
        assert_eq!(integers("u32", "i32"), Conversion::Fallible);
        assert_eq!(integers("i64", "i32"), Conversion::Fallible);
        assert_eq!(integers("i32", "u64"), Conversion::Fallible);
        assert_eq!(integers("u32", "NonZeroU32"), Conversion::None);
        assert_eq!(integers("NonZeroU32", "u32"), Conversion::Lossless);
        assert_eq!(integers("NonZeroU32", "u64"), Conversion::None);
        assert_eq!(integers("NonZeroU32", "NonZeroU64"), Conversion::Lossless);
    }
}
