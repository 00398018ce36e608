use proptest::{collection::vec, option, prelude::*, sample::select};
use strum::VariantArray;
use uuid::Uuid;

use super::*;
use crate::{
    access::{Decision, DirectRule, Facts, OrganizationRole, decide},
    id::PublicId,
};

const NOW: i64 = 1_000;
const ORGANIZATIONS: u128 = 3;

fn now() -> Timestamp {
    Timestamp::from_millis(NOW)
}

fn organization(number: u128) -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(number))
}

fn ruling(actions: &[Action], valid_from: Option<i64>) -> Ruling {
    let valid_from = valid_from.map(Timestamp::from_millis);
    Ruling { actions: ActionSet::of(actions), valid_from }
}

fn administrator() -> Standing {
    Standing {
        organization_roles: vec![(organization(1), Role::OrganizationAdmin)],
        ..Standing::default()
    }
}

#[test]
fn a_role_holds_in_its_own_organization_and_a_platform_role_in_all() {
    let member = administrator();
    assert_eq!(member.held_in(organization(1), now()), Role::OrganizationAdmin.actions());
    assert!(member.held_in(organization(2), now()).is_empty());
    let expected = Reach::Organizations(vec![organization(1)]);
    assert_eq!(member.reach(Action::TokenWrite, now()), expected);
    assert!(member.reach(Action::DirectoryWrite, now()).is_nowhere());

    let staff = Standing { platform_roles: vec![Role::PlatformAdmin], ..Standing::default() };
    assert_eq!(staff.held_in(organization(2), now()), ActionSet::ALL);
    assert_eq!(staff.reach(Action::TokenRead, now()), Reach::Everywhere);
    let support = Standing { platform_roles: vec![Role::PlatformSupport], ..Standing::default() };
    assert!(support.reach(Action::TokenRead, now()).is_nowhere());
    let misplaced =
        Standing { platform_roles: vec![Role::OrganizationAdmin], ..Standing::default() };
    assert!(misplaced.reach(Action::TokenRead, now()).is_nowhere());
}

#[test]
fn a_grant_on_the_organization_counts_from_its_moment_on() {
    let granted = |from| Standing {
        organization_grants: vec![(organization(1), ruling(&[Action::TokenRead], from))],
        ..Standing::default()
    };
    for from in [None, Some(NOW)] {
        let held = granted(from).held_in(organization(1), now());
        assert_eq!(held, ActionSet::of(&[Action::TokenRead]));
        assert!(granted(from).held_in(organization(2), now()).is_empty());
    }
    assert!(granted(Some(NOW + 1)).reach(Action::TokenRead, now()).is_nowhere());
}

#[test]
fn a_deny_takes_its_actions_away_everywhere_from_its_moment_on() {
    let denied = |from| Standing {
        denies: vec![ruling(&[Action::CustomerRead], from)],
        platform_roles: vec![Role::PlatformAdmin],
        ..administrator()
    };
    for from in [None, Some(NOW)] {
        assert!(!denied(from).held_in(organization(1), now()).contains(Action::CustomerRead));
        assert!(denied(from).held_in(organization(1), now()).contains(Action::CustomerWrite));
        assert!(denied(from).reach(Action::CustomerRead, now()).is_nowhere());
    }
    assert_eq!(denied(Some(NOW + 1)).reach(Action::CustomerRead, now()), Reach::Everywhere);
}

#[test]
fn scopes_leave_only_what_they_name() {
    let scopes = Some(ActionSet::of(&[Action::TokenWrite, Action::DirectoryWrite]));
    let narrowed = Standing { scopes, ..administrator() };
    let held = narrowed.held_in(organization(1), now());
    assert_eq!(held, ActionSet::of(&[Action::TokenWrite]));
}

#[test]
fn what_is_about_everything_takes_a_role_on_the_platform_and_neither_deny_nor_scope_against_it() {
    let write = |standing: &Standing| standing.holds_on_platform(Action::DirectoryWrite, now());
    let staff = |role| Standing { platform_roles: vec![role], ..Standing::default() };
    let administrator = staff(Role::PlatformAdmin);
    assert!(write(&administrator));
    assert!(!write(&staff(Role::PlatformSupport)));
    let in_organizations = Standing {
        organization_roles: vec![(organization(1), Role::PlatformAdmin)],
        organization_grants: vec![(organization(1), ruling(&[Action::DirectoryWrite], None))],
        ..Standing::default()
    };
    assert!(!write(&in_organizations));
    let denied = |action, from| Standing {
        denies: vec![ruling(&[action], from)],
        ..staff(Role::PlatformAdmin)
    };
    for from in [None, Some(NOW)] {
        assert!(!write(&denied(Action::DirectoryWrite, from)));
    }
    assert!(write(&denied(Action::DirectoryWrite, Some(NOW + 1))));
    assert!(write(&denied(Action::CustomerRead, None)));
    let scoped =
        |action| Standing { scopes: Some(ActionSet::of(&[action])), ..staff(Role::PlatformAdmin) };
    assert!(write(&scoped(Action::DirectoryWrite)));
    assert!(!write(&scoped(Action::CustomerWrite)));
}

