//! One example for each schema that has none of its own.
//!
//! Those of bodies are made from the Rust values that the server serializes, so they can't show
//! a field that there is not.

mod directory;

use std::net::{IpAddr, Ipv4Addr};

use customers_types::{
    access::{Action, ActionSet, Pack, Role, Scopes},
    id::{CheckoutId, CustomerPubId, DenyId, GrantId, OrganizationId, PublicId, TokenId, UserId},
    scalar::Timestamp,
    status::{CreditStatus, IdentityVerificationStatus},
};
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use crate::{
    access::{AccessClause, AllowedAction, CustomerAccess},
    customer::{
        Customer, User,
        list::{CustomerPage, CustomerSort},
    },
    error::{Error, ErrorCode},
    permission::{
        Deny, DirectRule, Grant, Membership, MyPermissions, PackDescription, Permissions,
        RoleDescription,
    },
    token::{Token, list::TokenPage},
};

/// The UUID in the examples of the TypeID specification: `01h455vb4pex5vsknk084sn02q`.
const EXAMPLE_UUID: Uuid = Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_099a_8057);

/// The secret of no token, in the form of one.
const SECRET: &str = "sk_00000000000000000000000000000000000000000004LPos6";

/// The names of schemas with an example for each.
pub(super) fn of_schemas() -> Result<Vec<(&'static str, Value)>, serde_json::Error> {
    let mut examples = vec![
        ("AccessClause", to_value(AccessClause::Organization)?),
        ("Action", to_value(Action::CustomerRead)?),
        ("AllowedAction", to_value(allowed_action())?),
        ("CreditStatus", to_value(CreditStatus::Passed)?),
        ("ClearableCountry", json!("US")),
        ("ClearableLine100", json!("San Francisco")),
        ("ClearableLine20", json!("94107")),
        ("ClearableLine200", json!("12 Analytical Way")),
        ("ClearablePhone", json!("+14155550123")),
        ("Customer", to_value(customer())?),
        ("CustomerAccess", to_value(customer_access())?),
        ("CustomerExpansion", json!("user")),
        ("CustomerPage", to_value(customer_page())?),
        ("CustomerSort", to_value(CustomerSort::CreatedAtDescending)?),
        ("CustomerUpdate", json!({ "phone": "+14155550199", "address2": null })),
        ("Deny", to_value(deny())?),
        ("Error", to_value(error(ErrorCode::NotFound))?),
        ("ErrorCode", to_value(ErrorCode::NotFound)?),
        ("Grant", to_value(grant())?),
        ("IdentityVerificationStatus", to_value(IdentityVerificationStatus::Verified)?),
        ("IssuedToken", json!({ "token": token(), "secret": SECRET })),
        ("Membership", to_value(membership())?),
        ("MyPermissions", to_value(my_permissions())?),
        ("NewToken", json!({ "organizationId": organization(), "role": "CustomerSupport" })),
        ("Pack", to_value(Pack::CustomerReader)?),
        ("PackDescription", to_value(pack())?),
        ("Permissions", to_value(permissions())?),
        ("Role", to_value(Role::CustomerSupport)?),
        ("RoleDescription", to_value(role())?),
        ("Scopes", json!(["CustomerRead"])),
        ("Token", to_value(token())?),
        ("TokenPage", to_value(token_page())?),
        ("TokenRole", json!("CustomerSupport")),
        ("TokenRotation", json!({ "overlapSeconds": 3600, "lifetimeSeconds": 7_776_000 })),
        ("User", to_value(user())?),
    ];
    examples.extend(directory::of_schemas()?);
    Ok(examples)
}

/// An error with this code.
pub(super) fn error(error_code: ErrorCode) -> Error {
    let message = match error_code {
        ErrorCode::InvalidInput => {
            "expected `cus_` and the 26 lower-case characters of a TypeID, such as \
             `cus_01h455vb4pex5vsknk084sn02q`"
        }
        ErrorCode::BadRequest => "the path can't be decoded",
        ErrorCode::TokenMissing
        | ErrorCode::TokenMalformed
        | ErrorCode::TokenUnknown
        | ErrorCode::TokenExpired
        | ErrorCode::TokenRevoked => "a valid bearer token is required",
        ErrorCode::Forbidden => "this token does not hold CustomerRead",
        ErrorCode::NotFound => "there is no such customer, or it is not visible to you",
        ErrorCode::MethodNotAllowed => "the path has no operation for this method",
        ErrorCode::RequestTimeout => "the body of the request did not come within 10 seconds",
        ErrorCode::Conflict => "the token has expired or was revoked: make another",
        ErrorCode::PreconditionFailed => {
            "the customer has changed since: read it again and repeat the change"
        }
        ErrorCode::PayloadTooLarge => "the body of the request is larger than 65536 bytes",
        ErrorCode::UnsupportedMediaType => {
            "the body has to be JSON in UTF-8, declared as content-type: application/json, and \
             without content-encoding"
        }
        ErrorCode::TooManyRequests => {
            "this token has used up its requests; repeat the request after the seconds in the \
             header Retry-After"
        }
        ErrorCode::Internal => "the service failed; if it does again, quote the request_id",
        ErrorCode::Unavailable => {
            "the service can't answer for the moment; repeat the request later"
        }
    };
    Error {
        request_id: "5a2b6f0e-3c1d-4e8f-9a7b-6c5d4e3f2a1b".to_owned(),
        message: message.to_owned(),
        error_code,
        param: (error_code == ErrorCode::InvalidInput).then(|| "id".to_owned()),
    }
}

