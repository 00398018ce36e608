//! What an operation takes: inputs that are checked strictly, and not too early.
//!
//! Dropshot runs extractors before the handler, so that a bad parameter would be answered to a
//! caller who has not even shown a token; and its messages repeat the bad value. The extractors
//! here never fail: they keep what they found for the wrapper that authenticates first
//! (`customers_server::http`). A body is not even read before that.
//!
//! `refusal` has the errors, `text` reads parameters and headers, `json` reads bodies.

mod json;
mod refusal;
mod text;

use std::{collections::BTreeMap, marker::PhantomData};

use async_trait::async_trait;
use dropshot::{
    ApiEndpointBodyContentType, Body, ExclusiveExtractor, ExtractorMetadata, Header, HttpError,
    Path, Query, RequestContext, ServerContext, SharedExtractor, TypedBody,
};
use http::Request;
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use self::refusal::LONGEST_NAME;

/// One input that is at fault, and why; never its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{param}: {message}")]
pub struct InvalidInput {
    /// The name of the parameter, or a JSON pointer (RFC 6901) into the body; empty if it is the
    /// body as a whole.
    pub param: String,
    /// What was expected.
    pub message: String,
}

/// The variables of the path.
pub struct PathInput<T>(Result<T, InvalidInput>);

/// The parameters of the query string.
pub struct QueryInput<T>(Result<T, InvalidInput>);

/// The headers that the operation knows; others are passed over.
pub struct HeaderInput<T>(Result<T, InvalidInput>);

/// The names and values of a query string.
///
/// # Errors
/// [`InvalidInput`] names the parameter that is not UTF-8: to replace what can't be read, as
/// browsers do, would be to answer another question than was asked.
pub fn query_pairs(query: &str) -> Result<Vec<(String, String)>, InvalidInput> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let parts = query.split('&').filter(|part| !part.is_empty());
    pairs
        .zip(parts)
        .map(|((name, value), part)| {
            let name: String = name.chars().take(LONGEST_NAME).collect();
            match percent_decode_str(part).decode_utf8() {
                Ok(_) => Ok((name, value.into_owned())),
                Err(_) => Err(InvalidInput { param: name, message: "is not UTF-8".to_owned() }),
            }
        })
        .collect()
}

/// A body in JSON, not read yet.
pub struct JsonInput<T> {
    request: Request<Body>,
    body: PhantomData<fn() -> T>,
}

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

impl<T> HeaderInput<T> {
    /// The headers, or the first that is at fault.
    ///
    /// # Errors
    /// [`InvalidInput`] names the header.
    pub fn into_result(self) -> Result<T, InvalidInput> {
        self.0
    }
}

/// Reads a text in JSON, strictly: the body of a request, or a line of a file.
///
/// # Errors
/// [`InvalidInput`] points at the place.
pub fn read_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, InvalidInput> {
    json::read(text)
}

impl<T: DeserializeOwned> JsonInput<T> {
    /// The request with its body, which whoever reads it has to bound in size and time.
    #[must_use]
    pub fn into_request(self) -> Request<Body> {
        self.request
    }

    /// Reads the body once all of it is there.
    ///
    /// # Errors
    /// [`InvalidInput`] points at the place.
    pub fn parse(bytes: &[u8]) -> Result<T, InvalidInput> {
        read_json(bytes)
    }
}

#[async_trait]
impl<T> SharedExtractor for PathInput<T>
where
    T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    async fn from_request<C: ServerContext>(rqctx: &RequestContext<C>) -> Result<Self, HttpError> {
        let path = <Path<BTreeMap<String, String>> as SharedExtractor>::from_request(rqctx);
        let variables = path.await?.into_inner();
        Ok(Self(text::read(variables.into_iter())))
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
        Ok(Self(query_pairs(query).and_then(|pairs| text::read(pairs.into_iter()))))
    }

    fn metadata(body: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <Query<T> as SharedExtractor>::metadata(body)
    }
}

#[async_trait]
impl<T> SharedExtractor for HeaderInput<T>
where
    T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    async fn from_request<C: ServerContext>(rqctx: &RequestContext<C>) -> Result<Self, HttpError> {
        let headers = rqctx.request.headers();
        let line = |name| {
            // Several lines of one name are one list (RFC 9110, 5.3).
            let lines = headers.get_all(name).iter();
            let texts: Vec<_> =
                lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
            texts.join(", ")
        };
        Ok(Self(text::read(headers.keys().map(|name| (name.as_str().to_owned(), line(name))))))
    }

    fn metadata(body: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <Header<T> as SharedExtractor>::metadata(body)
    }
}

#[async_trait]
impl<T> ExclusiveExtractor for JsonInput<T>
where
    T: DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    async fn from_request<C: ServerContext>(
        _: &RequestContext<C>,
        request: Request<Body>,
    ) -> Result<Self, HttpError> {
        Ok(Self { request, body: PhantomData })
    }

    fn metadata(body: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <TypedBody<T> as ExclusiveExtractor>::metadata(body)
    }
}
