//! Tokens of organizations on the wire.

pub mod list;

use std::{fmt, time::Duration};

use customers_types::{
    access::{Role, Scopes},
    given,
    id::{OrganizationId, TokenId},
    scalar::Timestamp,
    token::TokenSecret,
};
use schemars::{
    JsonSchema,
    r#gen::SchemaGenerator,
    schema::{InstanceType, NumberValidation, Schema, SchemaObject, StringValidation},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A token of an organization, without its secret.
///
/// A field for which there is no value is left out, never `null`. Fields may be added: ignore
/// those that you don't know.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// Identifier of the token; it tells nothing about the secret.
    pub id: TokenId,
    /// The organization for which the token acts.
    pub organization_id: OrganizationId,
    /// The token's role in the organization.
    pub role: Role,
    /// What the token is narrowed to; left out if it can do all that its role grants.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Scopes", default)]
    pub scopes: Option<Scopes>,
    /// When the token was made: RFC 3339, UTC, milliseconds.
    pub created_at: Timestamp,
    /// From when on the token no longer counts: RFC 3339, UTC, milliseconds. Left out if it does
    /// not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Timestamp", default)]
    pub expires_at: Option<Timestamp>,
    /// When the token was revoked: RFC 3339, UTC, milliseconds. It does not count since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Timestamp", default)]
    pub revoked_at: Option<Timestamp>,
}

/// A token that was just made, with its secret.
///
/// This answer is the only one that ever shows the secret: keep it, or make another token.
// There is no `Debug`: the secret must not be printed by accident.
#[derive(Serialize, JsonSchema)]
pub struct IssuedToken {
    /// The token.
    pub token: Token,
    /// What to send as `Authorization: Bearer <secret>`. The service keeps only its hash.
    #[serde(serialize_with = "reveal")]
    #[schemars(schema_with = "secret_schema")]
    pub secret: TokenSecret,
}

fn reveal<S: Serializer>(secret: &TokenSecret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.reveal())
}

fn secret_schema(_: &mut SchemaGenerator) -> Schema {
    SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        string: Some(Box::new(StringValidation {
            pattern: Some("^sk_[0-9A-Za-z]{49}$".to_owned()),
            ..StringValidation::default()
        })),
        ..SchemaObject::default()
    }
    .into()
}

/// A token to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewToken {
    /// The organization for which it is to act.
    pub organization_id: OrganizationId,
    /// Its role in the organization.
    pub role: TokenRole,
    /// What to narrow it to; left out, it can do all that its role grants.
    #[serde(default, deserialize_with = "given::left_out_or_value")]
    #[schemars(with = "Scopes", skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Scopes>,
    /// For how many seconds it is to count: at most 10 years. Left out, it does not expire. In no
    /// case does it outlive the token that makes it.
    #[serde(default, deserialize_with = "given::left_out_or_value")]
    #[schemars(with = "Lifetime", skip_serializing_if = "Option::is_none")]
    pub lifetime_seconds: Option<Lifetime>,
}

/// A role that a token can have: one that holds in a single organization.
///
/// More values may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum TokenRole {
    /// Edits the organization's customers, administers its tokens.
    OrganizationAdmin,
    /// Reads the organization's customers.
    CustomerSupport,
    /// Looks after the organization's products; nothing on customers.
    ProductManager,
}

impl From<TokenRole> for Role {
    fn from(role: TokenRole) -> Self {
        match role {
            TokenRole::OrganizationAdmin => Self::OrganizationAdmin,
            TokenRole::CustomerSupport => Self::CustomerSupport,
            TokenRole::ProductManager => Self::ProductManager,
        }
    }
}

/// How to replace a token by a new one.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenRotation {
    /// For how many seconds the old token still counts, so that all who use it can change to the
    /// new one: at most 7 days. It never counts longer than it would have without the rotation.
    pub overlap_seconds: Overlap,
    /// For how many seconds the new token is to count: at most 10 years. Left out, it counts for
    /// as long as the old one was made for, or does not expire if the old one was made so. In no
    /// case does it outlive the token with which the rotation is asked for.
    #[serde(default, deserialize_with = "given::left_out_or_value")]
    #[schemars(with = "Lifetime", skip_serializing_if = "Option::is_none")]
    pub lifetime_seconds: Option<Lifetime>,
}

/// For how long both tokens of a rotation count: up to 7 days.
pub type Overlap = Seconds<0, { 7 * 24 * 60 * 60 }>;

/// For how long a token counts: up to 10 years, each of 365 days.
pub type Lifetime = Seconds<1, { 10 * 365 * 24 * 60 * 60 }>;

/// A time in whole seconds, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds<const LEAST: u32, const MOST: u32>(u32);

