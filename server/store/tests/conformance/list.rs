//! Lists: the access rule over many customers, filters, order, pages.

use std::{collections::BTreeSet, future::Future, sync::Arc};

use customers_store::{
    Store,
    customer::CustomerChange,
    list::{CustomerFilter, CustomerListing, Order},
    record::{Change, Record, RecordKey, UserRecord},
    token::Holder,
};
use customers_types::{
    access::{Action, ActionSet, Clause, Decision, Role, decide},
    customer::CustomerUpdate,
    given::Given,
    id::CustomerPubId,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::{
    Kind, Spare,
    audit::origin,
    directory::{
        at, bare_customer, checkout, customer, id, import, member, organization, product, staff,
        user,
    },
    on_each_store, runtime,
    tokens::{hash, issue},
    with_each_kind,
    world::{USERS, World, holders, records, world},
};

/// A new key for cursors.
const NEW_KEY: [u8; 32] = [1; 32];

/// When everything is asked.
const NOW: i64 = 1_000;

fn listing(token: u64, filter: CustomerFilter) -> CustomerListing {
    CustomerListing {
        token: hash(token),
        filter,
        order: Order::OldestFirst,
        after: None,
        limit: 100,
        now: at(NOW),
    }
}

/// All pages of a list, each of at most so many.
async fn all(
    store: &dyn Store,
    mut listing: CustomerListing,
    limit: usize,
) -> Vec<(Clause, CustomerPubId)> {
    listing.limit = limit;
    let mut items = Vec::new();
    loop {
        let list = store.list_customers(&listing).await.unwrap().unwrap();
        let page = list.page.items;
        assert!(page.len() <= limit);
        items.extend(page.into_iter().map(|(clause, customer)| (clause, customer.id)));
        match list.page.next {
            None => return items,
            next => listing.after = next,
        }
    }
}

async fn found(store: &dyn Store, filter: CustomerFilter) -> Vec<CustomerPubId> {
    all(store, listing(1, filter), 100).await.into_iter().map(|(_, id)| id).collect()
}

fn named(number: u64, email: &str, first: Option<&str>, last: Option<&str>) -> Change {
    let given = |name: Option<&str>| match name {
        None => Given::Cleared,
        Some(name) => Given::Value(name.parse().unwrap()),
    };
    Change::Upsert(Record::User(Box::new(UserRecord {
        id: id(number),
        email: email.parse().unwrap(),
        first_name: given(first),
        last_name: given(last),
    })))
}

/// A user of whose last name the record says nothing.
fn first_named(number: u64, email: &str, first: &str) -> Change {
    let mut record = named(number, email, Some(first), None);
    if let Change::Upsert(Record::User(user)) = &mut record {
        user.last_name = Given::LeftOut;
    }
    record
}

fn created(number: u64, at_millis: i64) -> Change {
    let mut record = bare_customer(number, number);
    record.created_at = Some(at(at_millis));
    customer(record)
}

fn name(part: &str) -> CustomerFilter {
    CustomerFilter { name: Some(part.to_owned()), ..CustomerFilter::default() }
}

fn email(part: &str) -> CustomerFilter {
    CustomerFilter { email: Some(part.to_owned()), ..CustomerFilter::default() }
}

fn ids(numbers: &[u64]) -> Vec<CustomerPubId> {
    numbers.iter().map(|number| id(*number)).collect()
}

/// Checks generated worlds, each with a token for every holder.
fn in_each_world<F: Future<Output = Result<(), TestCaseError>>>(
    kind: Kind,
    cases: u32,
    check: impl Fn(Arc<dyn Store>, u64, usize) -> F,
) {
    let (runtime, spare) = (runtime(), Spare::new(kind));
    let mut runner = TestRunner::new(Config { cases: kind.cases(cases), ..Config::default() });
    let run = |(world, limit): (World, usize)| {
        runtime.block_on(async {
            let store = spare.empty().await;
            import(store.as_ref(), records(&world)).await;
            for (token, holder) in holders() {
                let scopes = world.scopes.map(ActionSet::from_bits);
                issue(store.as_ref(), token, holder, scopes).await;
                check(Arc::clone(&store), token, limit).await?;
            }
            Ok(())
        })
    };
    runner.run(&(world(), 1..4_usize), run).unwrap();
}

with_each_kind! {
    fn a_customer_is_in_the_list_exactly_when_it_can_be_read(kind) {
        in_each_world(kind, 256, |store, token, limit| async move {
            let (mut readable, mut held) = (BTreeSet::new(), false);
            for which in 0..USERS {
                let access =
                    store.customer_access(&hash(token), id(which)).await.unwrap().unwrap();
                let decision = decide(Action::CustomerRead, &access.facts, at(NOW));
                held |= decision != Decision::NotHeld;
                if let (Decision::Allowed(clause), Some(_)) = (decision, &access.customer) {
                    readable.insert((format!("{clause:?}"), id::<CustomerPubId>(which)));
                }
            }
            for order in [Order::OldestFirst, Order::NewestFirst] {
                let unfiltered = listing(token, CustomerFilter::default());
                let unfiltered = CustomerListing { order, ..unfiltered };
                let list = store.list_customers(&unfiltered).await.unwrap().unwrap();
                prop_assert_eq!(list.held, held);
                let listed = all(store.as_ref(), unfiltered, limit).await;
                let count = listed.len();
                let listed: BTreeSet<_> =
                    listed.into_iter().map(|(clause, id)| (format!("{clause:?}"), id)).collect();
                prop_assert_eq!(count, listed.len(), "one is listed twice");
                prop_assert_eq!(&listed, &readable);
            }
            Ok(())
        });
    }

    fn a_customer_is_updated_exactly_when_it_can_be_written(kind) {
        in_each_world(kind, 48, |store, token, _| async move {
            for which in 0..USERS {
                let access =
                    store.customer_access(&hash(token), id(which)).await.unwrap().unwrap();
                let decision = decide(Action::CustomerWrite, &access.facts, at(NOW));
                let writable =
                    matches!(decision, Decision::Allowed(_)) && access.customer.is_some();
                prop_assert_eq!(write_city(store.as_ref(), token, which).await, writable);
            }
            Ok(())
        });
    }
}

/// Whether an update by the token changed the customer.
async fn write_city(store: &dyn Store, token: u64, which: u64) -> bool {
    let city = format!("City {token}");
    let update =
        CustomerUpdate { city: Given::Value(city.parse().unwrap()), ..CustomerUpdate::default() };
    let (token, customer) = (hash(token), id(which));
    let change =
        CustomerChange { token, customer, update, if_match: None, now: at(NOW), origin: origin() };
    store.update_customer(change).await.unwrap().unwrap();
    let read = store.customer_access(&token, customer).await.unwrap().unwrap();
    read.customer.is_some_and(|customer| customer.city.as_deref() == Some(&*city))
}

on_each_store! {
    async fn a_part_of_a_name_or_address_is_found_whatever_its_case_and_composition(store) {
        import(store, vec![
            staff(1, Role::PlatformSupport), user(1),
            named(2, "ada.lovelace@example.com", Some("Ada"), Some("Lovelace")), created(2, 2),
            named(3, "JOSE@EXAMPLE.COM", Some("José"), Some("Ñandú")), created(3, 3),
            named(4, "li@example.org", Some("明"), Some("李")), created(4, 4),
            named(5, "percent_50%@example.org", None, Some("Groß")), created(5, 5),
            named(6, "no.name@example.org", None, None), created(6, 6),
        ]).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        for (filter, expected) in [
            (name("LOVE"), &[2][..]),
            (name("da Lo"), &[2]),
            (name("lovelace ada"), &[]),
            (name("jos\u{65}\u{301} ñ"), &[3]),
            (name("ÑANDÚ"), &[3]),
            (name("jose"), &[]),
            (name("明 李"), &[4]),
            (name("李"), &[4]),
            (name("GROSS"), &[5]),
            (name("ro"), &[5]),
            (name(" "), &[2, 3, 4]),
            (name("\""), &[]),
            (email("jose@example.com"), &[3]),
            (email("@EXAMPLE.ORG"), &[4, 5, 6]),
            (email("50%@"), &[5]),
            (email("t_5"), &[5]),
            (email("%"), &[5]),
            (email("_"), &[5]),
            (email("a%c"), &[]),
            (email("' OR 1=1"), &[]),
            (email("* OR email:*"), &[]),
        ] {
            let (part, other) = (filter.name.clone(), filter.email.clone());
            assert_eq!(found(store, filter).await, ids(expected), "{part:?} {other:?}");
        }
        let both = CustomerFilter { email: Some("example.com".to_owned()), ..name("ada") };
        assert_eq!(found(store, both).await, ids(&[2]));
        let of_user = |user| CustomerFilter { user: Some(id(user)), ..CustomerFilter::default() };
        assert_eq!(found(store, of_user(3)).await, ids(&[3]));
        assert_eq!(found(store, of_user(1)).await, []);
        let other = CustomerFilter { user: Some(id(3)), ..name("ada") };
        assert_eq!(found(store, other).await, []);
    }

    async fn what_is_found_follows_every_change(store) {
        import(store, vec![
            staff(1, Role::PlatformAdmin), user(1),
            named(2, "first@example.com", Some("Grace"), Some("Murray")), created(2, 2),
        ]).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        let update = CustomerUpdate {
            last_name: Given::Value("Hopper".parse().unwrap()),
            ..CustomerUpdate::default()
        };
        let change =
            CustomerChange { token: hash(1), customer: id(2), update, if_match: None, now: at(NOW), origin: origin() };
        store.update_customer(change).await.unwrap();
        assert_eq!(found(store, name("hopper")).await, ids(&[2]));
        assert_eq!(found(store, name("murray")).await, []);

        import(store, vec![named(2, "second@example.com", None, Some("Hopper"))]).await;
        assert_eq!(found(store, email("second")).await, ids(&[2]));
        assert_eq!(found(store, email("first")).await, []);
        assert_eq!(found(store, name("grace")).await, []);

        // A record that leaves a part of the name out keeps it, and finds go across both.
        import(store, vec![first_named(2, "second@example.com", "Ḓẽ 𝔄da")]).await;
        for part in ["ḓẽ", "𝔄da hop", "a ho", "hopper"] {
            assert_eq!(found(store, name(part)).await, ids(&[2]), "{part}");
        }

        import(store, vec![
            Change::Remove(RecordKey::Customer(id(2))), Change::Remove(RecordKey::User(id(2))),
        ]).await;
        assert_eq!(found(store, email("second")).await, []);
        assert_eq!(found(store, name("hopper")).await, []);
    }

    async fn customers_come_in_the_order_of_their_creation_and_moments_may_be_shared(store) {
        let mut records = vec![staff(1, Role::PlatformSupport), user(1)];
        let moments = [(2, 30), (3, 10), (4, 20), (5, 20), (6, 20), (7, -5)];
        for (number, moment) in moments {
            records.extend([user(number), created(number, moment)]);
        }
        import(store, records).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        for limit in [1, 2, 3, 100] {
            let oldest_first = all(store, listing(1, CustomerFilter::default()), limit).await;
            let oldest_first: Vec<_> = oldest_first.into_iter().map(|(_, id)| id).collect();
            assert_eq!(oldest_first, ids(&[7, 3, 4, 5, 6, 2]), "{limit}");
            let mut reverse = listing(1, CustomerFilter::default());
            reverse.order = Order::NewestFirst;
            let newest_first: Vec<_> =
                all(store, reverse, limit).await.into_iter().map(|(_, id)| id).collect();
            assert_eq!(newest_first, ids(&[2, 6, 5, 4, 3, 7]), "{limit}");
        }
        // A moment that is corrected moves the customer, also in the list of an organization.
        import(store, vec![
            organization(1), product(1, 1), checkout(1, 2, 1), checkout(2, 3, 1), created(2, 5),
        ]).await;
        let of = CustomerFilter { organization: Some(id(1)), ..CustomerFilter::default() };
        assert_eq!(found(store, of).await, ids(&[2, 3]));
    }

    async fn an_organization_shows_its_customers_to_those_whose_business_it_is(store) {
        import(store, vec![
            user(1), user(2), user(3), user(4),
            created(2, 2), created(3, 3), created(4, 4),
            organization(1), organization(2), product(1, 1), product(2, 2),
            member(1, 1, Role::CustomerSupport),
            checkout(1, 2, 1), checkout(2, 3, 1), checkout(3, 3, 2), checkout(4, 4, 2),
        ]).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        let of = |number| CustomerFilter {
            organization: Some(id(number)),
            ..CustomerFilter::default()
        };
        assert_eq!(found(store, CustomerFilter::default()).await, ids(&[2, 3]));
        assert_eq!(found(store, of(1)).await, ids(&[2, 3]));
        // Customer 3 is one of organization 2's too, but that is not the caller's business.
        assert_eq!(found(store, of(2)).await, []);
        assert_eq!(found(store, of(9)).await, []);
        let one = CustomerFilter { user: Some(id(4)), ..of(1) };
        assert_eq!(found(store, one).await, []);
        let one = CustomerFilter { user: Some(id(3)), ..of(1) };
        assert_eq!(found(store, one).await, ids(&[3]));
    }

    async fn rows_that_are_added_meanwhile_neither_repeat_nor_hide_others(store) {
        let mut records = vec![staff(1, Role::PlatformSupport), user(1)];
        for number in 2..8 {
            records.extend([user(number), created(number, i64::try_from(number).unwrap() * 10)]);
        }
        import(store, records).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        let mut first = listing(1, CustomerFilter::default());
        first.limit = 3;
        let page = store.list_customers(&first).await.unwrap().unwrap().page;
        import(store, vec![user(8), created(8, 5), user(9), created(9, 45)]).await;
        first.after = page.next;
        let rest: Vec<_> =
            all(store, first, 100).await.into_iter().map(|(_, id)| id).collect();
        assert_eq!(rest, ids(&[9, 5, 6, 7]));
    }

    async fn who_holds_the_action_nowhere_is_told_so_and_sees_nothing(store) {
        import(store, vec![user(1), user(2), created(2, 2)]).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        let list = store.list_customers(&listing(1, CustomerFilter::default())).await;
        let list = list.unwrap().unwrap();
        assert!(!list.held && list.page.items.is_empty() && list.page.next.is_none());
        let nobody = store.list_customers(&listing(9, CustomerFilter::default())).await;
        assert!(nobody.unwrap().is_none());
    }

    async fn the_key_of_cursors_is_kept(store) {
        assert_eq!(store.cursor_key(NEW_KEY).await.unwrap(), NEW_KEY);
        assert_eq!(store.cursor_key([2; 32]).await.unwrap(), NEW_KEY);
    }
}

on_each_store! {
    async fn a_search_among_very_many_ends_its_page_and_goes_on_in_the_next(store) {
        let mut records = vec![staff(1, Role::PlatformSupport), user(1)];
        for number in 2..5_002 {
            let first = if number == 5_001 { "Xi" } else { "Ada" };
            let address = format!("user{number}@example.com");
            records.push(named(number, &address, Some(first), None));
            records.push(created(number, i64::try_from(number).unwrap()));
        }
        import(store, records).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        // Too short for the index of trigrams, and at the very end.
        let first = store.list_customers(&listing(1, name("xi"))).await.unwrap().unwrap().page;
        assert!(first.items.is_empty() && first.next.is_some());
        assert_eq!(all(store, listing(1, name("xi")), 100).await.len(), 1);
        // What so many match is found by going through them, too, and page by page.
        assert_eq!(all(store, listing(1, name("ada")), 100).await.len(), 4_999);
    }

    async fn what_hidden_customers_are_called_shows_in_no_page(store) {
        let mut records = vec![
            user(1),
            user(2),
            created(2, 2),
            organization(1),
            product(1, 1),
            member(1, 1, Role::CustomerSupport),
        ];
        // Some whom the member sees, and more who are hidden and have a name of their own.
        for number in 3..4_003 {
            let is_hidden = number >= 2_303;
            let first = if is_hidden { "Zqx" } else { "Ada" };
            records.push(named(number, &format!("user{number}@example.com"), Some(first), None));
            records.push(created(number, i64::try_from(number).unwrap()));
            if !is_hidden {
                records.push(checkout(number, number, 1));
            }
        }
        import(store, records).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        issue(store, 2, Holder::User(id(2)), None).await;
        for token in [1, 2] {
            let page = store.list_customers(&listing(token, name("zqx"))).await.unwrap().unwrap().page;
            assert!(page.items.is_empty() && page.next.is_none(), "token {token}");
        }
        assert_eq!(all(store, listing(1, name("ada")), 100).await.len(), 2_300);
        assert_eq!(all(store, listing(1, CustomerFilter::default()), 100).await.len(), 2_300);
        let one = CustomerFilter { user: Some(id(2_000)), ..CustomerFilter::default() };
        assert_eq!(all(store, listing(1, one), 100).await.len(), 1);
        let hidden = CustomerFilter { user: Some(id(3_000)), ..CustomerFilter::default() };
        assert_eq!(all(store, listing(1, hidden.clone()), 100).await.len(), 0);
        assert_eq!(all(store, listing(2, hidden), 100).await.len(), 0);
    }

    async fn a_member_of_very_many_organizations_sees_all_their_customers(store) {
        let mut records = vec![user(1)];
        for number in 1..81 {
            records.push(organization(number));
            records.push(product(number, number));
            records.push(member(1, number, Role::CustomerSupport));
        }
        // So many rows that they are not gone through at once.
        for number in 2..32 {
            records.extend([user(number), created(number, 7)]);
            for of in 1..81 {
                records.push(checkout(number * 100 + of, number, of));
            }
        }
        records.extend([user(40), created(40, 7)]);
        import(store, records).await;
        issue(store, 1, Holder::User(id(1)), None).await;
        assert_eq!(all(store, listing(1, CustomerFilter::default()), 7).await.len(), 30);
    }
}
