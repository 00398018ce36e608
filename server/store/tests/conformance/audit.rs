//! The audit trail: kept as it was appended, whatever becomes of what it is about.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use customers_store::{
    Store,
    audit::{AuditBatch, AuditEntry, AuditOrigin},
    record::{Change, RecordKey},
    token::Holder,
};
use customers_types::{
    access::{Clause, Role},
    field::CustomerField,
    id::CustomerPubId,
};

use crate::{
    directory::{at, bare_customer, customer, id, import, user},
    on_each_store,
    tokens::issue,
};

/// A read of a customer at a moment, by the user and the token with the number 1.
pub(crate) fn read(of: u64, moment: i64) -> AuditEntry {
    AuditEntry {
        at: at(moment),
        holder: Holder::User(id(1)),
        token: id(1),
        request_id: format!("request {moment}"),
        operation: "get_customer".to_owned(),
        customer: id(of),
        clause: Clause::SelfService,
        fields: Vec::new(),
    }
}

/// The request behind a change.
pub(crate) fn origin() -> AuditOrigin {
    AuditOrigin { request_id: "request".to_owned(), operation: "update_customer".to_owned() }
}

/// The next batch of a writer.
pub(crate) fn batch(entries: &[AuditEntry]) -> AuditBatch {
    static NUMBER: AtomicI64 = AtomicI64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    AuditBatch { writer: 1, number, entries: Arc::from(entries) }
}

async fn append(store: &dyn Store, entries: &[AuditEntry]) {
    store.append_audit(&batch(entries)).await.unwrap();
}

/// The whole trail of a customer, read in parts of this size, and the number of parts.
async fn trail(store: &dyn Store, customer: CustomerPubId, part: usize) -> (Vec<AuditEntry>, u32) {
    let (mut entries, mut parts, mut position) = (Vec::new(), 0, None);
    loop {
        let page = store.audit_of(customer, position, part).await.unwrap();
        assert!(page.entries.len() <= part);
        parts += 1;
        assert!(parts < 1_000, "a trail has no end");
        entries.extend(page.entries);
        position = page.next;
        if position.is_none() {
            return (entries, parts);
        }
    }
}

on_each_store! {
    async fn an_entry_is_read_as_it_was_appended(store) {
        let clauses =
            [Clause::SelfService, Clause::Platform, Clause::Organization, Clause::Direct];
        let mut entries: Vec<_> = (0..)
            .zip(clauses)
            .map(|(moment, clause)| AuditEntry { clause, ..read(7, moment) })
            .collect();
        entries.push(AuditEntry {
            holder: Holder::Organization(id(2), Role::OrganizationAdmin),
            operation: "update_customer".to_owned(),
            fields: vec![CustomerField::FirstName, CustomerField::Phone, CustomerField::Zip],
            ..read(7, 100)
        });
        entries.push(AuditEntry { fields: vec![CustomerField::City], ..read(7, 101) });
        append(store, &entries).await;
        assert_eq!(trail(store, id(7), 100).await.0, entries);
    }

    async fn a_trail_is_about_one_customer_and_as_it_was_appended(store) {
        append(store, &[read(7, 10), read(8, 15)]).await;
        append(store, &[read(7, 30), read(7, 20)]).await;
        assert_eq!(trail(store, id(7), 100).await.0, [read(7, 10), read(7, 30), read(7, 20)]);
        assert_eq!(trail(store, id(8), 100).await.0, [read(8, 15)]);
        assert_eq!(trail(store, id(9), 100).await.0, []);
    }

    async fn a_trail_that_is_read_in_parts_is_the_same(store) {
        let entries: Vec<_> = (0..20).map(|moment| read(7, moment)).collect();
        append(store, &entries).await;
        for (part, parts) in [(1, 21), (3, 7), (7, 3), (100, 1)] {
            assert_eq!(trail(store, id(7), part).await, (entries.clone(), parts), "{part}");
        }
    }

    /// More rows than a store may keep in one place.
    async fn a_long_trail_has_the_few_rows_of_one_customer_and_the_many_of_another(store) {
        const ROWS: i64 = 150_000;
        let of = |moment| if moment % 10_000 == 0 { 8 } else { 7 };
        let entries: Vec<_> = (0..ROWS).map(|moment| read(of(moment), moment)).collect();
        for batch in entries.chunks(40_000) {
            append(store, batch).await;
        }
        for (customer, part) in [(8, 4), (7, 70_000), (7, 1_000_000)] {
            let of_customer = entries.iter().filter(|entry| entry.customer == id(customer));
            let expected: Vec<_> = of_customer.cloned().collect();
            let (read, _) = trail(store, id(customer), part).await;
            assert!(read == expected, "{} of {}", read.len(), expected.len());
        }
    }

    async fn entries_stay_when_their_token_user_and_customer_are_removed(store) {
        import(store, vec![user(1), customer(bare_customer(7, 1))]).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        append(store, &[read(7, 10)]).await;
        import(store, vec![
            Change::Remove(RecordKey::Customer(id(7))),
            Change::Remove(RecordKey::User(id(1))),
        ]).await;
        assert_eq!(store.tokens().await.unwrap(), []);
        assert_eq!(trail(store, id(7), 100).await.0, [read(7, 10)]);
    }
}
