//! Lists of the tokens of organizations: whose, in which order, page by page.

use customers_store::{
    Store,
    list::Position,
    record::RuleTarget,
    token::{Holder, TokenList, TokenListing},
};
use customers_types::{
    access::{Action, ActionSet, Role},
    id::TokenId,
};

use crate::{
    directory::{at, deny, grant, id, import, member, organization, rule, staff, user},
    on_each_store,
    tokens::{hash, issue},
};

const NOW: i64 = 5_000;

/// Organizations 10, 20 and 30 have two tokens each, in turns and in two roles: 100 to 105. User 1
/// administers 10 and 30, user 2 the platform, user 3 may see the tokens of 20 by a grant, user 4
/// is support of 10. User N has token N, which counts until 9,000.
async fn prepare(store: &dyn Store) {
    let mut records: Vec<_> = (1..=4).map(user).collect();
    records.extend([10, 20, 30].map(organization));
    records.extend([
        member(1, 10, Role::OrganizationAdmin),
        member(1, 30, Role::OrganizationAdmin),
        staff(2, Role::PlatformAdmin),
        grant(1, rule(3, &[Action::TokenRead], RuleTarget::Organization(id(20)))),
        member(4, 10, Role::CustomerSupport),
    ]);
    import(store, records).await;
    for number in 1..=4 {
        issue(store, number, Holder::User(id(number)), None).await;
    }
    let roles = [Role::ProductManager, Role::CustomerSupport];
    let holders = roles.into_iter().flat_map(|role| [10, 20, 30].map(|of| (of, role)));
    for (number, (of, role)) in (100..).zip(holders) {
        issue(store, number, Holder::Organization(id(of), role), None).await;
    }
}

fn listing(caller: u64, organization: Option<u64>) -> TokenListing {
    let organization = organization.map(id);
    TokenListing { caller: hash(caller), organization, after: None, limit: 100, now: at(NOW) }
}

async fn list(store: &dyn Store, listing: &TokenListing) -> TokenList {
    store.tokens_as(listing).await.unwrap().unwrap()
}

/// The tokens on one page that is large enough for all.
async fn all(store: &dyn Store, caller: u64, organization: Option<u64>) -> Vec<TokenId> {
    let list = list(store, &listing(caller, organization)).await;
    assert!(list.held && list.page.next.is_none());
    list.page.items.into_iter().map(|token| token.id).collect()
}

fn ids<const N: usize>(numbers: [u64; N]) -> [TokenId; N] {
    numbers.map(id)
}

on_each_store! {
    async fn tokens_are_listed_to_who_may_read_tokens_of_their_organization(store) {
        prepare(store).await;
        assert_eq!(all(store, 1, None).await, ids([100, 102, 103, 105]));
        assert_eq!(all(store, 2, None).await, ids([100, 101, 102, 103, 104, 105]));
        assert_eq!(all(store, 3, None).await, ids([101, 104]));
        let unknown = listing(9, None);
        assert!(store.tokens_as(&unknown).await.unwrap().is_none());

        // A token is shown as it was kept, and those that no longer count are shown, too.
        store.revoke_token(id(101), at(4_000)).await.unwrap();
        let page = list(store, &listing(3, None)).await.page;
        assert_eq!(page.items[0].organization, id(20));
        assert_eq!(page.items[0].role, Role::ProductManager);
        assert_eq!(page.items[0].created_at, at(101));
        assert_eq!(page.items[0].validity.expires_at, Some(at(9_000)));
        assert_eq!(page.items[0].validity.revoked_at, Some(at(4_000)));
    }

    async fn one_organization_is_asked_for_and_one_out_of_reach_has_no_tokens(store) {
        prepare(store).await;
        assert_eq!(all(store, 1, Some(30)).await, ids([102, 105]));
        assert_eq!(all(store, 2, Some(30)).await, ids([102, 105]));
        for (caller, organization) in [(1, 20), (1, 99), (2, 99), (3, 10)] {
            assert_eq!(all(store, caller, Some(organization)).await, [], "{organization}");
        }
    }

    async fn who_may_read_tokens_nowhere_is_told_so_and_sees_none(store) {
        prepare(store).await;
        let scopes = Some(ActionSet::of(&[Action::TokenWrite]));
        issue(store, 5, Holder::User(id(2)), scopes).await;
        import(store, vec![
            deny(1, rule(3, &[Action::TokenRead], RuleTarget::Organization(id(30)))),
        ]).await;
        for caller in [3, 4, 5] {
            let list = list(store, &listing(caller, None)).await;
            assert!(!list.held && list.page.items.is_empty(), "{caller}");
        }
        // Token 2 has expired by then.
        let late = TokenListing { now: at(9_001), ..listing(2, None) };
        let list = list(store, &late).await;
        assert!(list.caller.validity.lapse(late.now).is_some());
        assert!(list.page.items.is_empty());
    }

    async fn pages_of_any_size_show_every_token_once_and_in_order(store) {
        prepare(store).await;
        // Three of one moment, in two organizations.
        for (number, of) in [(200, 10), (201, 30), (202, 10)] {
            let holder = Holder::Organization(id(of), Role::ProductManager);
            issue_at(store, number, holder, 4_000).await;
        }
        for (caller, organization) in [(1, None), (2, None), (2, Some(10))] {
            let expected = all(store, caller, organization).await;
            for limit in 1..=expected.len() {
                let (mut seen, mut after) = (Vec::new(), None);
                loop {
                    let wanted = TokenListing { after, limit, ..listing(caller, organization) };
                    let page = list(store, &wanted).await.page;
                    assert!(page.items.len() <= limit);
                    seen.extend(page.items.iter().map(|token| token.id));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                    assert_eq!(page.items.len(), limit, "a page that is not the last is full");
                }
                assert_eq!(seen, expected, "by {limit}");
            }
        }
    }

    async fn tokens_that_come_meanwhile_neither_repeat_nor_hide_others(store) {
        prepare(store).await;
        let first = TokenListing { limit: 2, ..listing(1, None) };
        let next = list(store, &first).await.page.next;
        issue_at(store, 300, Holder::Organization(id(10), Role::ProductManager), 50).await;
        issue_at(store, 301, Holder::Organization(id(30), Role::ProductManager), 4_000).await;
        let rest = list(store, &TokenListing { after: next, ..listing(1, None) }).await.page;
        let rest: Vec<_> = rest.items.into_iter().map(|token| token.id).collect();
        assert_eq!(rest, ids([103, 105, 301]));
        let beyond = Some(Position { created_at: i64::MAX, key: i64::MAX });
        let end = list(store, &TokenListing { after: beyond, ..listing(1, None) }).await.page;
        assert!(end.items.is_empty() && end.next.is_none());
    }
}

/// Like [`issue`], but made at this moment.
async fn issue_at(store: &dyn Store, number: u64, holder: Holder, created_at: i64) {
    use customers_store::token::{NewToken, Token};
    use customers_types::token::Validity;

    let (created_at, validity) = (at(created_at), Validity::default());
    let token = Token { id: id(number), holder, scopes: None, created_at, validity };
    store.create_token(&NewToken { hash: hash(number), token }).await.unwrap();
}
