//! Tokens of organizations: made, rotated and revoked by the holders of others, and never more
//! than their maker.

use std::time::Duration;

use customers_store::{
    Store,
    record::{Change, RecordKey, RuleTarget},
    token::{
        Holder, NewToken, OrganizationToken, Token, TokenAttempt, TokenCreation, TokenRefusal,
        TokenRevocation, TokenRotation,
    },
};
use customers_types::{
    access::{Action, ActionSet, Role},
    scalar::Timestamp,
    token::{Lapse, Validity},
};

use crate::{
    directory::{
        at, bare_customer, customer, deny, grant, id, import, member, organization, rule, staff,
        user,
    },
    on_each_store,
    tokens::{hash, issue},
};

const NOW: i64 = 5_000;

/// Organizations 10 and 20, customer 10; user 1 administers 10, user 2 supports 10, user 3 administers 20,
/// user 4 the platform, user 5 is nobody. User N has token N; that of user 3 counts until 9,000.
async fn prepare(store: &dyn Store) {
    let mut records: Vec<_> = (1..=5).map(user).collect();
    records.extend([organization(10), organization(20), customer(bare_customer(10, 5))]);
    records.extend([
        member(1, 10, Role::OrganizationAdmin),
        member(2, 10, Role::CustomerSupport),
        member(3, 20, Role::OrganizationAdmin),
        staff(4, Role::PlatformAdmin),
    ]);
    import(store, records).await;
    issue(store, 3, Holder::User(id(3)), None).await;
    for number in [1, 2, 4, 5] {
        let (holder, validity) = (Holder::User(id(number)), Validity::default());
        let token = Token { id: id(number), holder, scopes: None, created_at: at(0), validity };
        store.create_token(&NewToken { hash: hash(number), token }).await.unwrap();
    }
}

/// A token of this number, of its hash too, that is made at [`NOW`].
fn token(number: u64, of: u64, role: Role) -> OrganizationToken {
    OrganizationToken {
        id: id(number),
        organization: id(of),
        role,
        scopes: None,
        created_at: at(NOW),
        validity: Validity::default(),
    }
}

type Made = Result<OrganizationToken, TokenRefusal>;

async fn create(store: &dyn Store, caller: u64, number: u64, token: OrganizationToken) -> Made {
    let creation = TokenCreation { caller: hash(caller), hash: hash(number), token };
    store.create_token_as(creation).await.unwrap().unwrap().result
}

async fn revoke(store: &dyn Store, caller: u64, number: u64, now: i64) -> Result<(), TokenRefusal> {
    let revocation = TokenRevocation { caller: hash(caller), id: id(number), now: at(now) };
    store.revoke_token_as(revocation).await.unwrap().unwrap().result
}

fn rotation(caller: u64, number: u64, successor: u64, overlap: u64) -> TokenRotation {
    TokenRotation {
        caller: hash(caller),
        id: id(number),
        successor: id(successor),
        hash: hash(successor),
        overlap: Duration::from_millis(overlap),
        expires_at: None,
        now: at(NOW),
    }
}

async fn rotate(store: &dyn Store, rotation: TokenRotation) -> Made {
    store.rotate_token_as(rotation).await.unwrap().unwrap().result
}

async fn kept(store: &dyn Store, number: u64) -> Option<OrganizationToken> {
    store.token(&hash(number)).await.unwrap().and_then(OrganizationToken::of)
}

async fn expiry(store: &dyn Store, number: u64) -> Option<Timestamp> {
    kept(store, number).await.unwrap().validity.expires_at
}

