//! The one shape of all errors, and the status that belongs to each code.

use std::fmt;

use dropshot::{ErrorStatusCode, HttpError, HttpResponseError};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

/// What every failure answers, whatever the path and the status.
///
/// Only what can't be read as HTTP at all, or is too long to be read, is answered without it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Error {
    /// Identifies this request in the logs of the service: quote it when you ask about it. The
    /// header `x-request-id` has the same value.
    pub request_id: String,
    /// What went wrong and what to do about it, for people. It may be reworded at any time, and
    /// never repeats a value that was sent.
    pub message: String,
    /// What went wrong, for programs.
    pub error_code: ErrorCode,
    /// The one input that is at fault, if it is one: the name of a parameter, or a JSON pointer
    /// (RFC 6901) into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    pub param: Option<String>,
}

/// What went wrong, for programs.
///
/// More values may be added: treat one that you don't know by the status of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, IntoStaticStr, VariantArray)]
pub enum ErrorCode {
    /// 400: an input is missing, unknown or not as documented; `param` names it.
    InvalidInput,
    /// 400: the request is not as HTTP wants it: the path can't be decoded, there is not exactly one
    /// header `Host`, or the body breaks off.
    BadRequest,
    /// 401: the request has no bearer token.
    TokenMissing,
    /// 401: what was sent as a token is none: its form or its checksum is wrong.
    TokenMalformed,
    /// 401: the token was never issued, or its owner is gone.
    TokenUnknown,
    /// 401: the token has expired.
    TokenExpired,
    /// 401: the token was revoked.
    TokenRevoked,
    /// 403: the token does not hold the permission that the operation needs, on any object; or it
    /// lacks one that it would hand out with another token.
    Forbidden,
    /// 404: there is no such object for the holder of this token, or no such path.
    NotFound,
    /// 405: the path has no operation for this method; the header `Allow` names those it has.
    MethodNotAllowed,
    /// 408: the body of the request did not come in time.
    RequestTimeout,
    /// 409: the object is in a state in which this can't be done. Where several are sent, `param`
    /// points at the one at fault.
    Conflict,
    /// 412: the customer is no longer what the header `If-Match` says; read it again.
    PreconditionFailed,
    /// 413: the body of the request is larger than the operation takes: 2 MiB of directory records,
    /// 64 KiB of anything else.
    PayloadTooLarge,
    /// 415: the body of the request is not declared as `application/json`, in UTF-8 and without
    /// `Content-Encoding`.
    UnsupportedMediaType,
    /// 429: the token has used up its requests of the minute, or too many authentications from
    /// this address have failed; repeat the request after the seconds in the header `Retry-After`.
    TooManyRequests,
    /// 500: the service failed. Repeating the request may help; if not, quote the `request_id`.
    Internal,
    /// 503: the service can't answer for the moment; repeat the request later.
    Unavailable,
}

impl ErrorCode {
    /// The status of every answer with this code.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::InvalidInput | Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TokenMissing
            | Self::TokenMalformed
            | Self::TokenUnknown
            | Self::TokenExpired
            | Self::TokenRevoked => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict => StatusCode::CONFLICT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Dropshot wants to be able to make our error of its own. It never does so on a path that a
/// request can reach: no extractor of ours fails, see [`crate::request`].
impl From<HttpError> for Error {
    fn from(_: HttpError) -> Self {
        Self {
            request_id: String::new(),
            message: "the service failed".to_owned(),
            error_code: ErrorCode::Internal,
            param: None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl HttpResponseError for Error {
    fn status_code(&self) -> ErrorStatusCode {
        ErrorStatusCode::from_status(self.error_code.status())
            .unwrap_or(ErrorStatusCode::INTERNAL_SERVER_ERROR)
    }
}
