//! The kinds of change that code written against a generated client meets.

use crate::rule::{Category, Rule};

macro_rules! rules {
    ($($name:ident = $id:literal, $title:literal, $remedy:literal;)+) => {
        $(
            pub(crate) static $name: Rule = Rule {
                id: $id,
                category: Category::Client,
                title: $title,
                remedy: $remedy,
            };
        )+

        /// All of them.
        pub(crate) static ALL: &[&Rule] = &[$(&$name),+];
    };
}

rules! {
    GENERATOR_REFUSES = "generator-refuses",
        "no client can be generated any more",
        "Change the document so that the generator takes it, as the problem says.";
    UNDECIDED = "client-undecided",
        "what callers of the client notice is not known",
        "Let the generator take the base, or compare with an edition that it takes.";
    METHOD_REMOVED = "client-method-removed",
        "a method of the client is gone",
        "Keep the operation, deprecated, until callers have moved away from it.";
    METHOD_RENAMED = "client-method-renamed",
        "a method of the client has another name, or the name another meaning",
        "Keep the operation id; it is the name of the method.";
    ARGUMENT_ADDED = "client-argument-added",
        "a method takes one more argument",
        "Add an operation beside this one, or generate the client in the builder style.";
    ARGUMENT_REMOVED = "client-argument-removed",
        "a method takes an argument no more",
        "Keep the parameter, deprecated, and ignore what it says.";
    ARGUMENT_RENAMED = "client-argument-renamed",
        "an argument has another name",
        "Keep the name of the parameter; in a path it is seen by nobody but callers.";
    ARGUMENT_REQUIRED = "client-argument-required",
        "a method can't be called without this argument any more",
        "Make it optional, with what the operation did before as its default.";
    ARGUMENT_TYPE_CHANGED = "client-argument-type-changed",
        "an argument has another type",
        "Add a parameter of the new type beside this one.";
    ORDER_CHANGED = "client-order-changed",
        "a method takes its arguments in another order",
        "Keep the order of what the path takes.";
    RETURN_TYPE_CHANGED = "client-return-type-changed",
        "a method returns another type",
        "Add an operation that returns the new type beside this one.";
    ERROR_TYPE_CHANGED = "client-error-type-changed",
        "a method fails with another type",
        "Keep one schema for all errors, and extend it by optional properties.";
    STREAM_LOST = "client-stream-lost",
        "the stream over all pages is gone",
        "Keep optional `page_token` and `limit`, and pages of exactly `items` and `next_page`.";
    TYPE_REMOVED = "client-type-removed",
        "a type of the client is gone",
        "Keep the schema as long as callers may name its type.";
    TYPE_RENAMED = "client-type-renamed",
        "a type of the client has another name",
        "Keep the name of the schema; it is the name of the type.";
    TYPE_ADDED = "client-type-added",
        "a type of the client is new",
        "Nothing has to be done.";
    TYPE_CHANGED = "client-type-changed",
        "a type of the client is made in another way",
        "Add a schema beside this one, and use it in new operations.";
    TYPE_UNKNOWN = "client-type-unknown",
        "the schema of a type changed in a way that is not modelled",
        "Generate the client and compare what it has become.";
    FIELD_ADDED = "client-field-added",
        "a type that callers build has one more field",
        "Generate the client in the builder style, where an optional field can be left out.";
    FIELD_REMOVED = "client-field-removed",
        "a field is gone",
        "Keep the property, deprecated; leave it out of answers only where it was optional.";
    FIELD_REQUIRED = "client-field-required",
        "a type can't be built without this field any more",
        "Make the property optional, with what was meant without it as its default.";
    FIELD_TYPE_CHANGED = "client-field-type-changed",
        "a field has another type",
        "Add a property of the new type beside this one.";
    VARIANT_ADDED = "client-variant-added",
        "an enum that callers match has one more variant",
        "Say from the start that there may be more, and open the enum after it is generated.";
    VARIANT_REMOVED = "client-variant-removed",
        "a variant of an enum is gone",
        "Keep the value, deprecated, even if it is never answered any more.";
    VARIANT_RENAMED = "client-variant-renamed",
        "a variant of an enum has another name",
        "Give each alternative a schema or a title of its own, or keep their order.";
    VARIANT_CHANGED = "client-variant-changed",
        "a variant of an enum holds something else, or stands for another text",
        "Add a variant beside this one.";
    DEFAULT_CHANGED = "client-default-changed",
        "what is left out means something else",
        "Keep the default; callers who leave the value out rely on it.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique() {
        let ids: HashSet<_> = ALL.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), ALL.len());
    }
}