impl<const LEAST: u32, const MOST: u32> Seconds<LEAST, MOST> {
    /// The time itself.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

impl<'de, const LEAST: u32, const MOST: u32> Deserialize<'de> for Seconds<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_u32(SecondsVisitor::<LEAST, MOST>)
    }
}

struct SecondsVisitor<const LEAST: u32, const MOST: u32>;

impl<const LEAST: u32, const MOST: u32> de::Visitor<'_> for SecondsVisitor<LEAST, MOST> {
    type Value = Seconds<LEAST, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {LEAST} to {MOST}")
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Self::Value, E> {
        let within = u32::try_from(seconds).ok().filter(|it| (LEAST..=MOST).contains(it));
        let refused = || E::invalid_value(de::Unexpected::Unsigned(seconds), &self);
        within.map(Seconds).ok_or_else(refused)
    }
}

impl<const LEAST: u32, const MOST: u32> JsonSchema for Seconds<LEAST, MOST> {
    fn is_referenceable() -> bool {
        false
    }

    fn schema_name() -> String {
        format!("Seconds{LEAST}To{MOST}")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        SchemaObject {
            instance_type: Some(InstanceType::Integer.into()),
            format: Some("uint32".to_owned()),
            number: Some(Box::new(NumberValidation {
                minimum: Some(LEAST.into()),
                maximum: Some(MOST.into()),
                ..NumberValidation::default()
            })),
            ..SchemaObject::default()
        }
        .into()
    }
}

/// Which token.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct TokenPath {
    /// The token.
    pub id: TokenId,
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;
    use crate::request::JsonInput;

    const ORGANIZATION: &str = "org_01h455vb4pex5vsknk084sn02q";

    /// A token to be made whose text has these fields too.
    fn read(fields: &str) -> Result<NewToken, String> {
        let text = format!(r#"{{"organizationId":"{ORGANIZATION}"{fields}}}"#);
        JsonInput::parse(text.as_bytes()).map_err(|refused| refused.to_string())
    }

    #[test]
    fn a_token_can_have_every_role_that_holds_in_one_organization_and_no_other() {
        for role in Role::VARIANTS {
            match read(&format!(r#","role":"{role}""#)) {
                Ok(new) => {
                    assert!(Role::from(new.role) == *role && !role.all_organizations(), "{role}");
                }
                Err(refused) => {
                    assert!(role.all_organizations(), "{role}");
                    assert!(refused.starts_with("/role: expected one of: "), "{refused}");
                }
            }
        }
    }

    #[test]
    fn the_field_at_fault_is_pointed_at() {
        let role = r#","role":"CustomerSupport""#;
        assert!(read(role).is_ok_and(|new| new.scopes.is_none() && new.lifetime_seconds.is_none()));
        for (fields, refused) in [
            (r#","scopes":[]"#, "/scopes: expected at least one action"),
            (r#","scopes":["CustomerRead","CustomerRead"]"#, "/scopes: expected no action twice"),
            (r#","scopes":["CustomerRead","All"]"#, "/scopes/1: expected one of: CustomerRead"),
            (r#","scopes":"CustomerRead""#, "/scopes: expected an array"),
            (r#","scopes":null"#, "/scopes: expected an array"),
            (r#","lifetimeSeconds":null"#, "/lifetimeSeconds: expected a whole number from 1"),
            (r#","lifetimeSeconds":0"#, "/lifetimeSeconds: expected a whole number from 1"),
            (r#","lifetimeSeconds":315360001"#, "/lifetimeSeconds: expected a whole number from 1"),
            (r#","expiresIn":60"#, "/expiresIn: there is no such field"),
        ] {
            let error = read(&format!("{role}{fields}")).err().unwrap();
            assert!(error.starts_with(refused), "{fields}: {error}");
        }
        assert_eq!(read("").err().unwrap(), "/role: is required");
    }

    #[test]
    fn both_tokens_of_a_rotation_count_for_at_most_seven_days() {
        let read = |value: &str| {
            let text = format!(r#"{{"overlapSeconds":{value}}}"#);
            JsonInput::<TokenRotation>::parse(text.as_bytes())
                .map(|rotation| rotation.overlap_seconds.duration().as_secs())
                .map_err(|refused| refused.to_string())
        };
        assert_eq!((read("0"), read("604800")), (Ok(0), Ok(604_800)));
        for value in ["-1", "604801", "4294967297", "0.5", "1e3", "\"60\"", "null", "[]"] {
            let refused = "/overlapSeconds: expected a whole number from 0 to 604800";
            assert_eq!(read(value).unwrap_err(), refused, "{value}");
        }
        let none = JsonInput::<TokenRotation>::parse(b"{}").err().unwrap();
        assert_eq!(none.to_string(), "/overlapSeconds: is required");
    }
}
