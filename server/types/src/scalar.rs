//! Single values that were checked when they were read, and need no second look.
//!
//! Every error says what was expected and never repeats what was given: the values are people's
//! names, addresses and numbers, and errors end up in answers and on terminals. For the same
//! reason those that hold such a value have no `Debug`.

mod text;

use std::{fmt, net::IpAddr, str::FromStr};

use chrono::{DateTime, Datelike, Timelike, Utc};
use schemars::{
    JsonSchema,
    r#gen::SchemaGenerator,
    schema::{InstanceType, Schema, SchemaObject},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use self::text::{Country, Email, Line, Phone, SearchText};

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

    /// Writes the moment as it is on the wire: the year has always four digits.
    fn write(self, text: &mut [u8; 24]) -> &str {
        *text = *b"0000-00-00T00:00:00.000Z";
        let moment = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default();
        let parts = [
            (0..4, moment.year().unsigned_abs()),
            (5..7, moment.month()),
            (8..10, moment.day()),
            (11..13, moment.hour()),
            (14..16, moment.minute()),
            (17..19, moment.second()),
            (20..23, moment.timestamp_subsec_millis()),
        ];
        for (place, mut number) in parts {
            for digit in text.get_mut(place).into_iter().flatten().rev() {
                *digit += (number % 10) as u8;
                number /= 10;
            }
        }
        str::from_utf8(text).unwrap_or_default()
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
        f.write_str(self.write(&mut [0; _]))
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
        serializer.serialize_str(self.write(&mut [0; _]))
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

/// Reads a text that has a form of its own.
fn parsed<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err = Unexpected>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
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

#[cfg(test)]
mod tests {
    use chrono::SecondsFormat;
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
        fn every_moment_is_written_as_rfc_3339_has_it(millis: i64) {
            let moment = Timestamp::from_millis(millis);
            let same = DateTime::<Utc>::from_timestamp_millis(moment.millis()).unwrap();
            let rfc_3339 = same.to_rfc3339_opts(SecondsFormat::Millis, true);
            prop_assert_eq!(moment.to_string(), rfc_3339);
        }

        #[test]
        fn every_moment_survives_the_way_to_text_and_back(millis: i64) {
            let moment = Timestamp::from_millis(millis);
            prop_assert_eq!(moment.to_string().parse::<Timestamp>(), Ok(moment));
        }
    }
}
