//! What every request must satisfy before it is routed.
//!
//! Dropshot answers an unknown path or method by itself, without an `error_code`. It has no
//! middleware, but it asks a version policy about each request before it routes it, and a policy
//! may refuse. This one does not decide about versions; it looks the route up in a router of its
//! own and refuses in the one shape of all errors.

use std::fmt;

use customers_api::error::ErrorCode;
use dropshot::{ApiDescription, Body, DynamicVersionPolicy, HttpError, ServerContext};
use http::{Method, Request, StatusCode};
use semver::Version;
use slog::Logger;

use super::operation;

type Lookup = dyn Fn(&Method, &str) -> Result<(), HttpError> + Send + Sync;

/// Refuses requests for which there is no operation.
pub struct RouteGuard {
    lookup: Box<Lookup>,
}

impl RouteGuard {
    /// A guard that knows these operations.
    #[must_use]
    pub fn new<C: ServerContext>(api: ApiDescription<C>) -> Self {
        let router = api.into_router();
        Self {
            lookup: Box::new(move |method, path| {
                router.lookup_route(method, path.into(), None).map(drop)
            }),
        }
    }
}

impl fmt::Debug for RouteGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RouteGuard")
    }
}

impl DynamicVersionPolicy for RouteGuard {
    fn request_extract_version(
        &self,
        request: &Request<Body>,
        _: &Logger,
    ) -> Result<Version, HttpError> {
        (self.lookup)(request.method(), request.uri().path()).map_err(coded)?;
        // All operations are of all versions.
        Ok(Version::new(1, 0, 0))
    }
}

fn coded(mut error: HttpError) -> HttpError {
    let (code, message) = match error.status_code.as_status() {
        StatusCode::NOT_FOUND => (ErrorCode::NotFound, "there is no such path"),
        StatusCode::METHOD_NOT_ALLOWED => (
            ErrorCode::MethodNotAllowed,
            "the path has no operation for this method; see the header Allow",
        ),
        _ => (ErrorCode::BadRequest, "the path can't be decoded"),
    };
    error.error_code = Some(code.name().to_owned());
    message.clone_into(&mut error.external_message);
    for (name, value) in operation::PROTECTION {
        // Neither name nor value can be refused: they are those of every answer.
        let _ = error.add_header(name, value);
    }
    error
}
