//! What a token is narrowed to, as it is read and written.

use schemars::{
    JsonSchema,
    r#gen::SchemaGenerator,
    schema::{ArrayValidation, InstanceType, Metadata, Schema, SchemaObject},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::action::{Action, ActionSet};

/// The actions to which a token is narrowed: at least one, none of them twice.
///
/// A token that is narrowed to nothing could do nothing, and is more likely a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes(ActionSet);

impl Scopes {
    /// The scopes that are stored as this set; none, if it is empty.
    #[must_use]
    pub fn new(actions: ActionSet) -> Option<Self> {
        (!actions.is_empty()).then_some(Self(actions))
    }

    /// The actions.
    #[must_use]
    pub const fn actions(self) -> ActionSet {
        self.0
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter())
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let actions = Vec::<Action>::deserialize(deserializer)?;
        let set: ActionSet = actions.iter().copied().collect();
        if set.iter().count() == actions.len() {
            Self::new(set).ok_or_else(|| de::Error::custom("expected at least one action"))
        } else {
            Err(de::Error::custom("expected no action twice"))
        }
    }
}

impl JsonSchema for Scopes {
    fn schema_name() -> String {
        "Scopes".to_owned()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let description = "The actions to which a token is narrowed: it can do nothing else, \
            whatever its role grants. At least one, none of them twice.";
        SchemaObject {
            instance_type: Some(InstanceType::Array.into()),
            metadata: Some(Box::new(Metadata {
                description: Some(description.to_owned()),
                ..Metadata::default()
            })),
            array: Some(Box::new(ArrayValidation {
                items: Some(generator.subschema_for::<Action>().into()),
                min_items: Some(1),
                unique_items: Some(true),
                ..ArrayValidation::default()
            })),
            ..SchemaObject::default()
        }
        .into()
    }
}
