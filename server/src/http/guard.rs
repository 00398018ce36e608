//! What every request must satisfy before it is routed.
//!
//! Dropshot answers an unknown path or method by itself, without an `error_code`. It has no
//! middleware, but it asks a version policy about each request before it routes it, and a policy
//! may refuse. This one does not decide about versions; it looks the route up in a router of its
//! own and refuses in the one shape of all errors.

use std::fmt;

use customers_api::error::ErrorCode;
use dropshot::{ApiDescription, Body, DynamicVersionPolicy, HttpError, ServerContext};
use http::{Method, Request, StatusCode, Version as HttpVersion, header};
use semver::Version;
use slog::Logger;

use super::operation;

type Lookup = dyn Fn(&Method, &str) -> Result<(), HttpError> + Send + Sync;

/// Refuses requests for which there is no operation.
pub struct RouteGuard {
    lookup: Box<Lookup>,
    routes: Vec<Route>,
}

/// Method and path of an operation; a part of the path that is a variable has no name here.
struct Route(Method, Vec<Option<String>>);

impl RouteGuard {
    /// A guard that knows these operations.
    #[must_use]
    pub fn new<C: ServerContext>(api: ApiDescription<C>) -> Self {
        let router = api.into_router();
        let part = |part: &str| (!part.starts_with('{')).then(|| part.to_owned());
        let endpoints = router.endpoints(None);
        let plain = endpoints.filter_map(|(path, method, _)| {
            Some(Route(method.parse().ok()?, path.split('/').map(part).collect()))
        });
        Self {
            routes: plain.collect(),
            lookup: Box::new(move |method, path| {
                router.lookup_route(method, path.into(), None).map(drop)
            }),
        }
    }

    /// Whether it is seen at once that there is an operation, as it is of nearly all requests. The
    /// router takes many times as long, since it also finds out what else could be meant.
    fn is_plain(&self, method: &Method, path: &str) -> bool {
        let parts: Vec<_> = path.split('/').collect();
        let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('%');
        self.routes.iter().any(|Route(known, route)| {
            let mut pairs = route.iter().zip(&parts);
            known == method
                && route.len() == parts.len()
                && pairs.all(|(name, part)| name.as_ref().map_or(plain(part), |name| name == part))
        })
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
        one_host(request).and_then(|()| one_name(request)).map_err(coded)?;
        let (method, path) = (request.method(), request.uri().path());
        if !self.is_plain(method, path) {
            (self.lookup)(method, path).map_err(coded)?;
        }
        // All operations are of all versions.
        Ok(Version::new(1, 0, 0))
    }
}

/// HTTP/1.1 wants exactly one `Host` (RFC 9112, 3.2); Dropshot does not look.
fn one_host(request: &Request<Body>) -> Result<(), HttpError> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts == 1 || (hosts == 0 && request.version() != HttpVersion::HTTP_11) {
        return Ok(());
    }
    Err(HttpError::for_bad_request(None, String::new()))
}

/// An operation has one name: Dropshot would also take `get` for `GET`, and leave empty parts of a
/// path out, so that a customer whose identifier is missing became the list of all.
fn one_name(request: &Request<Body>) -> Result<(), HttpError> {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let parts = path.strip_prefix('/').unwrap_or(path);
    let has_empty_part = !parts.is_empty() && parts.split('/').any(str::is_empty);
    if has_empty_part || method.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Err(HttpError::for_not_found(None, String::new()));
    }
    Ok(())
}

fn coded(mut error: HttpError) -> HttpError {
    let (code, message) = match error.status_code.as_status() {
        StatusCode::NOT_FOUND => (ErrorCode::NotFound, "there is no such path, or no such method"),
        StatusCode::METHOD_NOT_ALLOWED => (
            ErrorCode::MethodNotAllowed,
            "the path has no operation for this method; see the header Allow",
        ),
        _ => (
            ErrorCode::BadRequest,
            "the path can't be decoded, or there is not exactly one header Host",
        ),
    };
    error.error_code = Some(code.name().to_owned());
    message.clone_into(&mut error.external_message);
    for (name, value) in operation::PROTECTION {
        // Neither name nor value can be refused: they are those of every answer.
        let _ = error.add_header(name, value);
    }
    error
}
