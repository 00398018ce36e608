//! The database ends, refuses, is slow, or becomes another: meanwhile callers are told to come
//! back, nothing that was acknowledged is lost, and the server needs no restart.

mod failover;
mod load;
mod lost;
mod proxy;
mod slow;
mod stopped;

use std::time::{Duration, Instant};

use customers_client::{
    Error,
    types::{self, ErrorCode},
};
use customers_types::token::TokenSecret;

use self::proxy::Proxy;
use crate::{
    actor::Actor,
    cluster::Database,
    faults::Answer,
    service::{Place, Service},
};

/// Within which every request is answered, before its caller gives up.
const BOUND: Duration = Duration::from_secs(14);

async fn answered_in_time(request: impl Future<Output = Answer>) -> Answer {
    let began = Instant::now();
    let answer = request.await;
    assert!(began.elapsed() < BOUND, "a request took {:?}", began.elapsed());
    answer
}

/// What a caller is told who is to come back; else this fails.
fn assert_unavailable(error: &Error<types::Error>) -> &str {
    let Error::ErrorResponse(refused) = error else { panic!("{error}") };
    assert_eq!((refused.status().as_u16(), &refused.error_code), (503, &ErrorCode::Unavailable));
    assert!(refused.headers().contains_key("retry-after"));
    &refused.message
}

/// A server on the world that finds its database by a proxy, and the token of an administrator.
async fn by_proxy(parameters: &str) -> (Proxy, Service, String) {
    let proxy = Proxy::to(Database::address()).await;
    let place = Place::with_world();
    let url = format!("{}&{parameters}", place.home().url_at(proxy.address()));
    let token = administrator(&place);
    (proxy, serve_at(place, &url), token)
}

fn serve_at(place: Place, url: &str) -> Service {
    place.serve_with(&["--requests-per-minute", "1000000", "--store", url])
}

/// As statements have the token.
fn hash(token: &str) -> [u8; 32] {
    *TokenSecret::parse(token).unwrap().hash().as_bytes()
}

fn administrator(place: &Place) -> String {
    place.create_token(&Actor::PlatformAdministrator.token_options().unwrap())
}