fn customer() -> Customer {
    let moment = |millis: i64| Timestamp::from_millis(1_770_176_727_277 + millis);
    Customer {
        id: CustomerPubId::from_uuid(EXAMPLE_UUID),
        user_id: user().id,
        credit_status: CreditStatus::Passed,
        identity_verification_status: IdentityVerificationStatus::Verified,
        created_at: moment(0),
        updated_at: moment(86_400_000),
        address1: Some("12 Analytical Way".to_owned()),
        address2: Some("Floor 3".to_owned()),
        city: Some("San Francisco".to_owned()),
        state: Some("CA".to_owned()),
        zip: Some("94107".to_owned()),
        country: Some("US".to_owned()),
        phone: Some("+14155550123".to_owned()),
        credit_ip_address: Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7))),
        credit_timestamp: Some(moment(60_000)),
        stripe_id: Some("cus_NffrFeUfNV2Hib".to_owned()),
        stripe_sandbox_id: Some("cus_NffrFeUfNV2Hic".to_owned()),
        stripe_verification_session_id: Some("vs_1NffrFeUfNV2Hib".to_owned()),
        user: Some(user()),
    }
}

fn customer_page() -> CustomerPage {
    let next_page = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ";
    CustomerPage { items: vec![customer()], next_page: Some(next_page.to_owned()) }
}

fn user() -> User {
    User {
        id: UserId::from_uuid(EXAMPLE_UUID),
        email: "ada@example.com".to_owned(),
        first_name: Some("Ada".to_owned()),
        last_name: Some("Lovelace".to_owned()),
    }
}

fn customer_access() -> CustomerAccess {
    CustomerAccess { customer_id: customer().id, actions: vec![allowed_action()] }
}

fn allowed_action() -> AllowedAction {
    AllowedAction {
        action: Action::CustomerRead,
        clause: AccessClause::Organization,
        role: Some(Role::CustomerSupport),
        organization_id: Some(organization()),
        checkout_id: Some(CheckoutId::from_uuid(EXAMPLE_UUID)),
        grant_id: None,
    }
}

fn permissions() -> Permissions {
    Permissions { actions: vec![Action::CustomerRead], packs: vec![pack()], roles: vec![role()] }
}

fn pack() -> PackDescription {
    PackDescription { name: Pack::CustomerReader, actions: vec![Action::CustomerRead] }
}

fn role() -> RoleDescription {
    RoleDescription {
        name: Role::CustomerSupport,
        packs: vec![Pack::CustomerReader],
        all_org_permissions: false,
    }
}

fn my_permissions() -> MyPermissions {
    MyPermissions {
        user_id: Some(user().id),
        organization_id: None,
        scopes: Some(vec![Action::CustomerRead]),
        memberships: vec![membership()],
        grants: vec![grant()],
        denies: vec![deny()],
    }
}

fn membership() -> Membership {
    Membership { role: Role::CustomerSupport, organization_id: Some(organization()) }
}

fn grant() -> Grant {
    let rule = DirectRule {
        actions: Vec::new(),
        packs: vec![Pack::CustomerReader],
        customer_id: Some(CustomerPubId::from_uuid(EXAMPLE_UUID)),
        organization_id: None,
        valid_from: None,
    };
    Grant { id: GrantId::from_uuid(EXAMPLE_UUID), rule }
}

fn deny() -> Deny {
    let rule = DirectRule {
        actions: vec![Action::CustomerWrite],
        packs: Vec::new(),
        customer_id: None,
        organization_id: Some(organization()),
        valid_from: Some(customer().created_at),
    };
    Deny { id: DenyId::from_uuid(EXAMPLE_UUID), rule }
}

fn token() -> Token {
    Token {
        id: TokenId::from_uuid(EXAMPLE_UUID),
        organization_id: organization(),
        role: Role::CustomerSupport,
        scopes: Scopes::new(ActionSet::of(&[Action::CustomerRead])),
        created_at: customer().created_at,
        expires_at: Some(customer().updated_at),
        revoked_at: None,
    }
}

fn token_page() -> TokenPage {
    TokenPage { items: vec![token()], next_page: customer_page().next_page }
}

fn organization() -> OrganizationId {
    OrganizationId::from_uuid(EXAMPLE_UUID)
}