on_each_store! {
    async fn an_administrator_makes_a_token_that_is_found_by_its_hash(store) {
        prepare(store).await;
        let mut wanted = token(100, 10, Role::OrganizationAdmin);
        wanted.scopes = Some(ActionSet::of(&[Action::CustomerRead]));
        wanted.validity.expires_at = Some(at(7_000));
        assert_eq!(create(store, 1, 100, wanted).await, Ok(wanted));
        assert_eq!(kept(store, 100).await, Some(wanted));
        // With it, nobody makes tokens: it is narrowed to something else.
        let further = create(store, 100, 101, token(101, 10, Role::ProductManager)).await;
        assert_eq!(further, Err(TokenRefusal::NotHeld));
        let full = token(102, 10, Role::OrganizationAdmin);
        assert_eq!(create(store, 1, 102, full).await, Ok(full));
        let by_token = token(103, 10, Role::OrganizationAdmin);
        assert_eq!(create(store, 102, 103, by_token).await, Ok(by_token));
        let by_staff = token(104, 20, Role::OrganizationAdmin);
        assert_eq!(create(store, 4, 104, by_staff).await, Ok(by_staff));
    }

    async fn a_token_is_made_only_where_the_caller_may_write_tokens(store) {
        prepare(store).await;
        for (caller, of, refusal) in [
            (2, 10, TokenRefusal::NotHeld),
            (5, 10, TokenRefusal::NotHeld),
            (5, 99, TokenRefusal::NotHeld),
            (3, 10, TokenRefusal::NotVisible),
            (3, 99, TokenRefusal::NotVisible),
            (4, 99, TokenRefusal::NotVisible),
        ] {
            let refused = create(store, caller, 100, token(100, of, Role::ProductManager)).await;
            assert_eq!(refused, Err(refusal), "{caller} in {of}");
            assert_eq!(kept(store, 100).await, None);
        }
        let unknown = token(100, 10, Role::ProductManager);
        let creation = TokenCreation { caller: hash(99), hash: hash(100), token: unknown };
        assert!(store.create_token_as(creation).await.unwrap().is_none());
    }

    async fn a_token_that_could_do_more_than_its_maker_is_refused(store) {
        prepare(store).await;
        let scopes = Some(ActionSet::of(&[Action::TokenWrite, Action::CustomerRead]));
        issue(store, 6, Holder::User(id(1)), scopes).await;
        let exceeds = |action| Err(TokenRefusal::Exceeds(action));
        let administrator = token(100, 10, Role::OrganizationAdmin);
        assert_eq!(create(store, 6, 100, administrator).await, exceeds(Action::CustomerWrite));
        let mut narrowed = administrator;
        narrowed.scopes = Some(ActionSet::of(&[Action::TokenRead, Action::CustomerRead]));
        assert_eq!(create(store, 6, 100, narrowed).await, exceeds(Action::TokenRead));
        narrowed.scopes = scopes;
        narrowed.validity.expires_at = Some(at(9_000));
        assert_eq!(create(store, 6, 100, narrowed).await, Ok(narrowed));

        // Whoever is denied one customer can't make a token that reads that customer.
        let target = RuleTarget::Customer(id(10));
        import(store, vec![deny(1, rule(1, &[Action::CustomerRead], target))]).await;
        let support = token(101, 10, Role::CustomerSupport);
        assert_eq!(create(store, 1, 101, support).await, exceeds(Action::CustomerRead));
        assert_eq!(kept(store, 101).await, None);
        // What is granted on one customer can't be handed out for all.
        let grants = [
            grant(1, rule(5, &[Action::TokenWrite], RuleTarget::Organization(id(10)))),
            grant(2, rule(5, &[Action::CustomerRead], RuleTarget::Customer(id(10)))),
        ];
        import(store, grants.into()).await;
        assert_eq!(create(store, 5, 101, support).await, exceeds(Action::CustomerRead));
        let on_organization = rule(5, &[Action::CustomerRead], RuleTarget::Organization(id(10)));
        import(store, vec![grant(2, on_organization)]).await;
        assert_eq!(create(store, 5, 101, support).await, Ok(support));
    }

    async fn what_the_caller_may_do_is_what_it_may_do_by_then(store) {
        prepare(store).await;
        issue(store, 10, Holder::Organization(id(10), Role::CustomerSupport), None).await;
        let wanted = token(100, 10, Role::ProductManager);
        import(store, vec![Change::Remove(RecordKey::Membership(id(1), id(10)))]).await;
        assert_eq!(create(store, 1, 100, wanted).await, Err(TokenRefusal::NotHeld));
        assert!(store.revoke_token(id(4), at(NOW)).await.unwrap());
        let creation = TokenCreation { caller: hash(4), hash: hash(100), token: wanted };
        let TokenAttempt { caller, result } =
            store.create_token_as(creation).await.unwrap().unwrap();
        assert_eq!(caller.validity.lapse(at(NOW)), Some(Lapse::Revoked));
        assert_eq!(result, Err(TokenRefusal::NotHeld));
        assert_eq!(revoke(store, 4, 10, NOW).await, Err(TokenRefusal::NotHeld));
        assert_eq!(rotate(store, rotation(4, 10, 100, 0)).await, Err(TokenRefusal::NotHeld));
        // Token 3 has expired by then.
        let late = OrganizationToken { created_at: at(9_001), ..token(100, 20, wanted.role) };
        assert_eq!(create(store, 3, 100, late).await, Err(TokenRefusal::NotHeld));
        assert_eq!(kept(store, 100).await, None);
        assert_eq!(expiry(store, 10).await, Some(at(9_000)));
    }

    async fn a_token_that_ends_makes_none_that_outlives_it(store) {
        prepare(store).await;
        let endless = token(100, 20, Role::OrganizationAdmin);
        create(store, 3, 100, endless).await.unwrap();
        let lasting = Validity { expires_at: Some(at(20_000)), revoked_at: None };
        let lasting = OrganizationToken { validity: lasting, ..token(101, 20, Role::OrganizationAdmin) };
        create(store, 3, 101, lasting).await.unwrap();
        create(store, 4, 102, token(102, 20, Role::OrganizationAdmin)).await.unwrap();
        rotate(store, rotation(3, 102, 103, 0)).await.unwrap();
        for number in [100, 101, 103] {
            assert_eq!(expiry(store, number).await, Some(at(9_000)), "{number}");
        }
    }

    async fn a_token_is_revoked_where_the_caller_may_write_tokens(store) {
        prepare(store).await;
        let other = issue(store, 20, Holder::Organization(id(20), Role::CustomerSupport), None);
        let other = other.await;
        issue(store, 10, Holder::Organization(id(10), Role::OrganizationAdmin), None).await;
        for (caller, number, refusal) in [
            (2, 10, TokenRefusal::NotHeld),
            (1, 20, TokenRefusal::NotVisible),
            (1, 99, TokenRefusal::NotVisible),
            // The tokens of users, also the own, are not among those of organizations.
            (4, 1, TokenRefusal::NotVisible),
            (4, 4, TokenRefusal::NotVisible),
        ] {
            assert_eq!(revoke(store, caller, number, NOW).await, Err(refusal), "{number}");
        }
        assert_eq!(store.token(&hash(20)).await.unwrap(), Some(other));
        assert_eq!(revoke(store, 3, 20, NOW).await, Ok(()));
        assert_eq!(revoke(store, 4, 20, NOW + 1).await, Ok(()));
        assert_eq!(kept(store, 20).await.unwrap().validity.revoked_at, Some(at(NOW)));
        // Itself, and then nothing more.
        assert_eq!(revoke(store, 10, 10, NOW).await, Ok(()));
        assert_eq!(revoke(store, 10, 10, NOW).await, Err(TokenRefusal::NotHeld));
    }

    async fn a_rotated_token_counts_for_the_overlap_and_its_successor_can_do_the_same(store) {
        prepare(store).await;
        let scopes = Some(ActionSet::of(&[Action::CustomerRead]));
        let holder = Holder::Organization(id(10), Role::OrganizationAdmin);
        // Made at 200, to count for 8,800.
        issue(store, 200, holder, scopes).await;
        let successor = rotate(store, rotation(1, 200, 201, 500)).await.unwrap();
        let expected = OrganizationToken {
            scopes,
            validity: Validity { expires_at: Some(at(NOW + 8_800)), revoked_at: None },
            ..token(201, 10, Role::OrganizationAdmin)
        };
        assert_eq!(successor, expected);
        assert_eq!(kept(store, 201).await, Some(expected));
        assert_eq!(expiry(store, 200).await, Some(at(NOW + 500)));
        // A longer overlap does not prolong it.
        issue(store, 202, holder, scopes).await;
        rotate(store, rotation(1, 202, 203, 100_000)).await.unwrap();
        assert_eq!(expiry(store, 202).await, Some(at(9_000)));
        // The new one can be given its own end.
        let expires_at = Some(at(6_000));
        let given = TokenRotation { expires_at, ..rotation(1, 203, 204, 0) };
        assert_eq!(rotate(store, given).await.unwrap().validity.expires_at, expires_at);
        assert_eq!(kept(store, 203).await.unwrap().validity.lapse(at(NOW)), Some(Lapse::Expired));
    }

    async fn a_rotation_that_is_repeated_makes_another_that_counts_as_long(store) {
        prepare(store).await;
        let endless = token(200, 10, Role::CustomerSupport);
        create(store, 1, 200, endless).await.unwrap();
        for successor in [201, 202] {
            let made = rotate(store, rotation(1, 200, successor, 500)).await.unwrap();
            assert_eq!(made.validity, Validity::default());
            assert_eq!(expiry(store, 200).await, Some(at(NOW + 500)));
        }
        let holder = Holder::Organization(id(10), Role::CustomerSupport);
        issue(store, 300, holder, None).await;
        for successor in [301, 302] {
            let made = rotate(store, rotation(1, 300, successor, 500)).await.unwrap();
            assert_eq!(made.validity.expires_at, Some(at(NOW + 8_700)));
        }
    }

    async fn a_token_is_rotated_only_by_who_could_have_made_it(store) {
        prepare(store).await;
        let holder = Holder::Organization(id(10), Role::OrganizationAdmin);
        let old = issue(store, 200, holder, None).await;
        let scopes = Some(ActionSet::of(&[Action::TokenWrite]));
        issue(store, 6, Holder::User(id(1)), scopes).await;
        for (caller, number, refusal) in [
            (2, 200, TokenRefusal::NotHeld),
            (3, 200, TokenRefusal::NotVisible),
            (3, 99, TokenRefusal::NotVisible),
            (4, 1, TokenRefusal::NotVisible),
            (6, 200, TokenRefusal::Exceeds(Action::CustomerRead)),
        ] {
            let refused = rotate(store, rotation(caller, number, 201, 0)).await;
            assert_eq!(refused, Err(refusal), "{caller} and {number}");
        }
        assert_eq!(store.token(&hash(200)).await.unwrap(), Some(old));
        assert_eq!(kept(store, 201).await, None);
        // It can rotate itself.
        assert!(rotate(store, rotation(200, 200, 201, 0)).await.is_ok());
        assert_eq!(rotate(store, rotation(200, 201, 202, 0)).await, Err(TokenRefusal::NotHeld));
    }

    async fn a_token_that_no_longer_counts_is_not_rotated(store) {
        prepare(store).await;
        let holder = Holder::Organization(id(10), Role::CustomerSupport);
        issue(store, 200, holder, None).await;
        issue(store, 201, holder, None).await;
        revoke(store, 1, 200, NOW).await.unwrap();
        let revoked = kept(store, 200).await;
        rotate(store, rotation(1, 201, 202, 0)).await.unwrap();
        for number in [200, 201] {
            let refused = rotate(store, rotation(1, number, 203, 500)).await;
            assert_eq!(refused, Err(TokenRefusal::Lapsed), "{number}");
        }
        assert_eq!(kept(store, 200).await, revoked);
        assert_eq!(expiry(store, 201).await, Some(at(NOW)));
        assert_eq!(kept(store, 203).await, None);
    }
}
