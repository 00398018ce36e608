//! What a store tells the access decision is what the records say.
//!
//! The records of a small world are generated, imported, and also kept as plain lists. For each
//! token and customer, the facts from the store must be those that a reading of the lists gives.

use std::collections::BTreeSet;

use customers_store::{
    Store,
    record::{Change, RecordKey, RuleTarget},
    token::Holder,
};
use customers_types::{
    access::{ActionSet, DirectRule, Facts, OrganizationRole, PackSet, Role},
    id::{OrganizationId, UserId},
};
use proptest::{
    collection::{btree_set, vec},
    option,
    prelude::*,
    sample::select,
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::{
    directory::{
        at, bare_customer, checkout, customer, deny, grant, id, import, member, organization,
        product, rule, staff, user,
    },
    sqlite,
    tokens::{hash, issue},
};

const USERS: u64 = 4;
const ORGANIZATIONS: u64 = 3;
const PRODUCTS: u64 = 4;
const ORGANIZATION_ROLES: [Role; 3] =
    [Role::OrganizationAdmin, Role::CustomerSupport, Role::ProductManager];
const PLATFORM_ROLES: [Role; 2] = [Role::PlatformSupport, Role::PlatformAdmin];

/// A grant or a deny: whose, on what, which actions and packs, from when on.
#[derive(Clone, Debug)]
struct Rule {
    user: u64,
    on_customer: bool,
    target: u64,
    actions: u32,
    packs: u32,
    valid_from: Option<i64>,
}

/// Users 0 to 3; customer N is that of user N, for the users in `customers`.
#[derive(Clone, Debug)]
struct World {
    customers: BTreeSet<u64>,
    /// The organization of each product.
    products: Vec<u64>,
    /// User, organization and role.
    members: Vec<(u64, u64, Role)>,
    /// User and role.
    staff: Vec<(u64, Role)>,
    /// Customer and product.
    checkouts: Vec<(u64, u64)>,
    grants: Vec<Rule>,
    denies: Vec<Rule>,
    scopes: Option<u32>,
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let rule = (
        0..USERS,
        any::<bool>(),
        0..ORGANIZATIONS,
        1..=ActionSet::ALL.bits(),
        0..16_u32,
        option::of(0..2_000_i64),
    );
    vec(
        rule.prop_map(|(user, on_customer, target, actions, packs, valid_from)| Rule {
            user,
            on_customer,
            target,
            actions,
            packs,
            valid_from,
        }),
        0..4,
    )
}

fn world() -> impl Strategy<Value = World> {
    (
        btree_set(0..USERS, 0..4),
        vec(0..ORGANIZATIONS, usize::try_from(PRODUCTS).unwrap()),
        vec((0..USERS, 0..ORGANIZATIONS, select(&ORGANIZATION_ROLES[..])), 0..5),
        vec((0..USERS, select(&PLATFORM_ROLES[..])), 0..2),
        vec((0..USERS, 0..PRODUCTS), 0..8),
        rules(),
        rules(),
        option::of(0..=ActionSet::ALL.bits()),
    )
        .prop_map(
            |(customers, products, members, staff, checkouts, grants, denies, scopes)| World {
                members: unique(members, |(user, organization, _)| (*user, *organization)),
                staff: unique(staff, |(user, _)| *user),
                checkouts: checkouts.into_iter().filter(|(c, _)| customers.contains(c)).collect(),
                grants: possible(grants, &customers),
                denies: possible(denies, &customers),
                customers,
                products,
                scopes,
            },
        )
}

fn unique<T, K: Ord>(items: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut seen = BTreeSet::new();
    items.into_iter().filter(|item| seen.insert(key(item))).collect()
}

fn possible(rules: Vec<Rule>, customers: &BTreeSet<u64>) -> Vec<Rule> {
    rules.into_iter().filter(|rule| !rule.on_customer || customers.contains(&rule.target)).collect()
}

/// Objects of different kinds have identifiers of different kinds, so numbers may repeat.
fn records(world: &World) -> Vec<Change> {
    let direct = |rule_of: &Rule| {
        let target = if rule_of.on_customer {
            RuleTarget::Customer(id(rule_of.target))
        } else {
            RuleTarget::Organization(id(rule_of.target))
        };
        let mut record = rule(rule_of.user, &[], target);
        record.actions = ActionSet::from_bits(rule_of.actions);
        record.packs = PackSet::from_bits(rule_of.packs);
        record.valid_from = rule_of.valid_from.map(at);
        record
    };
    let mut records: Vec<Change> = (0..USERS).map(user).collect();
    records.extend((0..ORGANIZATIONS).map(organization));
    records.extend(world.customers.iter().map(|number| customer(bare_customer(*number, *number))));
    records.extend((0..).zip(&world.products).map(|(number, of)| product(number, *of)));
    records.extend(world.members.iter().map(|(who, of, role)| member(*who, *of, *role)));
    records.extend(world.staff.iter().map(|(who, role)| staff(*who, *role)));
    records.extend((0..).zip(&world.checkouts).map(|(n, (who, what))| checkout(n, *who, *what)));
    records.extend((0..).zip(&world.grants).map(|(number, rule)| grant(number, direct(rule))));
    records.extend((0..).zip(&world.denies).map(|(number, rule)| deny(number, direct(rule))));
    records
}

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

fn holders() -> impl Iterator<Item = (u64, Holder)> {
    let users = (0..USERS).map(|number| Holder::User(id(number)));
    let organizations =
        (0..ORGANIZATIONS).map(|number| Holder::Organization(id(number), Role::CustomerSupport));
    (0..).zip(users.chain(organizations))
}

#[test]
fn the_facts_are_what_the_records_say() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 48, ..Config::default() });
    let worlds = world().prop_flat_map(|world| (later(&world), Just(world)));
    runner
        .run(&worlds, |(later, world)| {
            runtime.block_on(async {
                let scratch = sqlite();
                let store = scratch.store.as_ref();
                import(store, records(&world)).await;
                for (number, holder) in holders() {
                    issue(store, number, holder, world.scopes.map(ActionSet::from_bits)).await;
                }
                compare(store, &world).await?;
                import(store, changes(&world, &later)).await;
                compare(store, &later).await
            })
        })
        .unwrap();
}
