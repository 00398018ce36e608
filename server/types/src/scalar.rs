//! Single values that were checked when they were read, and need no second look.
//!
//! Every error says what was expected and never repeats what was given: the values are people's
//! names, addresses and numbers, and errors end up in answers and on terminals. For the same
//! reason those that hold such a value have no `Debug`.

use std::{fmt, net::IpAddr, ops::Deref, str::FromStr};

use chrono::{DateTime, SecondsFormat, Utc};
use schemars::{
    JsonSchema,
    r#gen::SchemaGenerator,
    schema::{InstanceType, Metadata, Schema, SchemaObject, StringValidation},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What was expected of a value that did not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {0}")]
pub struct Unexpected(String);

impl Unexpected {
    /// An error whose message is `expected …`.
    pub fn instead_of(expected: impl Into<String>) -> Self {
        Self(expected.into())
    }
}

/// Finds the value of that name, or says which names there are.
pub(crate) fn one_of<T: Copy>(
    all: &[T],
    name: fn(T) -> &'static str,
    text: &str,
) -> Result<T, Unexpected> {
    all.iter().copied().find(|value| name(*value) == text).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|value| name(*value)).collect();
        Unexpected::instead_of(format!("one of {}", names.join(", ")))
    })
}

/// A moment in UTC, in whole milliseconds, within the years 1 to 9999.
///
/// On the wire it is RFC 3339 with always three decimals and always `Z`:
/// `2026-02-04T03:45:27.277Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    const FIRST: i64 = -62_135_596_800_000; // 0001-01-01T00:00:00.000Z
    const LAST: i64 = 253_402_300_799_999; // 9999-12-31T23:59:59.999Z

    /// The moment that many milliseconds after 1970-01-01T00:00:00Z, or the nearest in range.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(Self::FIRST, Self::LAST))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }

    /// This moment and a duration later, or the last moment in range.
    #[must_use]
    pub fn after(self, duration: std::time::Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_add(millis))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default();
        f.write_str(&moment.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl FromStr for Timestamp {
    type Err = Unexpected;

    /// Reads RFC 3339 with any offset; digits beyond milliseconds are cut off.
    fn from_str(text: &str) -> Result<Self, Unexpected> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|moment| moment.timestamp_millis())
            .filter(|millis| (Self::FIRST..=Self::LAST).contains(millis))
            .map(Self)
            .ok_or_else(|| {
                Unexpected::instead_of("a date and time such as `2026-02-04T03:45:27.277Z`")
            })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

impl JsonSchema for Timestamp {
    fn is_referenceable() -> bool {
        false
    }

    fn schema_name() -> String {
        "Timestamp".to_owned()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        SchemaObject {
            instance_type: Some(InstanceType::String.into()),
            format: Some("date-time".to_owned()),
            ..SchemaObject::default()
        }
        .into()
    }
}

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

/// Reads a text that has a form of its own.
fn parsed<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err = Unexpected>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

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

/// An IP address, version 4 or 6.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IpAddress(pub IpAddr);

impl FromStr for IpAddress {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        text.parse().map(Self).map_err(|_| Unexpected::instead_of("an IPv4 or IPv6 address"))
    }
}

impl<'de> Deserialize<'de> for IpAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

impl JsonSchema for IpAddress {
    fn schema_name() -> String {
        "IpAddress".to_owned()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let text = |format: Option<&str>| SchemaObject {
            instance_type: Some(InstanceType::String.into()),
            format: format.map(str::to_owned),
            ..SchemaObject::default()
        };
        let mut schema = text(None);
        schema.metadata().description = Some("An IP address, version 4 or 6.".to_owned());
        schema.subschemas().any_of =
            Some(vec![text(Some("ipv4")).into(), text(Some("ipv6")).into()]);
        schema.extensions.insert("example".to_owned(), "203.0.113.7".into());
        schema.into()
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_moment_has_always_three_decimals_and_z() {
        for (read, printed) in [
            ("2026-02-04T03:45:27.277Z", "2026-02-04T03:45:27.277Z"),
            ("2026-02-04T03:45:27Z", "2026-02-04T03:45:27.000Z"),
            ("2026-02-04T05:45:27.277999+02:00", "2026-02-04T03:45:27.277Z"),
        ] {
            assert_eq!(read.parse::<Timestamp>().unwrap().to_string(), printed);
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in
            ["", "yesterday", "2026-02-30T00:00:00Z", "2026-02-04", "+12026-01-01T00:00:00Z"]
        {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn texts_with_a_form_are_held_to_it() {
        assert!("DE".parse::<Country>().is_ok());
        for text in ["de", "DEU", "ZZ", "D", ""] {
            assert!(text.parse::<Country>().is_err(), "{text}");
        }
        assert!("+14155550123".parse::<Phone>().is_ok());
        for text in ["14155550123", "+0415555012", "+123456", "+1234567890123456", "+1 415 555"] {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
        assert!("ada@example.com".parse::<Email>().is_ok());
        for text in ["", "ada", "@example.com", "ada@", "a@b@c", "a b@example.com"] {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
        assert!("Straße 1".parse::<Line<8>>().is_ok());
        for text in ["", "  ", "a\0b", "a\nb", "123456789"] {
            assert!(text.parse::<Line<8>>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_moment_survives_the_way_to_text_and_back(millis: i64) {
            let moment = Timestamp::from_millis(millis);
            prop_assert_eq!(moment.to_string().parse::<Timestamp>(), Ok(moment));
        }
    }
}
