//! Bare hyper: a loop that accepts, and a task for each connection.

use std::{convert::Infallible, io::Write, net::SocketAddr};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// Serves on a free port until it is killed, and says which.
///
/// # Errors
/// When no connection can be accepted.
pub async fn serve<F>(
    answer: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static,
) -> anyhow::Result<()>
where
    F: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    announce(listener.local_addr()?)?;
    loop {
        let (connection, _) = listener.accept().await?;
        let answer = answer.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let answer = answer(request);
                async { Ok::<_, Infallible>(answer.await) }
            });
            // A connection that the caller has cut is no failure of the server.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
        });
    }
}

/// Says where the server listens, as `customers-server` does.
///
/// # Errors
/// When nobody reads it.
pub fn announce(address: SocketAddr) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on http://{address}")?;
    Ok(stdout.flush()?)
}

/// An answer with JSON, or with no body at all.
#[must_use]
pub fn response(result: Result<Bytes, StatusCode>) -> Response<Full<Bytes>> {
    let (status, body) = match result {
        Ok(body) => (StatusCode::OK, body),
        Err(status) => (status, Bytes::new()),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
