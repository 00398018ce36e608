//! How the document describes a record: one schema for each type of record, and one for its
//! removal, both made of the struct that it is read into.

use std::marker::PhantomData;

use schemars::{
    JsonSchema,
    r#gen::SchemaGenerator,
    schema::{InstanceType, ObjectValidation, Schema, SchemaObject},
};
use strum::VariantArray;

use super::{
    Change, CheckoutRecord, CustomerRecord, OrganizationRecord, ProductRecord, RecordType,
    UserRecord,
    together::{MembershipFields, RuleFields},
};
use crate::{
    access::Role,
    id::{DenyId, GrantId},
};

impl JsonSchema for Change {
    fn schema_name() -> String {
        "DirectoryRecord".to_owned()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut alternatives = Vec::new();
        push::<UserRecord>(&mut alternatives, generator);
        push::<CustomerRecord>(&mut alternatives, generator);
        push::<OrganizationRecord>(&mut alternatives, generator);
        push::<MembershipFields>(&mut alternatives, generator);
        push::<ProductRecord>(&mut alternatives, generator);
        push::<CheckoutRecord>(&mut alternatives, generator);
        push::<RuleFields<GrantId>>(&mut alternatives, generator);
        push::<RuleFields<DenyId>>(&mut alternatives, generator);
        let description = "What there is to know of one object, which is made or changed; or, with \
                           `deleted`, that it is removed. `type` says what the object is.";
        let mut schema = SchemaObject::default();
        schema.metadata().description = Some(description.to_owned());
        schema.subschemas().one_of = Some(alternatives);
        schema.into()
    }
}

fn push<R: Described>(alternatives: &mut Vec<Schema>, generator: &mut SchemaGenerator) {
    alternatives.push(generator.subschema_for::<Upsert<R>>());
    alternatives.push(generator.subschema_for::<Removal<R>>());
}

/// A struct that records are read into, as the document describes it.
trait Described: JsonSchema {
    const TYPE: RecordType;
    /// The name of its schema is this and `Record`.
    const NAME: &'static str;
    /// What the object is, in a sentence.
    const OBJECT: &'static str;
    /// The fields by which one object is told from others of the type.
    const KEY: &'static [&'static str] = &["id"];

    /// Says what its fields have to be together.
    fn constrain(_: &mut SchemaObject) {}
}

impl Described for UserRecord {
    const TYPE: RecordType = RecordType::User;
    const NAME: &'static str = "User";
    const OBJECT: &'static str = "a user account, with the tokens that act for it";
}

impl Described for CustomerRecord {
    const TYPE: RecordType = RecordType::Customer;
    const NAME: &'static str = "Customer";
    const OBJECT: &'static str = "a customer";
}

impl Described for OrganizationRecord {
    const TYPE: RecordType = RecordType::Organization;
    const NAME: &'static str = "Organization";
    const OBJECT: &'static str = "an organization, with the tokens that act for it";
}

impl Described for MembershipFields {
    const TYPE: RecordType = RecordType::Membership;
    const NAME: &'static str = "Membership";
    const OBJECT: &'static str = "the role of a user, in an organization or on the platform";
    const KEY: &'static [&'static str] = &["userId", "organizationId"];

    fn constrain(schema: &mut SchemaObject) {
        let roles = |wanted: fn(Role) -> bool| {
            let roles = Role::VARIANTS.iter().copied().filter(|role| wanted(*role));
            let names = roles.map(|role| role.name().into()).collect();
            let role = SchemaObject { enum_values: Some(names), ..typed(InstanceType::String) };
            ("role".to_owned(), role.into())
        };
        let mut in_organization = requiring("organizationId", schema);
        let mut on_platform = typed(InstanceType::Object);
        on_platform.subschemas().not = Some(Box::new(in_organization.clone().into()));
        in_organization.object().properties.extend([roles(|role| !role.all_organizations())]);
        on_platform.object().properties.extend([roles(Role::all_organizations)]);
        schema.subschemas().one_of = Some(vec![in_organization.into(), on_platform.into()]);
    }
}

impl Described for ProductRecord {
    const TYPE: RecordType = RecordType::Product;
    const NAME: &'static str = "Product";
    const OBJECT: &'static str = "a product";
}

