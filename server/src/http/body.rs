//! Reading the body of a request, bounded in size and time, once its caller is known.
//!
//! Dropshot would read a body that is too large to its end, and wait for one that never comes.

use std::time::Duration;

use customers_api::{error::ErrorCode, request::JsonInput};
use dropshot::Body;
use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use crate::error::Failure;

/// How long the body of a request may take to come.
const DEADLINE: Duration = Duration::from_secs(10);

/// Why a body was not read.
#[derive(Debug, thiserror::Error)]
pub enum BodyFault {
    /// It is not declared as JSON.
    #[error(
        "the body has to be JSON in UTF-8, declared as content-type: application/json, and without \
         content-encoding"
    )]
    NotJson,
    /// It is larger than the operation takes.
    #[error("the body of the request is larger than {0} bytes")]
    TooLarge(usize),
    /// It did not come in time.
    #[error("the body of the request did not come within {} seconds", DEADLINE.as_secs())]
    TooSlow,
    /// It ends before it is complete, or its framing is wrong.
    #[error("the body of the request breaks off")]
    Broken,
}

impl BodyFault {
    /// The code in the answer.
    pub(crate) fn code(&self) -> ErrorCode {
        match self {
            Self::NotJson => ErrorCode::UnsupportedMediaType,
            Self::TooLarge(_) => ErrorCode::PayloadTooLarge,
            Self::TooSlow => ErrorCode::RequestTimeout,
            Self::Broken => ErrorCode::BadRequest,
        }
    }
}

/// The value that the body is, of at most so many bytes.
pub(super) async fn read<T: DeserializeOwned>(
    body: JsonInput<T>,
    limit: usize,
) -> Result<T, Failure> {
    let bytes = collect(body.into_request(), limit).await?;
    JsonInput::parse(&bytes).map_err(Failure::InvalidInput)
}

async fn collect(request: Request<Body>, limit: usize) -> Result<Vec<u8>, BodyFault> {
    if !declares_json(request.headers()) {
        return Err(BodyFault::NotJson);
    }
    // What announces itself as too large is not read at all.
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(BodyFault::TooLarge(limit));
    }
    let body = Limited::new(request.into_body(), limit).collect();
    match tokio::time::timeout(DEADLINE, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyFault::TooLarge(limit)),
        Ok(Err(_)) => Err(BodyFault::Broken),
        Err(_) => Err(BodyFault::TooSlow),
    }
}

/// Whether the media type is `application/json`, in UTF-8 if it says in what (RFC 8259, 8.1).
fn declares_json(headers: &HeaderMap) -> bool {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return false;
    }
    let mut lines = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return false };
    let Ok(line) = line.to_str() else { return false };
    let mut parts = line.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    is_json
        && parts.filter_map(|parameter| parameter.split_once('=')).all(|(name, value)| {
            !name.eq_ignore_ascii_case("charset")
                || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn json_is_declared_in_the_ways_of_the_rfc() {
        let declares = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::CONTENT_TYPE, HeaderValue::from_static(line));
            }
            declares_json(&headers)
        };
        for line in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
        ] {
            assert!(declares(&[line]), "{line}");
        }
        for lines in [
            &[][..],
            &[""],
            &["text/plain"],
            &["application/jsonx"],
            &["application/json; charset=latin1"],
            &["application/json", "application/json"],
        ] {
            assert!(!declares(lines), "{lines:?}");
        }
    }
}
