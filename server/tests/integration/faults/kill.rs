//! The server is killed while it writes.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use customers_client::Client;
use tokio::task::JoinSet;

use super::{Writer, read};
use crate::{
    actor::{ADA, Actor},
    audit::trail,
    service::Place,
};

const ROUNDS: u64 = 50;

/// What a writer was told before its server was killed.
struct Acknowledged {
    last: u64,
    requests: Vec<String>,
}

/// Writes from a number on until there is no answer any more.
async fn write_until_killed(
    writer: Writer,
    client: Client,
    first: u64,
    answered: Arc<AtomicU64>,
) -> Acknowledged {
    let mut acknowledged = Acknowledged { last: first - 1, requests: Vec::new() };
    while let Ok(answer) = writer.write(&client, acknowledged.last + 1).await {
        acknowledged.last += 1;
        acknowledged.requests.push(answer.headers()["x-request-id"].to_str().unwrap().to_owned());
        answered.fetch_add(1, Ordering::Relaxed);
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_fifty_kills_and_nothing_is_there_by_half() {
    let place = Place::with_world();
    let token = place.create_token(&Actor::PlatformAdministrator.token_options().unwrap());
    let (mut numbers, mut requests) = ([0, 0], BTreeSet::new());
    for round in 0..ROUNDS {
        let mut service = place.clone().serve();
        let answered = Arc::new(AtomicU64::new(0));
        let mut writers = JoinSet::new();
        for (index, writer) in [Writer::One, Writer::Other].into_iter().enumerate() {
            let client = service.client_with(&token);
            let answered = Arc::clone(&answered);
            let first = numbers[index] + 1;
            writers.spawn(async move {
                (index, write_until_killed(writer, client, first, answered).await)
            });
        }
        // In another phase of its work in each round.
        while answered.load(Ordering::Relaxed) < 1 + round % 7 {
            tokio::task::yield_now().await;
        }
        service.kill();
        let told = writers.join_all().await;

        let service = place.clone().serve();
        let customer = read(&service.client_with(&token)).await;
        for (index, acknowledged) in told {
            let writer = [Writer::One, Writer::Other][index];
            let written = writer.written(&customer);
            // The one whose answer never came may be there, or not.
            let possible = acknowledged.last..=acknowledged.last + 1;
            assert!(possible.contains(&written), "{written} is not in {possible:?}");
            numbers[index] = written;
            requests.extend(acknowledged.requests);
        }
    }
    let in_trail: BTreeSet<_> = trail(&place, ADA)
        .into_iter()
        .map(|row| row["requestId"].as_str().unwrap().to_owned())
        .collect();
    assert!(requests.is_subset(&in_trail), "an acknowledged update is not in the trail");
    assert!(requests.len() >= usize::try_from(ROUNDS).unwrap());
}
