//! A small world of generated records, which is also kept as plain lists.

use std::collections::BTreeSet;

use customers_store::{
    record::{Change, RuleTarget},
    token::Holder,
};
use customers_types::access::{ActionSet, PackSet, Role};
use proptest::{
    collection::{btree_set, vec},
    option,
    prelude::*,
    sample::select,
};

use crate::directory::{
    at, bare_customer, checkout, customer, deny, grant, id, member, organization, product, rule,
    staff, user,
};

pub(crate) const USERS: u64 = 4;
pub(crate) const ORGANIZATIONS: u64 = 3;
pub(crate) const PRODUCTS: u64 = 4;
const ORGANIZATION_ROLES: [Role; 3] =
    [Role::OrganizationAdmin, Role::CustomerSupport, Role::ProductManager];
const PLATFORM_ROLES: [Role; 2] = [Role::PlatformSupport, Role::PlatformAdmin];

/// A grant or a deny: whose, on what, which actions and packs, from when on.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) user: u64,
    pub(crate) on_customer: bool,
    pub(crate) target: u64,
    pub(crate) actions: u32,
    pub(crate) packs: u32,
    pub(crate) valid_from: Option<i64>,
}

/// Users 0 to 3; customer N is that of user N, for the users in `customers`.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) customers: BTreeSet<u64>,
    /// The organization of each product.
    pub(crate) products: Vec<u64>,
    /// User, organization and role.
    pub(crate) members: Vec<(u64, u64, Role)>,
    /// User and role.
    pub(crate) staff: Vec<(u64, Role)>,
    /// Customer and product.
    pub(crate) checkouts: Vec<(u64, u64)>,
    pub(crate) grants: Vec<Rule>,
    pub(crate) denies: Vec<Rule>,
    pub(crate) scopes: Option<u32>,
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

pub(crate) fn world() -> impl Strategy<Value = World> {
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
pub(crate) fn records(world: &World) -> Vec<Change> {
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

/// Every user, and every organization by a token of its support; each with a number.
pub(crate) fn holders() -> impl Iterator<Item = (u64, Holder)> {
    let users = (0..USERS).map(|number| Holder::User(id(number)));
    let organizations =
        (0..ORGANIZATIONS).map(|number| Holder::Organization(id(number), Role::CustomerSupport));
    (0..).zip(users.chain(organizations))
}
