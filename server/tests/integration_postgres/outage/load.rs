//! Callers who go on whatever they are answered, and what has to be true of it.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use customers_client::{Client, types::CustomerExpansion};
use tokio::{task::JoinSet, time::sleep};

use super::{answered_in_time, assert_unavailable};
use crate::{
    actor::ADA,
    audit::trail,
    faults::{Answer, Writer, read},
    service::{Place, Service},
};

/// How long is waited for what has to happen.
const PATIENCE: Duration = Duration::from_mins(1);

/// Callers who read and write Ada.
pub(super) struct Load {
    seen: Arc<Seen>,
    readers: JoinSet<BTreeSet<String>>,
    writers: JoinSet<Written>,
}

#[derive(Default)]
struct Seen {
    is_over: AtomicBool,
    /// The last number that each writer knows to be written.
    acknowledged: [AtomicU64; 2],
    reads: Answers,
    writes: Answers,
}

#[derive(Default)]
struct Answers {
    given: AtomicU64,
    refused: AtomicU64,
}

struct Written {
    writer: Writer,
    acknowledged: u64,
    tried: u64,
    requests: BTreeSet<String>,
}

const WRITERS: [Writer; 2] = [Writer::One, Writer::Other];

impl Load {
    pub(super) fn on(service: &Service, token: &str) -> Self {
        let seen = Arc::new(Seen::default());
        let (mut readers, mut writers) = (JoinSet::new(), JoinSet::new());
        for index in 0..2 {
            // Each with connections of its own.
            let (reader, writer) = (service.client_with(token), service.client_with(token));
            readers.spawn(Arc::clone(&seen).keep_reading(reader));
            writers.spawn(Arc::clone(&seen).keep_writing(writer, index));
        }
        Self { seen, readers, writers }
    }

    /// Waits until reads and writes are answered.
    pub(super) async fn is_served(&self) {
        self.grows("served", |answers| &answers.given, 20).await;
    }

    /// Waits until reads and writes are refused.
    pub(super) async fn is_refused(&self) {
        self.grows("refused", |answers| &answers.refused, 3).await;
    }

    async fn grows(&self, what: &str, count: impl Fn(&Answers) -> &AtomicU64, by: u64) {
        let kinds = [&self.seen.reads, &self.seen.writes];
        let counts = || kinds.map(|answers| count(answers).load(Ordering::Relaxed));
        let (before, began) = (counts(), Instant::now());
        while counts().into_iter().zip(before).any(|(now, before)| now < before + by) {
            assert!(began.elapsed() < PATIENCE, "not {what}: {before:?}, now {:?}", counts());
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends the load and the server, and finds everything that was acknowledged.
    pub(super) async fn nothing_is_lost(self, service: Service, token: &str) {
        self.seen.is_over.store(true, Ordering::Relaxed);
        let mut requests: BTreeSet<_> =
            self.readers.join_all().await.into_iter().flatten().collect();
        let writers = self.writers.join_all().await;
        let customer = read(&service.client_with(token)).await;
        for writer in writers {
            let number = writer.writer.written(&customer);
            let possible = writer.acknowledged..=writer.tried;
            assert!(possible.contains(&number), "{number} is not in {possible:?}");
            requests.extend(writer.requests);
        }
        let (_, place) = service.stop();
        assert_in_trail_once(&place, &requests);
    }
}

/// Finds that no request is in the trail of Ada twice, and that these are in it.
pub(super) fn assert_in_trail_once(place: &Place, requests: &BTreeSet<String>) {
    let trail = trail(place, ADA);
    let found: BTreeSet<_> =
        trail.iter().map(|row| row["requestId"].as_str().unwrap().to_owned()).collect();
    assert_eq!(found.len(), trail.len(), "a request is in the trail twice");
    let missing: Vec<_> = requests.difference(&found).collect();
    assert!(missing.is_empty(), "not in the trail: {missing:?}");
}

impl Seen {
    async fn keep_reading(self: Arc<Self>, client: Client) -> BTreeSet<String> {
        let mut requests = BTreeSet::new();
        while !self.is_over.load(Ordering::Relaxed) {
            let before = self.acknowledged.each_ref().map(|last| last.load(Ordering::SeqCst));
            let request = client.get_customer().id(ADA).expand(CustomerExpansion::User);
            let answer = answered_in_time(request.send()).await;
            if let Some(id) = self.reads.count(&answer).await {
                requests.insert(id);
            }
            let Ok(customer) = answer else { continue };
            for (writer, before) in WRITERS.into_iter().zip(before) {
                let shown = writer.written(&customer);
                assert!(shown >= before, "{shown} is shown, {before} was written before that");
            }
        }
        requests
    }

    async fn keep_writing(self: Arc<Self>, client: Client, index: usize) -> Written {
        let (writer, requests) = (WRITERS[index], BTreeSet::new());
        let mut written = Written { writer, acknowledged: 0, tried: 0, requests };
        while !self.is_over.load(Ordering::Relaxed) {
            written.tried += 1;
            let answer = answered_in_time(writer.write(&client, written.tried)).await;
            if let Some(id) = self.writes.count(&answer).await {
                written.acknowledged = written.tried;
                self.acknowledged[index].store(written.tried, Ordering::SeqCst);
                written.requests.insert(id);
            }
        }
        written
    }
}

impl Answers {
    /// The request, if it was done. If it was not, the caller takes a breath.
    async fn count(&self, answer: &Answer) -> Option<String> {
        match answer {
            Ok(answer) => {
                self.given.fetch_add(1, Ordering::Relaxed);
                Some(answer.headers()["x-request-id"].to_str().unwrap().to_owned())
            }
            Err(error) => {
                assert_unavailable(error);
                self.refused.fetch_add(1, Ordering::Relaxed);
                sleep(Duration::from_millis(20)).await;
                None
            }
        }
    }
}
