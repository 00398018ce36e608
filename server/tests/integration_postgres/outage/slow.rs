//! The database is there, and its answers are not.

use std::time::{Duration, Instant};

use super::{answered_in_time, assert_unavailable, by_proxy, hash, proxy::Mishap};
use crate::{
    actor::ADA,
    faults::{Writer, read},
};

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_database_that_says_nothing_is_told_to_come_back() {
    let (proxy, service, token) = by_proxy("deadline=2").await;
    let client = service.client_with(&token);
    Writer::One.write(&client, 1).await.unwrap();
    for _ in 0..2 {
        let began = Instant::now();
        proxy.stop();
        let requests = (
            answered_in_time(client.get_customer().id(ADA).send()),
            answered_in_time(Writer::One.write(&client, 2)),
        );
        let (read_refused, write_refused) = tokio::join!(requests.0, requests.1);
        assert_unavailable(&read_refused.unwrap_err());
        assert_unavailable(&write_refused.unwrap_err());
        assert!(began.elapsed() < Duration::from_secs(6), "it took {:?}", began.elapsed());
        proxy.flow();
        assert_eq!(Writer::One.written(&read(&client).await), 1);
    }
    Writer::One.write(&client, 3).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_stops_in_the_middle_holds_up_its_caller_and_others_by_the_pool_alone() {
    for (parameters, is_only_one) in [("deadline=4", false), ("deadline=4&pool_size=1", true)] {
        let (proxy, service, token) = by_proxy(parameters).await;
        let client = service.client_with(&token);
        proxy.next(&hash(&token), Mishap::StopAnswer);
        let held_up = answered_in_time(client.get_customer().id(ADA).send());
        let other = async {
            while !proxy.has_happened() {
                tokio::task::yield_now().await;
            }
            let began = Instant::now();
            let other = client.get_customer().id(ADA).send().await;
            assert!(began.elapsed() < Duration::from_secs(3), "it took {:?}", began.elapsed());
            other
        };
        let (held_up, other) = tokio::join!(held_up, other);
        assert_unavailable(&held_up.unwrap_err());
        if is_only_one {
            assert_unavailable(&other.unwrap_err());
        } else {
            other.unwrap();
        }
        read(&client).await;
        let (log, _) = service.stop();
        let exhausted = log.contains("all connections to the database are in use");
        assert_eq!(exhausted, is_only_one, "{log}");
    }
}
