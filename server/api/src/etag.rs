//! Conditions on the version of what a request changes (RFC 9110, 13.1.1).

use std::str::FromStr;

use customers_types::scalar::Unexpected;
use schemars::{
    JsonSchema,
    r#gen::SchemaGenerator,
    schema::{InstanceType, Schema, SchemaObject, StringValidation},
};
use serde::{Deserialize, Deserializer, de};

/// The header `If-Match`: `*`, or entity tags of which one has to be the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// Whatever version there is.
    Any,
    /// One of these tags, without their quotes. Weak tags are not among them: they never match.
    OneOf(Vec<String>),
}

/// `*`, or tags between which there are commas; a tag is visible characters in quotes.
const PATTERN: &str = r#"^(\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*)$"#;

impl FromStr for IfMatch {
    type Err = Unexpected;

    fn from_str(text: &str) -> Result<Self, Unexpected> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let mut tags = Vec::new();
        let mut rest = text;
        loop {
            let (weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |rest| (true, rest));
            let (tag, after) = quoted
                .strip_prefix('"')
                .and_then(|opened| opened.split_once('"'))
                .filter(|(tag, _)| tag.bytes().all(|byte| byte.is_ascii_graphic()))
                .ok_or_else(unexpected)?;
            if !weak {
                tags.push(tag.to_owned());
            }
            let blank = [' ', '\t'];
            rest = match after.trim_start_matches(blank).strip_prefix(',') {
                Some(next) => next.trim_start_matches(blank),
                None if after.is_empty() => return Ok(Self::OneOf(tags)),
                None => return Err(unexpected()),
            };
        }
    }
}

fn unexpected() -> Unexpected {
    Unexpected::instead_of("`*`, or the ETag of an earlier answer with its quotes")
}

impl<'de> Deserialize<'de> for IfMatch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for IfMatch {
    fn is_referenceable() -> bool {
        false
    }

    fn schema_name() -> String {
        "IfMatch".to_owned()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = SchemaObject {
            instance_type: Some(InstanceType::String.into()),
            string: Some(Box::new(StringValidation {
                pattern: Some(PATTERN.to_owned()),
                ..StringValidation::default()
            })),
            ..SchemaObject::default()
        };
        schema.extensions.insert("example".to_owned(), "\"1a208cbcd99-1a208cbcd99\"".into());
        schema.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_the_rfc_writes_them() {
        let one_of =
            |tags: &[&str]| Ok(IfMatch::OneOf(tags.iter().map(|tag| (*tag).to_owned()).collect()));
        assert_eq!("*".parse(), Ok(IfMatch::Any));
        assert_eq!(r#""a""#.parse::<IfMatch>(), one_of(&["a"]));
        assert_eq!(r#""a", "b,c" ,W/"d","""#.parse::<IfMatch>(), one_of(&["a", "b,c", ""]));
        for text in
            ["", "a", "\"a", "\"a\" \"b\"", "\"a\",", "W/", "*, \"a\"", "\"a b\"", "w/\"a\""]
        {
            assert!(text.parse::<IfMatch>().is_err(), "{text}");
        }
    }
}
