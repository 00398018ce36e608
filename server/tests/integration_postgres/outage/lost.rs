//! A connection is lost while something is under way on it.

use std::collections::BTreeSet;

use customers_client::ResponseValue;

use super::{assert_unavailable, by_proxy, hash, load::assert_in_trail_once, proxy::Mishap};
use crate::{
    actor::ADA,
    audit::trail,
    faults::{Writer, read},
};

const COMMIT: &[u8] = b"COMMIT\0";

fn request_id<T>(answer: &ResponseValue<T>) -> String {
    answer.headers()["x-request-id"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_yet_applied_is_done_again_on_a_new_connection() {
    let (proxy, service, token) = by_proxy("").await;
    let client = service.client_with(&token);
    let mut requests = BTreeSet::new();
    for (number, mishap) in [(1, Mishap::Cut), (2, Mishap::CutAnswer)] {
        for bytes in [format!("number {number}").into(), hash(&token).to_vec()] {
            proxy.next(&bytes, mishap);
            requests.insert(request_id(&Writer::One.write(&client, number).await.unwrap()));
            assert!(proxy.has_happened());
        }
        proxy.next(&hash(&token), mishap);
        requests.insert(request_id(&client.get_customer().id(ADA).send().await.unwrap()));
        assert!(proxy.has_happened());
    }
    assert_eq!(Writer::One.written(&read(&client).await), 2);
    let (_, place) = service.stop();
    assert_in_trail_once(&place, &requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_which_nobody_knows_is_not_made_twice_and_its_caller_told_so() {
    for (mishap, written) in [(Mishap::Cut, 1), (Mishap::CutAnswer, 2)] {
        let (proxy, service, token) = by_proxy("").await;
        let client = service.client_with(&token);
        Writer::One.write(&client, 1).await.unwrap();
        proxy.next(COMMIT, mishap);
        let error = Writer::One.write(&client, 2).await.unwrap_err();
        assert!(proxy.has_happened());
        let message = assert_unavailable(&error);
        assert!(message.contains("can't tell whether it did"), "{message}");
        assert_eq!(Writer::One.written(&read(&client).await), written);
        let (_, place) = service.stop();
        let rows = trail(&place, ADA).into_iter();
        let updates = rows.filter(|row| row["operation"] == "update_customer").count() as u64;
        assert_eq!(updates, written);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_is_in_the_trail_once_though_nobody_knows_whether_it_was_written() {
    for mishap in [Mishap::Cut, Mishap::CutAnswer] {
        let (proxy, service, token) = by_proxy("").await;
        let client = service.client_with(&token);
        let mut requests = BTreeSet::new();
        for _ in 0..2 {
            proxy.next(COMMIT, mishap);
            for _ in 0..3 {
                requests.insert(request_id(&client.get_customer().id(ADA).send().await.unwrap()));
            }
            while !proxy.has_happened() {
                tokio::task::yield_now().await;
            }
        }
        let (log, place) = service.stop();
        assert!(log.contains("the audit trail can't be written"), "{log}");
        assert_in_trail_once(&place, &requests);
    }
}
