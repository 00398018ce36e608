//! The error of all our deserializers: what was expected, but not what was found.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

/// Characters of a name that is none of ours, and may be anything, that are repeated to whoever
/// sent it.
pub(super) const LONGEST_NAME: usize = 64;

/// Why something can't be deserialized.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The field, where the error is about a field and not about the value in one.
    pub(super) field: Option<String>,
    /// What was expected.
    pub(super) message: String,
}

impl Refusal {
    fn of_field(field: &str, message: &str) -> Self {
        let field = field.chars().take(LONGEST_NAME).collect();
        Self { field: Some(field), message: message.to_owned() }
    }

    /// A member of an object that is there twice.
    pub(super) fn repeated(field: &str) -> Self {
        Self::of_field(field, "is given more than once")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl Error for Refusal {
    /// Messages of our own types, which never repeat a value.
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { field: None, message: message.to_string() }
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {expected}"))
    }

    /// Of a field that does not go with the others, `customers_types::record` gives the name for
    /// the value: there is no other way to say more of a field than that it is missing.
    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match unexpected {
            Unexpected::Other(field) => Self::of_field(field, &expected.to_string()),
            _ => Self::custom(format_args!("expected {expected}")),
        }
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format_args!("expected one of: {}", expected.join(", ")))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let known = expected.join(", ");
        Self::of_field(field, &format!("there is no such field; there are: {known}"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::of_field(field, "is required")
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::repeated(field)
    }
}
