use proptest::{collection::vec, option, prelude::*, sample::select};
use strum::VariantArray;

use super::*;

const NOW: i64 = 1_000;

fn now() -> Timestamp {
    Timestamp::from_millis(NOW)
}

fn read(facts: &Facts) -> Decision {
    decide(Action::CustomerRead, facts, now())
}

fn member(role: Role, reaches_customer: bool) -> Facts {
    Facts {
        organization_roles: vec![OrganizationRole { role, reaches_customer }],
        ..Facts::default()
    }
}

fn rule(action: Action, covers_customer: bool, valid_from: Option<i64>) -> DirectRule {
    DirectRule {
        actions: ActionSet::of(&[action]),
        covers_customer,
        valid_from: valid_from.map(Timestamp::from_millis),
    }
}

#[test]
fn nobody_is_let_in_without_a_reason() {
    assert_eq!(read(&Facts::default()), Decision::NotHeld);
}

#[test]
fn a_person_sees_the_own_profile_and_no_other() {
    let own = Facts { has_profile: true, is_self: true, ..Facts::default() };
    let other = Facts { has_profile: true, ..Facts::default() };
    assert_eq!(read(&own), Decision::Allowed(Clause::SelfService));
    assert_eq!(decide(Action::CustomerWrite, &own, now()), Decision::Allowed(Clause::SelfService));
    assert_eq!(decide(Action::DirectoryWrite, &own, now()), Decision::NotHeld);
    assert_eq!(read(&other), Decision::NotVisible);
}

#[test]
fn a_member_sees_the_customers_whom_the_organization_reaches() {
    assert_eq!(read(&member(Role::CustomerSupport, true)), Decision::Allowed(Clause::Organization));
    assert_eq!(read(&member(Role::CustomerSupport, false)), Decision::NotVisible);
}

#[test]
fn a_role_without_the_action_holds_nothing() {
    assert_eq!(read(&member(Role::ProductManager, true)), Decision::NotHeld);
    assert_eq!(
        decide(Action::CustomerWrite, &member(Role::CustomerSupport, true), now()),
        Decision::NotHeld
    );
}

#[test]
fn a_platform_role_sees_every_customer() {
    let facts = Facts { platform_roles: vec![Role::PlatformSupport], ..Facts::default() };
    assert_eq!(read(&facts), Decision::Allowed(Clause::Platform));
    let facts = Facts { platform_roles: vec![Role::OrganizationAdmin], ..Facts::default() };
    assert_eq!(read(&facts), Decision::NotHeld, "not a role over all organizations");
}

#[test]
fn a_direct_grant_counts_from_its_moment_on() {
    let granted =
        |from| Facts { grants: vec![rule(Action::CustomerRead, true, from)], ..Facts::default() };
    assert_eq!(read(&granted(None)), Decision::Allowed(Clause::Direct));
    assert_eq!(read(&granted(Some(NOW))), Decision::Allowed(Clause::Direct));
    assert_eq!(read(&granted(Some(NOW + 1))), Decision::NotHeld);
}

#[test]
fn a_deny_counts_from_its_moment_on() {
    let denied = |from| Facts {
        denies: vec![rule(Action::CustomerRead, true, from)],
        ..member(Role::CustomerSupport, true)
    };
    assert_eq!(read(&denied(None)), Decision::NotVisible);
    assert_eq!(read(&denied(Some(NOW))), Decision::NotVisible);
    assert_eq!(read(&denied(Some(NOW + 1))), Decision::Allowed(Clause::Organization));
}

#[test]
fn a_scope_hides_what_the_role_grants() {
    let facts = Facts {
        scopes: Some(ActionSet::of(&[Action::TokenRead])),
        ..member(Role::OrganizationAdmin, true)
    };
    assert_eq!(read(&facts), Decision::NotHeld);
}

#[test]
fn the_names_of_the_clauses_are_fixed_for_ever() {
    let names: Vec<_> = Clause::VARIANTS.iter().map(|clause| clause.name()).collect();
    assert_eq!(names.join(" "), "self platform organization direct");
    assert!(names.iter().zip(Clause::VARIANTS).all(|(name, clause)| name.parse() == Ok(*clause)));
}

fn actions() -> impl Strategy<Value = ActionSet> {
    (0..=ActionSet::ALL.bits()).prop_map(ActionSet::from_bits)
}

fn rules() -> impl Strategy<Value = Vec<DirectRule>> {
    let rule = (actions(), any::<bool>(), option::of(0..2 * NOW)).prop_map(
        |(actions, covers_customer, from)| DirectRule {
            actions,
            covers_customer,
            valid_from: from.map(Timestamp::from_millis),
        },
    );
    vec(rule, 0..4)
}

