//! Public identifiers: `TypeID`s, one Rust type for each kind of object.
//!
//! A `TypeID` (specification 0.3, <https://github.com/jetify-com/typeid>) is a prefix, `_`, and a
//! `UUIDv7` in 26 characters of Crockford's base32: `cus_01h455vb4pex5vsknk084sn02q`. The
//! prefix says what the identifier names, so that one kind can't be taken for another, neither
//! by a person nor by the compiler.

use std::{fmt, str::FromStr};

use schemars::{
    JsonSchema,
    r#gen::SchemaGenerator,
    schema::{InstanceType, Metadata, Schema, SchemaObject, StringValidation},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

/// What all public identifiers have in common.
pub trait PublicId: Copy + Eq + fmt::Display + FromStr<Err = InvalidId> {
    /// The part before the underscore.
    const PREFIX: &'static str;

    /// The identifier that has this UUID behind its prefix.
    fn from_uuid(uuid: Uuid) -> Self;

    /// The UUID behind the prefix: what a store keeps.
    fn uuid(self) -> Uuid;
}

/// A text that is no identifier of the wanted kind.
///
/// The message says what was expected, and never repeats what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `{prefix}_` and the 26 lower-case characters of a TypeID, such as `{example}`")]
pub struct InvalidId {
    prefix: &'static str,
    example: &'static str,
}

/// The pattern of the 26 characters: the first carries only three bits, and `i l o u` are left
/// out of the alphabet.
macro_rules! pattern {
    ($prefix:literal) => {
        concat!("^", $prefix, "_[0-7][0-9a-hjkmnp-tv-z]{25}$")
    };
}

macro_rules! public_id {
    ($(#[doc = $doc:literal])+ $name:ident, $prefix:literal, $example:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        const _: () = {
            #[derive(Default)]
            struct Kind;

            impl StaticType for Kind {
                const TYPE: &'static str = $prefix;
            }

            impl PublicId for $name {
                const PREFIX: &'static str = $prefix;

                fn from_uuid(uuid: Uuid) -> Self {
                    Self(uuid)
                }

                fn uuid(self) -> Uuid {
                    self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    TypeSafeId::<Kind>::from_uuid(self.0).fmt(f)
                }
            }

            impl FromStr for $name {
                type Err = InvalidId;

                fn from_str(text: &str) -> Result<Self, InvalidId> {
                    text.parse::<TypeSafeId<Kind>>()
                        .map(|id| Self(id.uuid()))
                        .map_err(|_| InvalidId { prefix: $prefix, example: $example })
                }
            }
        };

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> String {
                stringify!($name).to_owned()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                id_schema(concat!($($doc),+), pattern!($prefix), $example)
            }
        }
    };
}

/// A named string with its pattern and an example; derived schemas of newtypes lose both.
fn id_schema(description: &str, pattern: &str, example: &str) -> Schema {
    let mut schema = SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        metadata: Some(Box::new(Metadata {
            description: Some(description.trim().to_owned()),
            ..Metadata::default()
        })),
        string: Some(Box::new(StringValidation {
            pattern: Some(pattern.to_owned()),
            ..StringValidation::default()
        })),
        ..SchemaObject::default()
    };
    schema.extensions.insert("example".to_owned(), example.into());
    schema.into()
}

public_id! {
    /// Public identifier of a customer: `cus_` and a UUIDv7 in 26 characters of Crockford base32
    /// (TypeID 0.3).
    CustomerPubId, "cus", "cus_01h455vb4pex5vsknk084sn02q"
}
public_id! {
    /// Identifier of a user account: `usr_` and a UUIDv7 in 26 characters of Crockford base32
    /// (TypeID 0.3).
    UserId, "usr", "usr_01h455vb4pex5vsknk084sn02q"
}
public_id! {
    /// Identifier of an organization: `org_` and a UUIDv7 in 26 characters of Crockford base32
    /// (TypeID 0.3).
    OrganizationId, "org", "org_01h455vb4pex5vsknk084sn02q"
}
public_id! {
    /// Identifier of a product: `prd_` and a UUIDv7 in 26 characters of Crockford base32
    /// (TypeID 0.3).
    ProductId, "prd", "prd_01h455vb4pex5vsknk084sn02q"
}
public_id! {
    /// Identifier of a checkout: `chk_` and a UUIDv7 in 26 characters of Crockford base32
    /// (TypeID 0.3).
    CheckoutId, "chk", "chk_01h455vb4pex5vsknk084sn02q"
}
public_id! {
    /// Identifier of an API token (not its secret): `tok_` and a UUIDv7 in 26 characters of
    /// Crockford base32 (TypeID 0.3).
    TokenId, "tok", "tok_01h455vb4pex5vsknk084sn02q"
}
public_id! {
    /// Identifier of a direct grant: `grt_` and a UUIDv7 in 26 characters of Crockford base32
    /// (TypeID 0.3).
    GrantId, "grt", "grt_01h455vb4pex5vsknk084sn02q"
}
public_id! {
    /// Identifier of a direct deny: `dny_` and a UUIDv7 in 26 characters of Crockford base32
    /// (TypeID 0.3).
    DenyId, "dny", "dny_01h455vb4pex5vsknk084sn02q"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_the_specification_reads_as_its_uuid() {
        let id: CustomerPubId = "cus_01h455vb4pex5vsknk084sn02q".parse().unwrap();
        assert_eq!(id.uuid(), "01890a5d-ac96-774b-bcce-b302099a8057".parse::<Uuid>().unwrap());
    }

    #[test]
    fn what_is_no_identifier_of_the_kind_is_refused_without_repeating_it() {
        for text in [
            "",
            "cus",
            "cus_",
            "usr_01h455vb4pex5vsknk084sn02q",
            "CUS_01h455vb4pex5vsknk084sn02q",
            "cus_01H455VB4PEX5VSKNK084SN02Q",
            "cus_81h455vb4pex5vsknk084sn02q",
            "cus_01h455vb4pex5vsknk084sn02",
            "cus_01h455vb4pex5vsknk084sn02qq",
            "cus_01h455vb4pex5vsknk084sn02u",
            "cus__01h455vb4pex5vsknk084sn02q",
            " cus_01h455vb4pex5vsknk084sn02q",
            "cus_01h455vb4pex5vsknk084sn02q\0",
        ] {
            let refused = text.parse::<CustomerPubId>().unwrap_err().to_string();
            assert!(refused.starts_with("expected `cus_`"), "{text:?}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn every_uuid_survives_the_way_to_text_and_back(bits: u128) {
            let id = CustomerPubId::from_uuid(Uuid::from_u128(bits));
            prop_assert_eq!(id.to_string().parse::<CustomerPubId>(), Ok(id));
        }

        #[test]
        fn reading_never_panics_and_what_is_read_prints_the_same(text in "(cus_)?\\PC{0,40}") {
            if let Ok(id) = text.parse::<CustomerPubId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }

        #[test]
        fn the_order_of_texts_is_the_order_of_uuids(a: u128, b: u128) {
            let text = |bits| CustomerPubId::from_uuid(Uuid::from_u128(bits)).to_string();
            prop_assert_eq!(a.cmp(&b), text(a).cmp(&text(b)));
        }
    }
}
