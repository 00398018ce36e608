//! Tokens: kept, found, revoked, listed, and gone with their holders.

use customers_store::{
    Store,
    error::StoreError,
    record::{Change, RecordKey},
    token::{Holder, NewToken, Token},
};
use customers_types::{
    access::{Action, ActionSet, Role},
    id::TokenId,
    token::{TokenHash, TokenSecret, Validity},
};
use rand::{SeedableRng, rngs::StdRng};

use crate::{
    directory::{at, id, import, organization, user},
    on_each_store,
};

pub(crate) fn hash(number: u64) -> TokenHash {
    TokenSecret::generate(&mut StdRng::seed_from_u64(number)).hash()
}

/// Keeps a token of this holder, whose number is also that of its hash.
pub(crate) async fn issue(
    store: &dyn Store,
    number: u64,
    holder: Holder,
    scopes: Option<ActionSet>,
) -> Token {
    let created_at = at(i64::try_from(number).unwrap());
    let validity = Validity { expires_at: Some(at(9_000)), revoked_at: None };
    let token = Token { id: id(number), holder, scopes, created_at, validity };
    store.create_token(&NewToken { hash: hash(number), token }).await.unwrap();
    token
}

on_each_store! {
    async fn a_token_is_found_by_its_hash_as_it_was_kept(store) {
        import(store, vec![user(1), organization(2)]).await;
        let scopes = Some(ActionSet::of(&[Action::CustomerRead, Action::DirectoryWrite]));
        let of_user = issue(store, 7, Holder::User(id(1)), scopes).await;
        let holder = Holder::Organization(id(2), Role::CustomerSupport);
        let of_organization = issue(store, 8, holder, None).await;

        assert_eq!(store.token(&hash(7)).await.unwrap(), Some(of_user));
        assert_eq!(store.token(&hash(8)).await.unwrap(), Some(of_organization));
        assert_eq!(store.token(&hash(9)).await.unwrap(), None);
        assert_eq!(store.tokens().await.unwrap(), [of_user, of_organization]);
    }

    async fn a_holder_who_is_not_in_the_store_gets_no_token(store) {
        for holder in [Holder::User(id(1)), Holder::Organization(id(1), Role::OrganizationAdmin)] {
            let validity = Validity::default();
            let token =
                Token { id: id(7), holder, scopes: None, created_at: at(1), validity };
            let created = store.create_token(&NewToken { hash: hash(7), token }).await;
            assert!(matches!(created, Err(StoreError::NoSuchHolder)));
        }
        assert_eq!(store.tokens().await.unwrap(), []);
    }

    async fn a_revoked_token_keeps_the_moment_of_its_first_revocation(store) {
        import(store, vec![user(1)]).await;
        let token = issue(store, 7, Holder::User(id(1)), None).await;
        assert!(store.revoke_token(token.id, at(2_000)).await.unwrap());
        assert!(store.revoke_token(token.id, at(3_000)).await.unwrap());
        let revoked = store.token(&hash(7)).await.unwrap().unwrap();
        assert_eq!(revoked.validity.revoked_at, Some(at(2_000)));
        assert!(!store.revoke_token(id::<TokenId>(8), at(2_000)).await.unwrap());
    }

    async fn tokens_go_with_the_user_or_organization_for_whom_they_act(store) {
        import(store, vec![user(1), organization(2)]).await;
        issue(store, 7, Holder::User(id(1)), None).await;
        issue(store, 8, Holder::Organization(id(2), Role::OrganizationAdmin), None).await;
        import(store, vec![
            Change::Remove(RecordKey::User(id(1))),
            Change::Remove(RecordKey::Organization(id(2))),
        ]).await;
        assert_eq!(store.tokens().await.unwrap(), []);
    }
}
