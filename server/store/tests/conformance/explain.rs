//! What lets a principal in: the evidence is that of the records, and of nobody else's.

use customers_store::{Store, access::Evidence, record::RuleTarget, token::Holder};
use customers_types::{
    access::{Action, ActionSet, Clause, Decision, PackSet, Role, decide, reason},
    id::{CheckoutId, GrantId, OrganizationId},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::{
    Spare,
    directory::{
        at, bare_customer, checkout, customer, deny, grant, id, import, member, organization,
        product, rule, staff, user,
    },
    on_each_store, runtime,
    tokens::{hash, issue},
    with_each_kind,
    world::{USERS, World, holders, records, world},
};

/// Customer 1 is that of user 1, and has two checkouts of each of two organizations: the older of
/// organization 10 is 21, that of organization 20 is 20. User N has token N.
async fn prepare(store: &dyn Store) {
    let people = (1..=9).map(user);
    let reached = [10, 20].into_iter().flat_map(|of| [organization(of), product(of, of)]);
    let checkouts = [(23, 10), (20, 20), (21, 10), (22, 20)];
    let checkouts = checkouts.map(|(number, product)| checkout(number, 1, product));
    let on_customer = rule(4, &[Action::CustomerRead], RuleTarget::Customer(id(1)));
    let on_organization =
        rule(5, &[Action::CustomerRead, Action::CustomerWrite], RuleTarget::Organization(id(20)));
    let mut records: Vec<_> = people.chain(reached).collect();
    records.push(customer(bare_customer(1, 1)));
    records.extend(checkouts);
    records.extend([
        staff(2, Role::PlatformSupport),
        member(3, 10, Role::OrganizationAdmin),
        grant(4, on_customer),
        grant(5, on_organization),
        member(6, 10, Role::CustomerSupport),
        deny(6, rule(6, &[Action::CustomerRead], RuleTarget::Customer(id(1)))),
        member(7, 20, Role::ProductManager),
        grant(8, rule(8, &[Action::CustomerWrite], RuleTarget::Customer(id(1)))),
    ]);
    import(store, records).await;
    for number in 1..=9 {
        issue(store, number, Holder::User(id(number)), None).await;
    }
}

async fn evidence(store: &dyn Store, token: u64, customer: u64) -> Vec<(Action, Evidence)> {
    let explained = store.explain_access(&hash(token), id(customer), at(5_000)).await;
    let explained = explained.unwrap().unwrap();
    for (action, _) in &explained.evidence {
        let decision = decide(*action, &explained.access.facts, at(5_000));
        assert!(matches!(decision, Decision::Allowed(_)));
    }
    explained.evidence
}

/// The same evidence for reading and for writing.
fn both(evidence: Evidence) -> Vec<(Action, Evidence)> {
    vec![(Action::CustomerRead, evidence), (Action::CustomerWrite, evidence)]
}

fn reading(evidence: Evidence) -> Vec<(Action, Evidence)> {
    vec![(Action::CustomerRead, evidence)]
}

on_each_store! {
    async fn the_evidence_names_the_role_or_the_grant_and_the_oldest_checkout(store) {
        prepare(store).await;
        assert_eq!(evidence(store, 1, 1).await, both(Evidence::SelfService));
        let platform = Evidence::Platform(Role::PlatformSupport);
        assert_eq!(evidence(store, 2, 1).await, reading(platform));
        let (organization, checkout) = (id(10), id(21));
        let role = Role::OrganizationAdmin;
        let member = Evidence::Organization { role, organization, checkout };
        assert_eq!(evidence(store, 3, 1).await, both(member));
        let target = RuleTarget::Customer(id(1));
        let granted = Evidence::Direct { grant: id(4), target, checkout: None };
        assert_eq!(evidence(store, 4, 1).await, reading(granted));
        let target = RuleTarget::Organization(id(20));
        let granted = Evidence::Direct { grant: id(5), target, checkout: Some(id(20)) };
        assert_eq!(evidence(store, 5, 1).await, both(granted));
    }

    async fn a_token_of_an_organization_is_explained_by_that_organization(store) {
        prepare(store).await;
        let role = Role::CustomerSupport;
        issue(store, 20, Holder::Organization(id(20), role), None).await;
        let (organization, checkout) = (id(20), id(20));
        let evidence = evidence(store, 20, 1).await;
        assert_eq!(evidence, reading(Evidence::Organization { role, organization, checkout }));
    }

    async fn of_several_reasons_the_evidence_is_for_the_one_by_which_the_rule_decides(store) {
        prepare(store).await;
        // The first organization does not grant it, the second does.
        import(store, vec![
            member(9, 10, Role::ProductManager),
            member(9, 20, Role::CustomerSupport),
            grant(9, rule(9, &[Action::CustomerRead], RuleTarget::Customer(id(1)))),
            grant(10, rule(9, &[Action::CustomerWrite], RuleTarget::Organization(id(10)))),
        ]).await;
        let (role, organization, checkout) = (Role::CustomerSupport, id(20), id(20));
        let target = RuleTarget::Organization(id(10));
        assert_eq!(evidence(store, 9, 1).await, [
            (Action::CustomerRead, Evidence::Organization { role, organization, checkout }),
            (Action::CustomerWrite, Evidence::Direct {
                grant: id(10), target, checkout: Some(id(21)),
            }),
        ]);
    }

    async fn there_is_no_evidence_for_who_may_not_read(store) {
        prepare(store).await;
        for token in [6, 7, 8] {
            assert_eq!(evidence(store, token, 1).await, [], "{token}");
        }
        assert_eq!(evidence(store, 2, 9).await, [], "no such customer");
        let scopes = Some(ActionSet::of(&[Action::CustomerWrite]));
        issue(store, 30, Holder::User(id(1)), scopes).await;
        assert_eq!(evidence(store, 30, 1).await, []);
        // Who may write but not read is let in to write, nevertheless.
        let access = store.customer_access(&hash(30), id(1)).await.unwrap().unwrap();
        assert!(reason(Action::CustomerWrite, &access.facts, at(5_000)).is_some());
        assert!(store.explain_access(&hash(99), id(1), at(5_000)).await.unwrap().is_none());
    }
}

/// Whether the lists bear out the evidence.
fn is_true(
    world: &World,
    holder: Holder,
    customer: u64,
    action: Action,
    evidence: Evidence,
) -> bool {
    let is_holder = |user: u64| holder == Holder::User(id(user));
    let of = |product: u64| world.products[usize::try_from(product).unwrap()];
    let oldest = |organization: OrganizationId| -> Option<CheckoutId> {
        let mut checkouts = (0..).zip(&world.checkouts);
        let is_of =
            |who: u64, what: u64| who == customer && id::<OrganizationId>(of(what)) == organization;
        checkouts.find(|(_, (who, what))| is_of(*who, *what)).map(|(number, _)| id(number))
    };
    match evidence {
        Evidence::SelfService => is_holder(customer),
        Evidence::Platform(role) => {
            role.grants(action)
                && world.staff.iter().any(|(who, of)| is_holder(*who) && *of == role)
        }
        Evidence::Organization { role, organization, checkout } => {
            let member = world.members.iter().any(|(who, of, held)| {
                is_holder(*who) && id::<OrganizationId>(*of) == organization && *held == role
            });
            role.grants(action)
                && (member || holder == Holder::Organization(organization, role))
                && oldest(organization) == Some(checkout)
        }
        Evidence::Direct { grant, target, checkout } => {
            let mut grants = (0..).zip(&world.grants);
            grants.find(|(number, _)| id::<GrantId>(*number) == grant).is_some_and(|(_, rule)| {
                let packs = PackSet::from_bits(rule.packs).actions();
                let about = match target {
                    RuleTarget::Customer(on) => {
                        rule.on_customer
                            && rule.target == customer
                            && on == id(customer)
                            && checkout.is_none()
                    }
                    RuleTarget::Organization(on) => {
                        !rule.on_customer
                            && on == id(rule.target)
                            && checkout.is_some()
                            && checkout == oldest(on)
                    }
                };
                about
                    && is_holder(rule.user)
                    && ActionSet::from_bits(rule.actions).union(packs).contains(action)
            })
        }
    }
}

fn clause(evidence: Evidence) -> Clause {
    match evidence {
        Evidence::SelfService => Clause::SelfService,
        Evidence::Platform(_) => Clause::Platform,
        Evidence::Organization { .. } => Clause::Organization,
        Evidence::Direct { .. } => Clause::Direct,
    }
}

/// What is explained to one holder about all customers is what the rule decides, and true.
async fn explains(
    store: &dyn Store,
    world: &World,
    token: u64,
    holder: Holder,
) -> Result<(), TestCaseError> {
    for customer in 0..USERS {
        let explained = store.explain_access(&hash(token), id(customer), at(1_000)).await;
        let explained = explained.unwrap().unwrap();
        let decided = |action| match decide(action, &explained.access.facts, at(1_000)) {
            Decision::Allowed(clause) if explained.access.customer.is_some() => {
                Some((action, clause))
            }
            _ => None,
        };
        let read = decided(Action::CustomerRead);
        let write = decided(Action::CustomerWrite).filter(|_| read.is_some());
        let clauses =
            explained.evidence.iter().map(|(action, evidence)| (*action, clause(*evidence)));
        prop_assert_eq!(
            clauses.collect::<Vec<_>>(),
            read.into_iter().chain(write).collect::<Vec<_>>()
        );
        for (action, evidence) in explained.evidence {
            let is_true = is_true(world, holder, customer, action, evidence);
            prop_assert!(is_true, "{holder:?} and customer {customer}: {evidence:?}");
        }
    }
    Ok(())
}

with_each_kind! {
    fn the_evidence_is_of_the_clause_that_decides_and_is_what_the_records_say(kind) {
        let (runtime, spare) = (runtime(), Spare::new(kind));
        let mut runner = TestRunner::new(Config { cases: kind.cases(64), ..Config::default() });
        let check = |world| {
            runtime.block_on(async {
                let store = spare.empty().await;
                let store = store.as_ref();
                import(store, records(&world)).await;
                for (number, holder) in holders() {
                    issue(store, number, holder, world.scopes.map(ActionSet::from_bits)).await;
                    explains(store, &world, number, holder).await?;
                }
                Ok(())
            })
        };
        runner.run(&world(), check).unwrap();
    }
}
