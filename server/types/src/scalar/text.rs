//! Texts with a form: lines, countries, telephone numbers, e-mail addresses, parts to search for.
//!
//! Each has a schema whose pattern and length say exactly what is accepted.

use std::{ops::Deref, str::FromStr};

use schemars::{
    JsonSchema,
    r#gen::SchemaGenerator,
    schema::{InstanceType, Metadata, Schema, SchemaObject, StringValidation},
};
use serde::{Deserialize, Deserializer};

use super::{Unexpected, parsed};

/// A line of text: not blank, at most `MAX` characters, no control characters.
///
/// Control characters would garble terminals and forms, and PostgreSQL can't store U+0000.
#[derive(Clone, PartialEq, Eq)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> FromStr for Line<MAX> {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        if is_line(text, MAX) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Unexpected::instead_of(format!(
                "1 to {MAX} characters that are not all blank and no control characters"
            )))
        }
    }
}

impl<const MAX: usize> Deref for Line<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Line<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

impl<const MAX: usize> JsonSchema for Line<MAX> {
    fn schema_name() -> String {
        format!("Line{MAX}")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let description = format!(
            "A line of text: 1 to {MAX} characters that are not all blank, no control characters."
        );
        text_schema(&description, &line_pattern(), u32::try_from(MAX).ok(), "12 Analytical Way")
    }
}

fn is_line(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest
        && !text.trim_matches(is_blank).is_empty()
        && !text.chars().any(char::is_control)
}

/// What `\s` is in a pattern: U+FEFF, too, which is no white space of Unicode's any more.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

/// The pattern that only lines have.
fn line_pattern() -> String {
    format!("^[^{CONTROL}]*[^\\s{CONTROL}][^{CONTROL}]*$")
}

/// Control characters, as a part of a character class in a pattern.
const CONTROL: &str = r"\u0000-\u001f\u007f-\u009f";

fn text_schema(description: &str, pattern: &str, longest: Option<u32>, example: &str) -> Schema {
    let mut schema = SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        metadata: Some(Box::new(Metadata {
            description: Some(description.to_owned()),
            ..Metadata::default()
        })),
        string: Some(Box::new(StringValidation {
            pattern: Some(pattern.to_owned()),
            max_length: longest,
            min_length: longest.map(|_| 1),
        })),
        ..SchemaObject::default()
    };
    schema.extensions.insert("example".to_owned(), example.into());
    schema.into()
}

/// Declares a text with a form of its own; the function returns whether a text has it.
macro_rules! text {
    (
        $(#[doc = $doc:literal])+
        $name:ident, $expected:literal, $pattern:expr, $longest:expr, $example:literal, $fits:expr
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl FromStr for $name {
            type Err = Unexpected;

            fn from_str(text: &str) -> Result<Self, Unexpected> {
                let fits: fn(&str) -> bool = $fits;
                if fits(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(Unexpected::instead_of($expected))
                }
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                parsed(deserializer)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> String {
                stringify!($name).to_owned()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                text_schema(concat!($($doc),+).trim(), &$pattern, $longest, $example)
            }
        }
    };
}

text! {
    /// A country: an assigned code of ISO 3166-1 alpha-2, in capitals.
    Country, "an assigned country code of ISO 3166-1 alpha-2, such as `DE`",
    country_pattern(), None, "US", |text| {
        text.bytes().all(|byte| byte.is_ascii_uppercase())
            && rust_iso3166::from_alpha2(text).is_some()
    }
}

text! {
    /// A telephone number as E.164 writes it: `+`, then 7 to 15 digits of which the first is
    /// not 0 (ITU-T E.164 allows 15; nothing shorter than 7 is in use with a country code).
    Phone, "a telephone number in E.164, such as `+14155550123`",
    r"^\+[1-9][0-9]{6,14}$", None, "+14155550123", |text| {
        text.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len())
                && !digits.starts_with('0')
                && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    }
}

text! {
    /// An e-mail address: something, one `@`, a domain; at most 254 characters (RFC 5321,
    /// 4.5.3.1.3). Whether it receives mail only mail can tell.
    Email, "an e-mail address of at most 254 characters, such as `ada@example.com`",
    format!(r"^[^@\s{CONTROL}]+@[^@\s{CONTROL}]+$"), Some(254), "ada@example.com", |text| {
        text.chars().count() <= 254
            && !text.chars().any(|c| c.is_control() || c.is_whitespace())
            && text.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && !domain.is_empty() && !domain.contains('@')
            })
    }
}

text! {
    /// A part of a name or of an e-mail address, to search for: 1 to 254 characters that are not
    /// all blank, no control characters. No character has a special meaning.
    SearchText, "1 to 254 characters that are not all blank and no control characters",
    line_pattern(), Some(254), "ada", |text| is_line(text, 254)
}

/// The assigned codes: a two-letter code that is none of them is refused, so it must not fit.
fn country_pattern() -> String {
    let mut codes: Vec<_> = rust_iso3166::ALL.iter().map(|country| country.alpha2).collect();
    codes.sort_unstable();
    let of_letter = |codes: &[&str]| {
        let (first, _) = codes.first().map_or(("", ""), |code| code.split_at(1));
        let seconds: String = codes.iter().map(|code| code.split_at(1).1).collect();
        format!("{first}[{seconds}]")
    };
    let by_letter: Vec<_> =
        codes.chunk_by(|a, b| a.split_at(1).0 == b.split_at(1).0).map(of_letter).collect();
    format!("^({})$", by_letter.join("|"))
}
