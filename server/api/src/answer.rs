//! What an operation gives back.

use std::marker::PhantomData;

use dropshot::{ApiEndpointResponse, Body, HttpError, HttpResponse};
use http::{Response, StatusCode};

/// Headers that there is to be room for: those of every answer, of a rate limit and of Dropshot.
pub(crate) const HEADERS: usize = 8;

/// An answer of an operation whose documented success is `T`.
///
/// Dropshot gives an error no headers, but a 401 needs `WWW-Authenticate` and a 503
/// `Retry-After`. So failures, too, travel as finished responses; the operation's error type
/// stays in the signature, where the document takes it from.
pub struct Answer<T> {
    response: Response<Body>,
    documented: PhantomData<fn() -> T>,
}

impl<T: HttpResponse> Answer<T> {
    /// The documented success.
    ///
    /// # Errors
    /// When the body or the headers can't be serialized.
    pub fn success(success: T) -> Result<Self, HttpError> {
        success.to_result().map(Self::from_response)
    }

    /// A finished response: a failure, with its headers.
    #[must_use]
    pub fn from_response(mut response: Response<Body>) -> Self {
        response.headers_mut().reserve(HEADERS);
        Self { response, documented: PhantomData }
    }

    /// The response, to add headers to.
    pub fn response_mut(&mut self) -> &mut Response<Body> {
        &mut self.response
    }
}

impl<T: HttpResponse> HttpResponse for Answer<T> {
    fn to_result(self) -> Result<Response<Body>, HttpError> {
        Ok(self.response)
    }

    fn response_metadata() -> ApiEndpointResponse {
        T::response_metadata()
    }

    fn status_code(&self) -> StatusCode {
        self.response.status()
    }
}
