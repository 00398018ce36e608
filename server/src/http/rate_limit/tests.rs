use std::time::Duration;

use customers_types::token::TokenSecret;
use governor::clock::FakeRelativeClock;
use rand::{SeedableRng, rngs::StdRng};

use super::*;
use crate::error::Unauthenticated;

fn limits(requests: u32, failures: u32) -> (RateLimits<FakeRelativeClock>, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    let limits = Limits {
        requests_per_minute: NonZeroU32::new(requests).unwrap(),
        failed_authentications_per_minute: NonZeroU32::new(failures).unwrap(),
    };
    (RateLimits::with_clock(limits, clock.clone()), clock)
}

fn token(seed: u64) -> TokenHash {
    TokenSecret::generate(&mut StdRng::seed_from_u64(seed)).hash()
}

fn network(last: u8) -> Network {
    Network::of([192, 0, 2, last].into())
}

/// The fields `RateLimit`, or the refusal's with the seconds to wait.
fn left(admitted: Result<Standing, Failure>) -> String {
    match admitted {
        Ok(standing) => left_of(standing),
        Err(Failure::TooManyRequests(standing)) => {
            let wait = standing.retry_after().1;
            format!("{} wait {}", left_of(standing), wait.to_str().unwrap())
        }
        Err(other) => other.to_string(),
    }
}

fn left_of(standing: Standing) -> String {
    let (_, value) = standing.fields().find(|(name, _)| name == "ratelimit").unwrap();
    value.to_str().unwrap().to_owned()
}

/// Whether a failed authentication is still answered as one.
fn fails(limits: &RateLimits<FakeRelativeClock>, network: Network) -> bool {
    let failure = Failure::Unauthenticated(Unauthenticated::Unknown);
    matches!(limits.charge(network, failure), Failure::Unauthenticated(_))
}

#[test]
fn the_quota_of_a_token_may_be_used_at_once_and_comes_back_evenly() {
    let (limits, clock) = limits(3, 1);
    let admit = |seed| left(limits.admit(network(1), token(seed)));
    assert_eq!(admit(1), "\"requests\";r=2;t=20");
    assert_eq!(admit(1), "\"requests\";r=1;t=20");
    assert_eq!(admit(1), "\"requests\";r=0;t=20");
    assert_eq!(admit(1), "\"requests\";r=0;t=20 wait 20");
    assert_eq!(admit(2), "\"requests\";r=2;t=20", "another token");
    clock.advance(Duration::from_millis(12_500));
    assert_eq!(admit(1), "\"requests\";r=0;t=8 wait 8");
    clock.advance(Duration::from_millis(7_500));
    assert_eq!(admit(1), "\"requests\";r=0;t=20");
    assert_eq!(admit(1), "\"requests\";r=0;t=20 wait 20");
    clock.advance(Duration::from_hours(1));
    assert_eq!(admit(1), "\"requests\";r=2;t=20", "no more than the quota comes back");
}

#[test]
fn a_quota_of_many_requests_comes_back_within_a_second() {
    let (limits, _) = limits(6_000, 1);
    assert_eq!(left(limits.admit(network(1), token(1))), "\"requests\";r=5999;t=1");
}

#[test]
fn after_too_many_failures_only_tokens_that_have_authenticated_are_looked_up() {
    let (limits, clock) = limits(100, 2);
    limits.prove(token(1));
    assert!(fails(&limits, network(1)) && fails(&limits, network(1)));
    assert!(!fails(&limits, network(1)));
    let refused = "\"failed-authentications\";r=0;t=30 wait 30";
    assert_eq!(left(limits.admit(network(1), token(2))), refused);
    assert!(limits.admit(network(1), token(1)).is_ok());
    assert!(limits.admit(network(2), token(2)).is_ok(), "from another network");
    assert!(fails(&limits, network(2)));

    clock.advance(Duration::from_secs(30));
    assert!(limits.admit(network(1), token(2)).is_ok());
    assert!(fails(&limits, network(1)) && !fails(&limits, network(1)));
}

#[test]
fn only_failed_authentications_are_charged() {
    let (limits, _) = limits(100, 1);
    for seed in 0..50 {
        assert!(limits.admit(network(1), token(seed)).is_ok(), "token {seed}");
        assert!(matches!(
            limits.charge(network(1), Failure::NotFound("customer")),
            Failure::NotFound(_)
        ));
    }
    assert!(fails(&limits, network(1)));
}

#[test]
fn a_token_is_known_for_a_day_after_it_last_authenticated() {
    let (limits, clock) = limits(100, 1);
    let admit_after_failure = |seed| {
        let _ = fails(&limits, network(1));
        limits.admit(network(1), token(seed)).is_ok()
    };
    limits.prove(token(1));
    clock.advance(Duration::from_hours(25));
    assert!(admit_after_failure(1));
    limits.prove(token(1));
    clock.advance(Duration::from_hours(25));
    assert!(admit_after_failure(1));
    clock.advance(Duration::from_hours(2));
    assert!(!admit_after_failure(1));
}

#[test]
fn a_token_that_no_longer_authenticates_is_forgotten() {
    let (limits, _) = limits(100, 1);
    limits.prove(token(1));
    assert!(fails(&limits, network(1)));
    limits.forget(token(1));
    assert!(limits.admit(network(1), token(1)).is_err());
}

#[test]
fn tokens_that_somebody_made_up_leave_nothing_behind() {
    let (limits, _) = limits(1, 1_000);
    for seed in 0..1_000 {
        let _ = limits.admit(network(1), token(seed));
        limits.forget(token(seed));
        let _ = fails(&limits, network(1));
    }
    assert_eq!(limits.requests.len(), 0);
    assert_eq!(limits.failures.len(), 1);
    // The network has used up its quota: from here on, nothing is even begun.
    assert!(limits.admit(network(1), token(1_000)).is_err());
    assert_eq!(limits.requests.len(), 0);
}

#[test]
fn what_no_longer_matters_is_dropped() {
    let (limits, clock) = limits(1, 1);
    for number in 0..100 {
        let _ = limits.admit(network(255), token(number.into()));
        limits.prove(token(number.into()));
        let _ = fails(&limits, network(number));
    }
    assert_eq!((limits.requests.len(), limits.failures.len()), (100, 100));
    // Full again after a minute, and dropped within another; one that is not full is kept.
    clock.advance(Duration::from_secs(59));
    let _ = fails(&limits, network(200));
    clock.advance(Duration::from_secs(62));
    let _ = limits.admit(network(255), token(0));
    assert_eq!((limits.requests.len(), limits.failures.len()), (1, 1));
    assert_eq!(limits.proven().len(), 100);
    clock.advance(Duration::from_hours(27));
    let _ = limits.admit(network(255), token(0));
    assert_eq!(limits.proven().len(), 0);
}
