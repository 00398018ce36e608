//! Directory records that a request brings.

use customers_store::{
    error::StoreError,
    import::{Fault, RecordsChange, RecordsOutcome, Summary},
    record::Change,
};
use customers_types::access::Action;

use super::counts;
use crate::{
    context::OperationContext,
    directory::{Source, reason},
    error::{Failure, Unauthenticated},
};

/// What the records did, if the caller may write them and all of them can be applied.
pub(crate) async fn apply(
    context: &OperationContext,
    records: Vec<Change>,
) -> Result<Summary, Failure> {
    let (token, now, origin) = (context.token, context.now, context.audit_origin());
    let change = RecordsChange { token, records, now, origin };
    let attempt = context.store.change_records(change).await?;
    let attempt = attempt.ok_or(Failure::Unauthenticated(Unauthenticated::Unknown))?;
    counts(context, &attempt.principal.token)?;
    match attempt.outcome {
        RecordsOutcome::NotAllowed => Err(Failure::Forbidden(Action::DirectoryWrite)),
        RecordsOutcome::Refused(faults) => Err(conflict(&faults)),
        RecordsOutcome::Applied(summary) => Ok(summary),
    }
}

/// The first fault, and how many there are beside it.
fn conflict(faults: &[Fault]) -> Failure {
    let Some((first, others)) = faults.split_first() else {
        return Failure::Store(StoreError::Corrupt("fault"));
    };
    let others = match others.len() {
        0 => String::new(),
        1 => "; 1 other record can't be applied either".to_owned(),
        more => format!("; {more} other records can't be applied either"),
    };
    let message = reason(first.reason, Source::Request) + &others;
    Failure::Conflict { param: format!("/records/{}/{}", first.number, first.field), message }
}
