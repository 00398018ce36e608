//! Parameters and headers: names with a text each.

use serde::{
    Deserializer,
    de::{DeserializeOwned, IntoDeserializer, Visitor, value::MapDeserializer},
    forward_to_deserialize_any,
};

use super::{InvalidInput, refusal::Refusal};

/// Reads a struct from the texts of its fields.
pub(super) fn read<T: DeserializeOwned>(
    pairs: impl Iterator<Item = (String, String)>,
) -> Result<T, InvalidInput> {
    let pairs = MapDeserializer::<_, Refusal>::new(pairs.map(|(name, text)| (name, Text(text))));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let at = error.path().to_string();
        let Refusal { field, message } = error.into_inner();
        InvalidInput { param: field.unwrap_or(at), message }
    })
}

/// The text of one parameter. It is there, so an optional parameter is `Some`.
struct Text(String);

impl IntoDeserializer<'_, Refusal> for Text {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Text {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::{CustomerPath, CustomerQuery};

    fn pairs(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
    }

    #[test]
    fn the_input_at_fault_is_named_and_its_value_is_not_repeated() {
        let refused = read::<CustomerPath>(pairs(&[("id", "jane@example.com")])).unwrap_err();
        assert_eq!(refused.param, "id");
        assert!(refused.message.starts_with("expected `cus_`"), "{refused}");
        assert!(!refused.to_string().contains("jane"), "{refused}");

        let refused = read::<CustomerQuery>(pairs(&[("expand", "jane")])).unwrap_err();
        assert_eq!(refused.to_string(), "expand: expected one of: user");
    }

    #[test]
    fn a_parameter_given_twice_is_refused() {
        let refused = read::<CustomerQuery>(pairs(&[("expand", "user"), ("expand", "user")]));
        assert_eq!(refused.unwrap_err().to_string(), "expand: is given more than once");
    }

    #[test]
    fn a_missing_parameter_is_named() {
        let refused = read::<CustomerPath>(pairs(&[])).unwrap_err();
        assert_eq!(refused.to_string(), "id: is required");
    }
}
