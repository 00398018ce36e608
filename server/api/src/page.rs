//! What all lists have in common: they come in pages.

use std::str::FromStr;

use customers_types::scalar::Unexpected;
use schemars::{
    JsonSchema,
    r#gen::SchemaGenerator,
    schema::{InstanceType, NumberValidation, Schema, SchemaObject},
};
use serde::{Deserialize, Deserializer, de};

/// How many items a page has at most: 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimit(u8);

impl PageLimit {
    const MOST: u8 = 100;

    /// The number.
    #[must_use]
    pub fn get(self) -> usize {
        self.0.into()
    }
}

/// Where the request does not say.
impl Default for PageLimit {
    fn default() -> Self {
        Self(20)
    }
}

impl FromStr for PageLimit {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let limit = text.parse().ok().filter(|limit| digits && (1..=Self::MOST).contains(limit));
        limit.map(Self).ok_or_else(|| {
            Unexpected::instead_of(format!("a whole number from 1 to {}", Self::MOST))
        })
    }
}

impl<'de> Deserialize<'de> for PageLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for PageLimit {
    fn is_referenceable() -> bool {
        false
    }

    fn schema_name() -> String {
        "PageLimit".to_owned()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = SchemaObject {
            instance_type: Some(InstanceType::Integer.into()),
            format: Some("uint32".to_owned()),
            number: Some(Box::new(NumberValidation {
                minimum: Some(1.0),
                maximum: Some(Self::MOST.into()),
                ..NumberValidation::default()
            })),
            ..SchemaObject::default()
        };
        schema.extensions.insert("example".to_owned(), 20.into());
        schema.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_one_to_a_hundred_items() {
        assert_eq!(PageLimit::default().get(), 20);
        for (text, limit) in [("1", 1), ("20", 20), ("100", 100), ("007", 7)] {
            assert_eq!(text.parse::<PageLimit>().unwrap().get(), limit);
        }
        for text in ["", "0", "101", "-1", "+1", "1.0", "1e1", "ten", "256", "99999999999999999"] {
            assert!(text.parse::<PageLimit>().is_err(), "{text}");
        }
    }
}