fn actions() -> impl Strategy<Value = ActionSet> {
    (0..=ActionSet::ALL.bits()).prop_map(ActionSet::from_bits)
}

fn a_ruling() -> impl Strategy<Value = Ruling> {
    (actions(), option::of(0..2 * NOW)).prop_map(|(actions, from)| Ruling {
        actions,
        valid_from: from.map(Timestamp::from_millis),
    })
}

fn an_organization() -> impl Strategy<Value = OrganizationId> {
    (0..ORGANIZATIONS).prop_map(organization)
}

fn standing() -> impl Strategy<Value = Standing> {
    (
        option::of(actions()),
        vec(select(Role::VARIANTS), 0..2),
        vec((an_organization(), select(Role::VARIANTS)), 0..4),
        vec((an_organization(), a_ruling()), 0..3),
        vec(a_ruling(), 0..3),
    )
        .prop_map(
            |(scopes, platform_roles, organization_roles, organization_grants, denies)| Standing {
                scopes,
                platform_roles,
                organization_roles,
                organization_grants,
                denies,
            },
        )
}

/// What the access rule is told of the principal, and of a customer whom only this organization
/// reaches. A deny may be about that customer.
fn facts(standing: &Standing, organization: OrganizationId, denied: bool) -> Facts {
    let rule = |rule: &Ruling, covers_customer| DirectRule {
        actions: rule.actions,
        covers_customer,
        valid_from: rule.valid_from,
    };
    Facts {
        scopes: standing.scopes,
        platform_roles: standing.platform_roles.clone(),
        organization_roles: standing
            .organization_roles
            .iter()
            .map(|(of, role)| OrganizationRole {
                role: *role,
                reaches_customer: *of == organization,
            })
            .collect(),
        grants: standing
            .organization_grants
            .iter()
            .map(|(of, granted)| rule(granted, *of == organization))
            .collect(),
        denies: standing.denies.iter().map(|deny| rule(deny, denied)).collect(),
        ..Facts::default()
    }
}

proptest! {
    #[test]
    fn what_is_held_in_an_organization_is_allowed_on_each_of_its_customers(
        standing in standing(), organization in an_organization(), denied: bool,
    ) {
        let facts = facts(&standing, organization, denied);
        for action in standing.held_in(organization, now()).iter() {
            prop_assert!(matches!(decide(action, &facts, now()), Decision::Allowed(_)));
        }
    }

    #[test]
    fn without_a_deny_what_is_allowed_on_its_customers_is_held_in_the_organization(
        mut standing in standing(), organization in an_organization(),
    ) {
        standing.denies.clear();
        let facts = facts(&standing, organization, false);
        let held = standing.held_in(organization, now());
        for action in Action::VARIANTS.iter().copied().filter(|action| !held.contains(*action)) {
            prop_assert!(!matches!(decide(action, &facts, now()), Decision::Allowed(_)));
        }
    }

    #[test]
    fn the_reach_of_an_action_is_where_it_is_held(
        standing in standing(), action in select(Action::VARIANTS), elsewhere in 3..9_u128,
    ) {
        let reach = standing.reach(action, now());
        let organizations = (0..ORGANIZATIONS).chain([elsewhere]).map(organization);
        for organization in organizations {
            let held = standing.held_in(organization, now()).contains(action);
            prop_assert_eq!(reach.contains(organization), held);
            prop_assert!(!(held && reach.is_nowhere()));
        }
        if let Reach::Organizations(organizations) = reach {
            prop_assert!(organizations.is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn a_denied_action_is_held_nowhere(mut standing in standing(), actions in actions()) {
        standing.denies.push(Ruling { actions, valid_from: Some(now()) });
        for action in actions.iter() {
            prop_assert!(standing.reach(action, now()).is_nowhere());
        }
    }

    #[test]
    fn narrowing_the_scopes_never_widens_what_is_held(
        standing in standing(), organization in an_organization(), scopes in actions(),
    ) {
        let before = standing.scopes.unwrap_or(ActionSet::ALL);
        let narrowed = Standing { scopes: Some(before.intersection(scopes)), ..standing.clone() };
        let held = narrowed.held_in(organization, now());
        prop_assert!(held.without(standing.held_in(organization, now())).is_empty());
        prop_assert!(held.without(scopes).is_empty());
    }
}
