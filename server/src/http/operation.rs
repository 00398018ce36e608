//! The one wrapper that all operations pass.
//!
//! It authenticates before any input is judged, catches panics, gives every answer its headers
//! and every request its log line. An operation added tomorrow has all of this without a line.

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    sync::{Arc, OnceLock},
    time::Instant,
};

use customers_api::{
    answer::Answer,
    error::Error,
    request::{InvalidInput, JsonInput, query_pairs},
};
use customers_store::token::{Holder, Token};
use dropshot::{HttpResponse, RequestContext};
use futures::{FutureExt, TryFutureExt};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use slog::{Logger, error, info, o};

use super::{
    bearer, body,
    rate_limit::{Network, Standing},
};
use crate::{
    app, clock,
    context::{OperationContext, ServerContext},
    error::{Failure, causes},
};

/// Runs an operation for the holder of a token.
///
/// A caller whose token does not count learns nothing about the inputs: a bad input is answered
/// only once the token is known to count.
///
/// # Errors
/// None: a failure, too, is an [`Answer`].
pub async fn operation<I, T, F>(
    rqctx: &RequestContext<ServerContext>,
    input: Result<I, InvalidInput>,
    run: impl FnOnce(OperationContext, I) -> F + Send,
) -> Result<Answer<T>, Error>
where
    I: Send,
    T: HttpResponse,
    F: Future<Output = Result<T, Failure>> + Send,
{
    let limits = &rqctx.context().limits;
    let network = Network::of(rqctx.request.remote_addr().ip());
    let counted = OnceLock::new();
    let authenticated = Arc::new(OnceLock::new());
    let context = |token| OperationContext {
        token,
        now: clock::now(),
        store: Arc::clone(&rqctx.context().store),
        audit: Arc::clone(&rqctx.context().audit),
        request_id: rqctx.request_id.clone(),
        operation: rqctx.endpoint.operation_id.clone(),
        authenticated: Arc::clone(&authenticated),
    };
    let run = async {
        let token = bearer::token(rqctx.request.headers()).map_err(Failure::Unauthenticated)?;
        let _ = counted.set(limits.admit(network, token)?);
        let context = context(token);
        let result = match known_query(rqctx).and(input) {
            Ok(input) => run(context, input).await,
            Err(invalid) => {
                let known = app::authenticate(&context).await;
                known.and(Err(Failure::InvalidInput(invalid)))
            }
        };
        match &result {
            Err(Failure::Unauthenticated(_)) => limits.forget(token),
            _ if authenticated.get().is_some() => limits.prove(token),
            // The store failed before it could tell.
            _ => {}
        }
        result
    };
    let run = run.map_err(|failure| limits.charge(network, failure));
    let mut answer = answer(rqctx, run, &authenticated).await;
    // Who is not authenticated has used nothing of a token's quota.
    let is_counted = answer.response_mut().status() != StatusCode::UNAUTHORIZED;
    let left = counted.get().filter(|_| is_counted).copied();
    let left = left.into_iter().flat_map(Standing::fields);
    answer.response_mut().headers_mut().extend(left);
    Ok(answer)
}

/// Runs an operation with a body for the holder of a token. The body is not read before the
/// token is known to count.
///
/// # Errors
/// None: a failure, too, is an [`Answer`].
pub async fn operation_with_body<I, B, T, F>(
    rqctx: &RequestContext<ServerContext>,
    input: Result<I, InvalidInput>,
    body: JsonInput<B>,
    run: impl FnOnce(OperationContext, I, B) -> F + Send,
) -> Result<Answer<T>, Error>
where
    I: Send,
    B: DeserializeOwned + Send,
    T: HttpResponse,
    F: Future<Output = Result<T, Failure>> + Send,
{
    operation(rqctx, input, |context, input| async move {
        app::authenticate(&context).await?;
        let body = body::read(body, rqctx.request_body_max_bytes()).await?;
        // The body may have taken its time, and the token ended meanwhile.
        let context = OperationContext { now: clock::now(), ..context };
        run(context, input, body).await
    })
    .await
}

/// Runs an operation that is for everybody.
///
/// # Errors
/// None: a failure, too, is an [`Answer`].
pub async fn public_operation<T: HttpResponse>(
    rqctx: &RequestContext<ServerContext>,
    run: impl Future<Output = Result<T, Failure>> + Send,
) -> Result<Answer<T>, Error> {
    let run = async {
        known_query(rqctx).map_err(Failure::InvalidInput)?;
        run.await
    };
    Ok(answer(rqctx, run, &OnceLock::new()).await)
}

/// Refuses query parameters that the document does not give the operation.
fn known_query(rqctx: &RequestContext<ServerContext>) -> Result<(), InvalidInput> {
    let query = rqctx.request.uri().query().unwrap_or_default();
    let operation = &rqctx.endpoint.operation_id;
    let pairs = query_pairs(query)?;
    match pairs.into_iter().find(|(name, _)| !rqctx.context().has_query_parameter(operation, name))
    {
        None => Ok(()),
        Some((param, _)) => {
            let message = "this operation has no such query parameter".to_owned();
            Err(InvalidInput { param, message })
        }
    }
}

async fn answer<T: HttpResponse>(
    rqctx: &RequestContext<ServerContext>,
    run: impl Future<Output = Result<T, Failure>> + Send,
    authenticated: &OnceLock<Token>,
) -> Answer<T> {
    let started = Instant::now();
    let result = AssertUnwindSafe(run).catch_unwind().await.unwrap_or(Err(Failure::Panicked));
    let result = result.and_then(|success| Answer::success(success).map_err(Failure::Answer));
    let log = request_log(rqctx, authenticated.get());
    let (mut answer, log) = match result {
        Ok(answer) => (answer, log),
        Err(failure) => {
            let log = failed(&log, &failure);
            (Answer::from_response(failure.into_response(&rqctx.request_id)), log)
        }
    };
    answer.response_mut().headers_mut().extend(PROTECTION);
    info!(log, "request";
        "status" => answer.response_mut().status().as_u16(),
        "latency_us" => u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
    );
    answer
}

/// Logs what is behind a failure of the service: here, once, because the answer does not say it.
fn failed(log: &Logger, failure: &Failure) -> Logger {
    let log = log.new(o!("error_code" => failure.code().name()));
    if failure.code().status().is_server_error() {
        error!(log, "request failed"; "cause" => causes(failure));
    }
    log
}

/// The headers of every answer. It may be about a person: nobody on the way may keep it, and no
/// browser guess its type.
pub(super) const PROTECTION: [(HeaderName, HeaderValue); 2] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

fn request_log(rqctx: &RequestContext<ServerContext>, token: Option<&Token>) -> Logger {
    let log = rqctx.context().log.new(o!(
        "request_id" => rqctx.request_id.clone(),
        "operation" => rqctx.endpoint.operation_id.clone(),
    ));
    match token {
        None => log,
        Some(token) => {
            let principal = match token.holder {
                Holder::User(user) => user.to_string(),
                Holder::Organization(organization, _) => organization.to_string(),
            };
            log.new(o!("principal" => principal, "token" => token.id.to_string()))
        }
    }
}