fn facts() -> impl Strategy<Value = Facts> {
    let organization_role = (select(Role::VARIANTS), any::<bool>())
        .prop_map(|(role, reaches_customer)| OrganizationRole { role, reaches_customer });
    (
        option::of(actions()),
        (any::<bool>(), any::<bool>()),
        vec(select(Role::VARIANTS), 0..2),
        vec(organization_role, 0..4),
        rules(),
        rules(),
    )
        .prop_map(
            |(scopes, (profile, own), platform_roles, organization_roles, grants, denies)| Facts {
                scopes,
                has_profile: profile,
                is_self: profile && own,
                platform_roles,
                organization_roles,
                grants,
                denies,
            },
        )
}

fn action() -> impl Strategy<Value = Action> {
    select(Action::VARIANTS)
}

fn is_allowed(decision: Decision) -> bool {
    matches!(decision, Decision::Allowed(_))
}

proptest! {
    #[test]
    fn the_reason_is_of_the_clause_that_decides_and_is_found_among_the_facts(
        facts in facts(), action in action(),
    ) {
        let reason = reason(action, &facts, now());
        let clause = match decide(action, &facts, now()) {
            Decision::Allowed(clause) => Some(clause),
            Decision::NotVisible | Decision::NotHeld => None,
        };
        prop_assert_eq!(reason.map(Reason::clause), clause);
        // What the reason names is enough to be let in, but for the denies.
        let only = Facts { scopes: facts.scopes, ..Facts::default() };
        let enough = match reason {
            None => return Ok(()),
            Some(Reason::SelfService) => {
                Facts { has_profile: true, is_self: facts.is_self, ..only }
            }
            Some(Reason::Platform(role)) => {
                prop_assert!(facts.platform_roles.contains(&role));
                Facts { platform_roles: vec![role], ..only }
            }
            Some(Reason::Organization { role, index }) => {
                prop_assert_eq!(facts.organization_roles[index].role, role);
                Facts { organization_roles: vec![facts.organization_roles[index]], ..only }
            }
            Some(Reason::Direct { index }) => Facts { grants: vec![facts.grants[index]], ..only },
        };
        prop_assert!(is_allowed(decide(action, &enough, now())));
    }

    #[test]
    fn a_deny_always_wins(mut facts in facts(), action in action()) {
        facts.denies.push(rule(action, true, Some(NOW)));
        prop_assert!(!is_allowed(decide(action, &facts, now())));
    }

    #[test]
    fn narrowing_the_scopes_never_widens(
        facts in facts(), action in action(), scopes in actions(),
    ) {
        let before = facts.scopes.unwrap_or(ActionSet::ALL);
        let narrowed = Facts { scopes: Some(before.intersection(scopes)), ..facts.clone() };
        if is_allowed(decide(action, &narrowed, now())) {
            prop_assert!(is_allowed(decide(action, &facts, now())));
            prop_assert!(scopes.contains(action));
        }
    }

    #[test]
    fn without_any_relation_to_the_customer_nobody_but_the_platform_is_let_in(
        mut facts in facts(), action in action(),
    ) {
        facts.is_self = false;
        facts.platform_roles.clear();
        facts.organization_roles.iter_mut().for_each(|held| held.reaches_customer = false);
        facts.grants.iter_mut().for_each(|rule| rule.covers_customer = false);
        prop_assert!(!is_allowed(decide(action, &facts, now())));
    }

    #[test]
    fn a_further_role_or_grant_takes_nothing_away(
        facts in facts(), action in action(), role in select(Role::VARIANTS), covers: bool,
    ) {
        let mut more = facts.clone();
        more.organization_roles.push(OrganizationRole { role, reaches_customer: covers });
        more.grants.push(rule(action, covers, None));
        if is_allowed(decide(action, &facts, now())) {
            prop_assert!(is_allowed(decide(action, &more, now())));
        }
    }

    #[test]
    fn whether_the_action_is_held_does_not_depend_on_the_customer(
        facts in facts(), action in action(),
    ) {
        let mut elsewhere = facts.clone();
        elsewhere.is_self = false;
        elsewhere.organization_roles.iter_mut().for_each(|held| held.reaches_customer = false);
        elsewhere.grants.iter_mut().for_each(|rule| rule.covers_customer = false);
        elsewhere.denies.clear();
        let not_held = |facts: &Facts| decide(action, facts, now()) == Decision::NotHeld;
        prop_assert_eq!(not_held(&facts), not_held(&elsewhere));
    }
}
