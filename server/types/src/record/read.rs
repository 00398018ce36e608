//! Reading a record: what its `type` says decides what else it may say.
//!
//! Serde's own way with such a type keeps the fields aside until it has found the tag, and by
//! then no error can say any more where it was. Here they stay where they are, which asks one
//! thing of the deserializer: that it gives the fields which a struct declares before others.
//! That of `customers-api` does. With another that does not, a record whose `type` does not come
//! first is refused; it is never read as something else.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor, value::MapAccessDeserializer,
    },
    forward_to_deserialize_any,
};

use super::{
    Change, CheckoutRecord, CustomerRecord, OrganizationRecord, ProductRecord, Record, RecordKey,
    RecordType, UserRecord,
    together::{MembershipFields, MembershipKey, Mismatch, RuleFields},
};
use crate::id::{DenyId, GrantId};

/// Reads a field that may be left out, but not be null.
pub(super) fn not_null<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

const TYPE: &str = "type";
const DELETED: &str = "deleted";

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("DirectoryRecord", &[TYPE, DELETED], ChangeVisitor)
    }
}

struct ChangeVisitor;

impl<'de> Visitor<'de> for ChangeVisitor {
    type Value = Change;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a directory record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Change, A::Error> {
        if members.next_key::<String>()?.as_deref() != Some(TYPE) {
            return Err(Error::missing_field(TYPE));
        }
        let record_type = members.next_value()?;
        let mut name = members.next_key::<String>()?;
        let deleted = name.as_deref() == Some(DELETED);
        if deleted {
            let True = members.next_value()?;
            name = members.next_key()?;
        }
        let rest = Rest { name, members };
        if deleted {
            removed(record_type, rest).map(Change::Remove)
        } else {
            upserted(record_type, rest).map(Change::Upsert)
        }
    }
}

/// What `deleted` always is: a record that does not remove its object leaves it out.
struct True;

impl<'de> Deserialize<'de> for True {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if bool::deserialize(deserializer)? {
            Ok(Self)
        } else {
            Err(Error::custom("expected true; a record of what stays leaves it out"))
        }
    }
}

fn upserted<'de, A: MapAccess<'de>>(
    record_type: RecordType,
    rest: Rest<A>,
) -> Result<Record, A::Error> {
    let fields = MapAccessDeserializer::new(rest);
    match record_type {
        RecordType::User => UserRecord::deserialize(fields).map(Box::new).map(Record::User),
        RecordType::Customer => {
            CustomerRecord::deserialize(fields).map(Box::new).map(Record::Customer)
        }
        RecordType::Organization => {
            OrganizationRecord::deserialize(fields).map(Record::Organization)
        }
        RecordType::Membership => {
            MembershipFields::deserialize(fields)?.record().map_err(Mismatch::into_error)
        }
        RecordType::Product => ProductRecord::deserialize(fields).map(Record::Product),
        RecordType::Checkout => CheckoutRecord::deserialize(fields).map(Record::Checkout),
        RecordType::Grant => {
            let grant = RuleFields::deserialize(fields)?.record();
            grant.map(|(id, rule)| Record::Grant(id, rule)).map_err(Mismatch::into_error)
        }
        RecordType::Deny => {
            let deny = RuleFields::deserialize(fields)?.record();
            deny.map(|(id, rule)| Record::Deny(id, rule)).map_err(Mismatch::into_error)
        }
    }
}

/// A removal needs its key; what else its record says does not matter.
fn removed<'de, A: MapAccess<'de>>(
    record_type: RecordType,
    rest: Rest<A>,
) -> Result<RecordKey, A::Error> {
    match record_type {
        RecordType::User => key::<UserRecord, Id<_>, A>(rest).map(|key| RecordKey::User(key.id)),
        RecordType::Customer => {
            key::<CustomerRecord, Id<_>, A>(rest).map(|key| RecordKey::Customer(key.id))
        }
        RecordType::Organization => {
            key::<OrganizationRecord, Id<_>, A>(rest).map(|key| RecordKey::Organization(key.id))
        }
        RecordType::Membership => {
            key::<MembershipFields, MembershipKey, A>(rest).map(RecordKey::from)
        }
        RecordType::Product => {
            key::<ProductRecord, Id<_>, A>(rest).map(|key| RecordKey::Product(key.id))
        }
        RecordType::Checkout => {
            key::<CheckoutRecord, Id<_>, A>(rest).map(|key| RecordKey::Checkout(key.id))
        }
        RecordType::Grant => {
            key::<RuleFields<GrantId>, Id<_>, A>(rest).map(|key| RecordKey::Grant(key.id))
        }
        RecordType::Deny => {
            key::<RuleFields<DenyId>, Id<_>, A>(rest).map(|key| RecordKey::Deny(key.id))
        }
    }
}

/// The key of most objects.
#[derive(Deserialize)]
struct Id<I> {
    id: I,
}

/// Reads the key `K` of a record `R`. Its other fields are passed over; but a name that `R` does
/// not have may be a misspelt part of the key, and is refused.
fn key<'de, R, K, A>(rest: Rest<A>) -> Result<K, A::Error>
where
    R: Deserialize<'de>,
    K: Deserialize<'de>,
    A: MapAccess<'de>,
{
    let names = R::deserialize(Asked).err().map_or(&[] as &[_], |names| names.0);
    K::deserialize(MapAccessDeserializer::new(Known { names, members: rest }))
}

/// The members of an object that are not read yet; the name of the first of them is.
struct Rest<A> {
    name: Option<String>,
    members: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        match self.name.take() {
            Some(name) => seed.deserialize(name.into_deserializer()).map(Some),
            None => self.members.next_key_seed(seed),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.members.next_value_seed(seed)
    }
}

/// The members of an object, none of which may have another name than these.
struct Known<A> {
    names: &'static [&'static str],
    members: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Known<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let Some(name) = self.members.next_key::<String>()? else { return Ok(None) };
        if !self.names.contains(&name.as_str()) {
            return Err(Error::unknown_field(&name, self.names));
        }
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.members.next_value_seed(seed)
    }
}

/// A deserializer that reads nothing: it is asked for a struct, and so learns its fields, which
/// are its error.
struct Asked;

#[derive(Debug)]
struct Names(&'static [&'static str]);

impl<'de> Deserializer<'de> for Asked {
    type Error = Names;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Names> {
        Err(Names(&[]))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Names> {
        Err(Names(fields))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a struct has these fields")
    }
}

impl std::error::Error for Names {}

impl Error for Names {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}
