//! What can go wrong with a request, and the one map from there to an answer.

use customers_api::{
    error::{Error, ErrorCode},
    request::InvalidInput,
};
use customers_store::error::StoreError;
use customers_types::{access::Action, token::Lapse};
use dropshot::{Body, HttpError};
use http::{HeaderValue, Response, header};

use crate::http::{BodyFault, Policy, Standing};

/// Seconds after which a request that met a busy store may be repeated.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// What callers are told while the service can't answer.
const UNAVAILABLE: &str = "the service can't answer for the moment; repeat the request later";

/// What callers are told when their request may have been carried out, or not.
const UNCERTAIN: &str = "the service can't tell whether it did what was asked: read how things \
                         are, and repeat the request if need be";

/// Why a request was not answered as its caller hoped.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The caller is not known.
    #[error("not authenticated: {0:?}")]
    Unauthenticated(Unauthenticated),
    /// An input is not as documented.
    #[error("invalid input {0}")]
    InvalidInput(InvalidInput),
    /// The caller holds the action on nothing.
    #[error("{0} is not held")]
    Forbidden(Action),
    /// There is no such object of this kind for the caller.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The caller would hand out an action that it does not hold itself.
    #[error("{0} is not held and can't be granted")]
    Exceeds(Action),
    /// The token that is to be rotated no longer counts.
    #[error("the token no longer counts")]
    TokenLapsed,
    /// The body of the request can't be read.
    #[error("the body can't be read")]
    Body(#[from] BodyFault),
    /// A record can't be applied to what is there.
    #[error("{param} can't be applied")]
    Conflict {
        /// A JSON pointer to the record and its field.
        param: String,
        /// Why, without the value.
        message: String,
    },
    /// The customer is not what the caller thinks it is.
    #[error("the customer has another version")]
    VersionDiffers,
    /// A quota is used up.
    #[error("a quota is used up: {:?}", .0.policy())]
    TooManyRequests(Standing),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The read can't leave its row in the audit trail.
    #[error("the read can't be audited")]
    NotAudited,
    /// A probe found that the store does not answer.
    #[error("the store does not answer")]
    NotReady(#[source] StoreError),
    /// The answer can't be put on the wire.
    #[error("the answer can't be serialized: {}", .0.internal_message)]
    Answer(HttpError),
    /// The operation panicked; where, the panic hook has logged.
    #[error("the operation panicked")]
    Panicked,
}

/// Why a caller is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unauthenticated {
    /// There is no bearer token.
    Missing,
    /// What was sent can't be a token.
    Malformed,
    /// The token was never issued.
    Unknown,
    /// The token no longer counts.
    Lapsed(Lapse),
}

impl Failure {
    /// The code in the answer, which also decides the status.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Unauthenticated(Unauthenticated::Missing) => ErrorCode::TokenMissing,
            Self::Unauthenticated(Unauthenticated::Malformed) => ErrorCode::TokenMalformed,
            Self::Unauthenticated(Unauthenticated::Unknown) => ErrorCode::TokenUnknown,
            Self::Unauthenticated(Unauthenticated::Lapsed(Lapse::Expired)) => {
                ErrorCode::TokenExpired
            }
            Self::Unauthenticated(Unauthenticated::Lapsed(Lapse::Revoked)) => {
                ErrorCode::TokenRevoked
            }
            Self::InvalidInput(_) => ErrorCode::InvalidInput,
            Self::Forbidden(_) | Self::Exceeds(_) => ErrorCode::Forbidden,
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Body(fault) => fault.code(),
            Self::TokenLapsed | Self::Conflict { .. } => ErrorCode::Conflict,
            Self::VersionDiffers => ErrorCode::PreconditionFailed,
            Self::TooManyRequests(_) => ErrorCode::TooManyRequests,
            Self::NotAudited | Self::NotReady(_) => ErrorCode::Unavailable,
            Self::Store(error) if error.is_passing() => ErrorCode::Unavailable,
            Self::Store(_) | Self::Answer(_) | Self::Panicked => ErrorCode::Internal,
        }
    }

    /// The answer, with the headers that belong to its status.
    #[must_use]
    pub fn into_response(self, request_id: &str) -> Response<Body> {
        let error_code = self.code();
        let message = self.message();
        let (param, used_up) = match self {
            Self::InvalidInput(input) => (Some(input.param), None),
            Self::Conflict { param, .. } => (Some(param), None),
            Self::TooManyRequests(standing) => (None, Some(standing)),
            _ => (None, None),
        };
        let error = Error { request_id: request_id.to_owned(), message, error_code, param };
        let body = serde_json::to_vec(&error).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = error_code.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        match error_code {
            ErrorCode::TokenMissing
            | ErrorCode::TokenMalformed
            | ErrorCode::TokenUnknown
            | ErrorCode::TokenExpired
            | ErrorCode::TokenRevoked => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            ErrorCode::Unavailable => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER);
            }
            _ => {}
        }
        if let Some(standing) = used_up {
            headers.extend(standing.fields().chain([standing.retry_after()]));
        }
        response
    }

    /// What the caller is told. It is the same for all failures of authentication, and says
    /// nothing of what is behind a failure of the service.
    fn message(&self) -> String {
        match self {
            Self::Unauthenticated(_) => "a valid bearer token is required".to_owned(),
            Self::InvalidInput(input) => input.message.clone(),
            Self::Forbidden(action) => format!("this token does not hold {action}"),
            Self::NotFound(kind) => {
                format!("there is no such {kind}, or it is not visible to you")
            }
            Self::Exceeds(action) => {
                format!("this token does not hold {action} there, and can't grant it to another")
            }
            Self::TokenLapsed => "the token has expired or was revoked: make another".to_owned(),
            Self::Body(fault) => fault.to_string(),
            Self::Conflict { message, .. } => message.clone(),
            Self::VersionDiffers => {
                "the customer has changed since: read it again and repeat the change".to_owned()
            }
            Self::TooManyRequests(standing) => {
                let used_up = match standing.policy() {
                    Policy::Requests => "this token has used up its requests",
                    Policy::FailedAuthentications => {
                        "too many authentications from this address have failed"
                    }
                };
                format!("{used_up}; repeat the request after the seconds in the header Retry-After")
            }
            Self::NotAudited | Self::NotReady(_) => UNAVAILABLE.to_owned(),
            Self::Store(StoreError::Uncertain(_)) => UNCERTAIN.to_owned(),
            Self::Store(error) if error.is_passing() => UNAVAILABLE.to_owned(),
            Self::Store(_) | Self::Answer(_) | Self::Panicked => {
                "the service failed; if it does again, quote the request_id".to_owned()
            }
        }
    }
}

/// An error and what is behind it, outermost first.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
