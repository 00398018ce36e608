//! Rules about schemas.

mod bounds;
mod shape;
mod text;
mod time;

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    text::SCHEMA_DESCRIPTION,
    text::PROPERTY_DESCRIPTION,
    text::EXAMPLE,
    bounds::STRING,
    bounds::ARRAY,
    bounds::NUMBER,
    shape::NULLABLE,
    shape::FREE_FORM,
    shape::INLINE,
    shape::ENUM,
    shape::DEFAULT,
    time::FORMAT,
    time::EXAMPLE,
];
