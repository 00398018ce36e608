//! What an operation takes: parameters that are checked strictly, and not too early.
//!
//! Dropshot runs extractors before the handler, so that a bad parameter would be answered to a
//! caller who has not even shown a token; and its messages repeat the bad value. The extractors
//! here never fail: they keep what they found for the wrapper that authenticates first
//! (`customers_server::http`).

use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use dropshot::{
    ApiEndpointBodyContentType, ExtractorMetadata, HttpError, Path, Query, RequestContext,
    ServerContext, SharedExtractor,
};
use schemars::JsonSchema;
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Expected, IntoDeserializer, Unexpected, Visitor, value::MapDeserializer,
    },
    forward_to_deserialize_any,
};

/// One input that is at fault, and why; never its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{param}: {message}")]
pub struct InvalidInput {
    /// The name of the parameter, or a JSON pointer into the body.
    pub param: String,
    /// What was expected.
    pub message: String,
}

/// The variables of the path.
pub struct PathInput<T>(Result<T, InvalidInput>);

/// The parameters of the query string.
pub struct QueryInput<T>(Result<T, InvalidInput>);

impl<T> PathInput<T> {
    /// The variables, or the first that is at fault.
    ///
    /// # Errors
    /// [`InvalidInput`] names the variable.
    pub fn into_result(self) -> Result<T, InvalidInput> {
        self.0
    }
}

impl<T> QueryInput<T> {
    /// The parameters, or the first that is at fault.
    ///
    /// # Errors
    /// [`InvalidInput`] names the parameter.
    pub fn into_result(self) -> Result<T, InvalidInput> {
        self.0
    }
}

#[async_trait]
impl<T> SharedExtractor for PathInput<T>
where
    T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    async fn from_request<C: ServerContext>(rqctx: &RequestContext<C>) -> Result<Self, HttpError> {
        let variables = Path::<BTreeMap<String, String>>::from_request(rqctx).await?.into_inner();
        Ok(Self(read(variables.into_iter())))
    }

    fn metadata(body: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <Path<T> as SharedExtractor>::metadata(body)
    }
}

#[async_trait]
impl<T> SharedExtractor for QueryInput<T>
where
    T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    async fn from_request<C: ServerContext>(rqctx: &RequestContext<C>) -> Result<Self, HttpError> {
        let query = rqctx.request.uri().query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        Ok(Self(read(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())))))
    }

    fn metadata(body: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <Query<T> as SharedExtractor>::metadata(body)
    }
}

fn read<T: DeserializeOwned>(
    pairs: impl Iterator<Item = (String, String)>,
) -> Result<T, InvalidInput> {
    let pairs = MapDeserializer::<_, Refusal>::new(pairs.map(|(name, text)| (name, Text(text))));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let at = error.path().to_string();
        let Refusal { param, message } = error.into_inner();
        InvalidInput { param: param.unwrap_or(at), message }
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

/// A deserialization error that has what was expected, but not what was found.
#[derive(Debug)]
struct Refusal {
    /// The field, where the error is about a field and not about the value in one.
    param: Option<String>,
    message: String,
}

impl Refusal {
    fn of_value(message: String) -> Self {
        Self { param: None, message }
    }

    fn of_field(field: &str, message: &str) -> Self {
        Self { param: Some(field.to_owned()), message: message.to_owned() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl serde::de::Error for Refusal {
    /// Messages of our own types, which never repeat a value.
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::of_value(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {expected}"))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format_args!("expected one of: {}", expected.join(", ")))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::of_field(field, "is required")
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::of_field(field, "is given more than once")
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
