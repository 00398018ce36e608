//! What is held in an organization, on the store's real SQL: who may make which token there, and
//! who sees it. It is compared with a plain reading of generated records, and with the access rule.

use customers_store::{
    Store,
    token::{Holder, OrganizationToken, TokenCreation, TokenListing, TokenRefusal},
};
use customers_types::{
    access::{Action, ActionSet, Decision, PackSet, Role, decide},
    token::Validity,
};
use proptest::{
    option,
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::{
    Spare,
    directory::{at, id, import},
    runtime,
    tokens::{hash, issue},
    with_each_kind,
    world::{ORGANIZATIONS, Rule, USERS, World, records, world},
};

const NOW: i64 = 1_000;
const ROLES: [Role; 3] = [Role::OrganizationAdmin, Role::CustomerSupport, Role::ProductManager];

/// What the lists say that a user holds in an organization as a whole.
fn held(world: &World, user: u64, organization: u64) -> ActionSet {
    let counts = |rule: &&Rule| rule.user == user && rule.valid_from.is_none_or(|at| at <= NOW);
    let names = |rule: &Rule, action| {
        let packs = PackSet::from_bits(rule.packs).actions();
        ActionSet::from_bits(rule.actions).union(packs).contains(action)
    };
    let is_held = |action: &Action| {
        let scoped = world.scopes.is_none_or(|bits| ActionSet::from_bits(bits).contains(*action));
        let staff = world.staff.iter().any(|(who, role)| *who == user && role.grants(*action));
        let member = world
            .members
            .iter()
            .any(|(who, of, role)| *who == user && *of == organization && role.grants(*action));
        let granted =
            world.grants.iter().filter(counts).any(|rule| {
                !rule.on_customer && rule.target == organization && names(rule, *action)
            });
        let denied = world.denies.iter().filter(counts).any(|rule| names(rule, *action));
        scoped && !denied && (staff || member || granted)
    };
    ActionSet::ALL.iter().filter(is_held).collect()
}

fn wanted(number: u64, organization: u64, role: Role, scopes: Option<u32>) -> OrganizationToken {
    OrganizationToken {
        id: id(number),
        organization: id(organization),
        role,
        scopes: scopes.map(ActionSet::from_bits),
        created_at: at(NOW),
        validity: Validity::default(),
    }
}

/// What has to become of the request of a user for such a token.
fn expected(
    world: &World,
    user: u64,
    organization: u64,
    token: &OrganizationToken,
) -> Option<TokenRefusal> {
    let held_in = |organization| held(world, user, organization);
    let nowhere = (0..ORGANIZATIONS).all(|of| !held_in(of).contains(Action::TokenWrite));
    if nowhere {
        Some(TokenRefusal::NotHeld)
    } else if held_in(organization).contains(Action::TokenWrite) {
        let missing = token.actions().without(held_in(organization)).iter().next();
        missing.map(TokenRefusal::Exceeds)
    } else {
        Some(TokenRefusal::NotVisible)
    }
}

/// Everything that the new token can do on any customer, the token of its maker can do, too.
async fn grants_no_more(store: &dyn Store, maker: u64, made: u64) -> Result<(), TestCaseError> {
    for customer in 0..USERS {
        for action in ActionSet::ALL.iter() {
            let allows = async |token| {
                let access = store.customer_access(&hash(token), id(customer)).await;
                let facts = access.unwrap().unwrap().facts;
                matches!(decide(action, &facts, at(NOW)), Decision::Allowed(_))
            };
            prop_assert!(!allows(made).await || allows(maker).await, "{action} on {customer}");
        }
    }
    Ok(())
}

/// A user sees exactly the tokens of the organizations where it may read tokens.
async fn sees(
    store: &dyn Store,
    world: &World,
    user: u64,
    made: &[(u64, u64)],
) -> Result<(), TestCaseError> {
    let listing = TokenListing {
        caller: hash(user),
        organization: None,
        after: None,
        limit: 1_000,
        now: at(NOW),
    };
    let list = store.tokens_as(&listing).await.unwrap().unwrap();
    let may_read = |of: u64| held(world, user, of).contains(Action::TokenRead);
    prop_assert_eq!(list.held, (0..ORGANIZATIONS).any(may_read));
    let seen: Vec<_> = list.page.items.iter().map(|token| token.id).collect();
    let visible = made.iter().filter(|(_, of)| may_read(*of)).map(|(number, _)| id(*number));
    prop_assert_eq!(seen, visible.collect::<Vec<_>>());
    Ok(())
}

/// Every user asks for every kind of token in every organization. Gives back the numbers and the
/// organizations of those that are made.
async fn ask_for_all(
    store: &dyn Store,
    world: &World,
    scopes: Option<u32>,
) -> Result<Vec<(u64, u64)>, TestCaseError> {
    let mut made = Vec::new();
    let places = (0..USERS).flat_map(|user| (0..ORGANIZATIONS).map(move |of| (user, of)));
    let kinds = places.flat_map(|(user, of)| ROLES.map(|role| (user, of, role)));
    for (number, (user, of, role)) in (100..).zip(kinds) {
        let token = wanted(number, of, role, scopes);
        let creation = TokenCreation { caller: hash(user), hash: hash(number), token };
        let attempt = store.create_token_as(creation).await.unwrap().unwrap();
        prop_assert_eq!(
            attempt.result.err(),
            expected(world, user, of, &token),
            "{} wants {} in {}",
            user,
            role,
            of
        );
        if attempt.result.is_ok() {
            made.push((number, of));
            grants_no_more(store, user, number).await?;
        }
    }
    Ok(made)
}

/// User 0 is the only one who holds anything: all that can be held in organization 0.
fn with_one_admin() -> World {
    World {
        customers: (0..USERS).collect(),
        products: vec![0],
        members: vec![(0, 0, Role::OrganizationAdmin)],
        staff: Vec::new(),
        checkouts: vec![(0, 0)],
        grants: Vec::new(),
        denies: Vec::new(),
        scopes: None,
    }
}

with_each_kind! {
    fn a_token_is_made_and_seen_by_who_holds_enough_and_grants_no_more_than_its_maker_has(kind) {
        let (runtime, spare) = (runtime(), Spare::new(kind));
        let mut runner = TestRunner::new(Config { cases: kind.cases(48), ..Config::default() });
        let made = std::cell::Cell::new(0);
        let check = |(world, scopes): (World, Option<u32>)| {
            runtime.block_on(async {
                let store = spare.empty().await;
                let store = store.as_ref();
                import(store, records(&world)).await;
                for user in 0..USERS {
                    let narrowed = world.scopes.map(ActionSet::from_bits);
                    issue(store, user, Holder::User(id(user)), narrowed).await;
                }
                let tokens = ask_for_all(store, &world, scopes).await?;
                made.set(made.get() + tokens.len());
                for user in 0..USERS {
                    sees(store, &world, user, &tokens).await?;
                }
                Ok(())
            })
        };
        // Few of the generated worlds let anybody make a token, so one that does is looked at first.
        check((with_one_admin(), None)).unwrap();
        assert_eq!(made.get(), ROLES.len());
        runner.run(&(world(), option::of(1..=ActionSet::ALL.bits())), check).unwrap();
    }
}
