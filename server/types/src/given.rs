//! What a change says about one optional value: nothing, that there is none, or which.

use schemars::{
    JsonSchema,
    r#gen::SchemaGenerator,
    schema::{Schema, SchemaObject},
};
use serde::{Deserialize, Deserializer};

/// What a change says about one optional field.
///
/// In JSON: left out (the field needs `#[serde(default)]`), `null`, or a value.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Given<T> {
    /// Nothing: the value stays what it is.
    #[default]
    LeftOut,
    /// `null`: there is no value any more.
    Cleared,
    /// A new value.
    Value(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::deserialize(deserializer)? {
            None => Self::Cleared,
            Some(value) => Self::Value(value),
        })
    }
}

/// Reads an optional field that can't be `null`: where there is no value, it is left out, and the
/// field needs `#[serde(default)]`.
///
/// # Errors
/// When there is no such value, `null` included.
pub fn left_out_or_value<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// A schema of its own name: a generator that meets `nullable` on a property takes `null` for the
/// same as no value, and its users could never clear one.
impl<T: JsonSchema> JsonSchema for Given<T> {
    fn schema_name() -> String {
        format!("Clearable{}", T::schema_name())
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema: SchemaObject = T::json_schema(generator).into_object();
        let description = &mut schema.metadata().description;
        let mut sentences = "A new value, or `null` to clear the present one.".to_owned();
        if let Some(value) = description.take() {
            sentences = format!("{sentences} {value}");
        }
        *description = Some(sentences);
        make_nullable(&mut schema);
        schema.into()
    }
}

/// Where a schema has alternatives, `null` has to be one of them.
fn make_nullable(schema: &mut SchemaObject) {
    schema.extensions.insert("nullable".to_owned(), true.into());
    let alternatives = schema.subschemas.as_mut().and_then(|schemas| schemas.any_of.as_mut());
    for alternative in alternatives.into_iter().flatten() {
        if let Schema::Object(alternative) = alternative {
            make_nullable(alternative);
        }
    }
}
