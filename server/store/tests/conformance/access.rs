//! What a store tells the access decision is what the records say.
//!
//! The records of a small world are generated, imported, and also kept as plain lists. For each
//! token and customer, the facts from the store must be those that a reading of the lists gives.

use customers_store::{
    Store,
    record::{Change, RecordKey},
    token::Holder,
};
use customers_types::{
    access::{ActionSet, DirectRule, Facts, OrganizationRole, PackSet},
    id::{OrganizationId, UserId},
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::{
    Spare,
    directory::{at, checkout, id, import, product},
    runtime,
    tokens::{hash, issue},
    with_each_kind,
    world::{ORGANIZATIONS, PRODUCTS, Rule, USERS, World, holders, records, world},
};

/// What the lists say of a holder and a customer.
fn facts(world: &World, holder: Holder, customer: u64) -> Facts {
    let exists = world.customers.contains(&customer);
    let reaches = |organization: u64| {
        let of = |product: u64| world.products[usize::try_from(product).unwrap()];
        world.checkouts.iter().any(|(who, what)| *who == customer && of(*what) == organization)
    };
    let direct = |rules: &[Rule], who: u64| {
        let mine = rules.iter().filter(|rule| rule.user == who);
        mine.map(|rule| DirectRule {
            actions: ActionSet::from_bits(rule.actions)
                .union(PackSet::from_bits(rule.packs).actions()),
            covers_customer: if rule.on_customer {
                rule.target == customer && exists
            } else {
                reaches(rule.target)
            },
            valid_from: rule.valid_from.map(at),
        })
        .collect()
    };
    let scopes = world.scopes.map(ActionSet::from_bits);
    match holder {
        Holder::Organization(organization, role) => {
            let number =
                (0..ORGANIZATIONS).find(|n| id::<OrganizationId>(*n) == organization).unwrap();
            let held = OrganizationRole { role, reaches_customer: reaches(number) };
            Facts { scopes, organization_roles: vec![held], ..Facts::default() }
        }
        Holder::User(user) => {
            let who = (0..USERS).find(|n| id::<UserId>(*n) == user).unwrap();
            let mine = world.members.iter().filter(|(member, ..)| *member == who);
            let roles = world.staff.iter().filter(|(member, _)| *member == who);
            Facts {
                scopes,
                has_profile: world.customers.contains(&who),
                is_self: exists && who == customer,
                platform_roles: roles.map(|(_, role)| *role).collect(),
                organization_roles: mine
                    .map(|(_, of, role)| OrganizationRole {
                        role: *role,
                        reaches_customer: reaches(*of),
                    })
                    .collect(),
                grants: direct(&world.grants, who),
                denies: direct(&world.denies, who),
            }
        }
    }
}

/// A store gives lists in an order of its own, which the decision does not look at.
fn in_one_order(mut facts: Facts) -> Facts {
    facts.platform_roles.sort_by_key(|role| role.name());
    facts.organization_roles.sort_by_key(|held| (held.role.name(), held.reaches_customer));
    let key = |rule: &DirectRule| (rule.actions.bits(), rule.covers_customer, rule.valid_from);
    facts.grants.sort_by_key(key);
    facts.denies.sort_by_key(key);
    facts
}

/// Where products and checkouts have gone in the meantime.
fn later(world: &World) -> impl Strategy<Value = World> + use<> {
    let world = world.clone();
    let (products, customers) = (world.products.len(), world.customers.clone());
    (vec(0..ORGANIZATIONS, products), vec((0..USERS, 0..PRODUCTS), 0..8)).prop_map(
        move |(products, checkouts)| World {
            products,
            checkouts: checkouts.into_iter().filter(|(c, _)| customers.contains(c)).collect(),
            ..world.clone()
        },
    )
}

/// The records by which one world becomes the other: checkouts keep their numbers.
fn changes(from: &World, to: &World) -> Vec<Change> {
    let mut changes: Vec<_> = (0..).zip(&to.products).map(|(n, of)| product(n, *of)).collect();
    changes.extend((0..).zip(&to.checkouts).map(|(n, (who, what))| checkout(n, *who, *what)));
    let gone = to.checkouts.len()..from.checkouts.len();
    changes.extend(
        gone.map(|number| Change::Remove(RecordKey::Checkout(id(number.try_into().unwrap())))),
    );
    changes
}

/// Compares the facts of every holder and customer; the tokens are numbered by holder.
async fn compare(store: &dyn Store, world: &World) -> Result<(), TestCaseError> {
    for (number, holder) in holders() {
        for customer in 0..USERS {
            let read = store.customer_access(&hash(number), id(customer)).await.unwrap().unwrap();
            prop_assert_eq!(
                in_one_order(read.facts),
                in_one_order(facts(world, holder, customer)),
                "{:?} and customer {}",
                holder,
                customer
            );
            prop_assert_eq!(read.customer.is_some(), world.customers.contains(&customer));
        }
    }
    Ok(())
}

with_each_kind! {
    fn the_facts_are_what_the_records_say(kind) {
        let (runtime, spare) = (runtime(), Spare::new(kind));
        let mut runner = TestRunner::new(Config { cases: kind.cases(48), ..Config::default() });
        let worlds = world().prop_flat_map(|world| (later(&world), Just(world)));
        let check = |(later, world)| {
            runtime.block_on(async {
                let store = spare.empty().await;
                let store = store.as_ref();
                import(store, records(&world)).await;
                for (number, holder) in holders() {
                    issue(store, number, holder, world.scopes.map(ActionSet::from_bits)).await;
                }
                compare(store, &world).await?;
                import(store, changes(&world, &later)).await;
                compare(store, &later).await
            })
        };
        runner.run(&worlds, check).unwrap();
    }
}