impl Described for CheckoutRecord {
    const TYPE: RecordType = RecordType::Checkout;
    const NAME: &'static str = "Checkout";
    const OBJECT: &'static str = "a checkout";
}

impl Described for RuleFields<GrantId> {
    const TYPE: RecordType = RecordType::Grant;
    const NAME: &'static str = "Grant";
    const OBJECT: &'static str = "a direct grant";

    fn constrain(schema: &mut SchemaObject) {
        describe_rule(schema, "granted to");
    }
}

impl Described for RuleFields<DenyId> {
    const TYPE: RecordType = RecordType::Deny;
    const NAME: &'static str = "Deny";
    const OBJECT: &'static str = "a deny";

    fn constrain(schema: &mut SchemaObject) {
        describe_rule(schema, "denied");
    }
}

fn describe_rule(schema: &mut SchemaObject, done: &str) {
    schema.metadata().description = Some(format!(
        "Actions that are {done} a user, on one customer or on all customers who have checked out \
         a product of one organization.\n\nIt names `actions`, `packs` or both, at least one of \
         them; and either `customerId` or `organizationId`."
    ));
    let not_empty = |field| {
        let mut alternative = requiring(field, schema);
        for list in alternative.object().properties.values_mut() {
            if let Schema::Object(list) = list {
                list.array().min_items = Some(1);
            }
        }
        alternative.into()
    };
    let named = vec![not_empty("actions"), not_empty("packs")];
    let target = |field| requiring(field, schema).into();
    let targets = vec![target("customerId"), target("organizationId")];
    schema.subschemas().any_of = Some(named);
    schema.subschemas().one_of = Some(targets);
}

/// The alternative that has this field, as the record describes it.
fn requiring(field: &str, record: &SchemaObject) -> SchemaObject {
    let properties = record.object.as_ref().map(|object| &object.properties);
    let mut property = properties.and_then(|all| all.get(field)).cloned().map(Schema::into_object);
    if let Some(property) = &mut property {
        property.metadata = None;
    }
    let property = property.unwrap_or_default();
    let mut alternative = typed(InstanceType::Object);
    require(alternative.object(), field, property);
    alternative
}

/// A record that makes or changes its object.
struct Upsert<R>(PhantomData<R>);

impl<R: Described> JsonSchema for Upsert<R> {
    fn schema_name() -> String {
        format!("{}Record", R::NAME)
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = R::json_schema(generator).into_object();
        R::constrain(&mut schema);
        require_type::<R>(schema.object());
        schema.into()
    }
}

/// A record that removes its object.
struct Removal<R>(PhantomData<R>);

impl<R: Described> JsonSchema for Removal<R> {
    fn schema_name() -> String {
        format!("{}Removal", R::NAME)
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = R::json_schema(generator).into_object();
        schema.metadata().description = Some(format!("Removes {}, if it is there.", R::OBJECT));
        let object = schema.object();
        let others = object.properties.iter_mut();
        for (_, other) in others.filter(|(name, _)| !R::KEY.contains(&name.as_str())) {
            // Whoever removes a whole record need not take it apart.
            let mut passed_over = SchemaObject::default();
            passed_over.metadata().description =
                Some("Passed over, whatever it is: a removal needs only the key.".to_owned());
            *other = passed_over.into();
        }
        object.required.retain(|name| R::KEY.contains(&name.as_str()));
        require_type::<R>(object);
        let mut deleted = always(InstanceType::Boolean, "true");
        deleted.enum_values = Some(vec![true.into()]);
        require(object, "deleted", deleted);
        schema.into()
    }
}

fn require_type<R: Described>(object: &mut ObjectValidation) {
    let name = R::TYPE.name();
    let mut record_type = always(InstanceType::String, name);
    record_type.enum_values = Some(vec![name.into()]);
    require(object, "type", record_type);
}

fn require(object: &mut ObjectValidation, name: &str, schema: SchemaObject) {
    object.properties.insert(name.to_owned(), schema.into());
    object.required.insert(name.to_owned());
}

fn typed(instance_type: InstanceType) -> SchemaObject {
    SchemaObject { instance_type: Some(instance_type.into()), ..SchemaObject::default() }
}

/// The schema of a field that has always the same value.
fn always(instance_type: InstanceType, value: &str) -> SchemaObject {
    let mut schema = typed(instance_type);
    schema.metadata().description = Some(format!("Always `{value}`."));
    schema
}
