//! The store without a server, in a loop: the one statement behind the read of a customer, for
//! customers at random, or the rows of the audit trail that such reads leave.
//!
//! It says on standard output how often it has done that, once its time is over.

use std::{
    io::Write,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::bail;
use customers_bench_floors::program;
use customers_store::{
    Store,
    audit::{AuditBatch, AuditEntry},
};
use customers_types::{
    access::Clause,
    id::CustomerPubId,
    token::{TokenHash, TokenSecret},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};

/// Reads between two looks at the clock.
const STRIDE: u64 = 64;

/// Rows in one transaction: as many as come in the time that the service lets them gather.
const BATCH: usize = 512;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let store = program::store().await?;
    let ids = Ids {
        start: program::argument(4, "what the identifiers of all customers begin with")?,
        count: program::argument(5, "the number of customers")?.parse()?,
        random: StdRng::seed_from_u64(1),
    };
    let token = TokenSecret::parse(&program::argument(3, "the token")?)?.hash();
    let until = Instant::now()
        + Duration::from_secs(program::argument(6, "for how many seconds")?.parse()?);
    let done = match program::argument(2, "`query` or `audit`")?.as_str() {
        "query" => query(store.as_ref(), &token, ids, until).await?,
        "audit" => audit(store.as_ref(), &token, ids, until).await?,
        _ => bail!("argument 2 is neither `query` nor `audit`"),
    };
    Ok(writeln!(std::io::stdout(), "{done}")?)
}

/// Customers at random, by the numbers in which their identifiers end.
struct Ids {
    start: String,
    count: u32,
    random: StdRng,
}

impl Ids {
    fn next(&mut self) -> String {
        const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let number = self.random.random_range(0..self.count);
        let digit = |place: u32| char::from(DIGITS[(number >> (5 * place) & 31) as usize]);
        let mut id = self.start.clone();
        id.extend((0..5).rev().map(digit));
        id
    }
}

async fn query(
    store: &dyn Store,
    token: &TokenHash,
    mut ids: Ids,
    until: Instant,
) -> anyhow::Result<u64> {
    let mut done = 0;
    while Instant::now() < until {
        for _ in 0..STRIDE {
            let found = store.customer_access(token, ids.next().parse()?).await?;
            if found.is_none_or(|access| access.customer.is_none()) {
                bail!("a customer is not there, or the token");
            }
        }
        done += STRIDE;
    }
    Ok(done)
}

async fn audit(
    store: &dyn Store,
    token: &TokenHash,
    mut ids: Ids,
    until: Instant,
) -> anyhow::Result<u64> {
    let Some(token) = store.token(token).await? else {
        bail!("there is no such token");
    };
    // No other run on this store has begun at the same millisecond.
    let (writer, mut number) = (u128::try_from(program::now().millis())?, 0);
    let mut done = 0;
    while Instant::now() < until {
        let entry = |id: CustomerPubId| AuditEntry {
            at: program::now(),
            holder: token.holder,
            token: token.id,
            // As long as those of the service, which are UUIDs.
            request_id: format!("{done:08x}-0000-4000-8000-000000000000"),
            operation: "get_customer".to_owned(),
            customer: id,
            clause: Clause::Organization,
            fields: Vec::new(),
        };
        let entries = (0..BATCH).map(|_| ids.next().parse().map(entry));
        let entries: Arc<[_]> = entries.collect::<Result<_, _>>()?;
        done += entries.len() as u64;
        number += 1;
        store.append_audit(&AuditBatch { writer, number, entries }).await?;
    }
    Ok(done)
}
