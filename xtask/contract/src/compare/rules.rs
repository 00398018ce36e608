//! The rules about the wire, as data. Those about the generated client alone are beside its model.

use crate::rule::{Category, Rule};

macro_rules! rules {
    ($($name:ident = $id:literal, $category:ident, $title:literal, $remedy:literal;)*) => {
        $(pub(crate) static $name: Rule =
            Rule { id: $id, category: Category::$category, title: $title, remedy: $remedy };)*
        /// All of them.
        pub(crate) static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    OPERATION_REMOVED = "operation-removed", Operation, "operation removed",
        "Keep it and mark it as deprecated until nobody calls it.";
    OPERATION_REMOVED_AFTER_DEPRECATION = "operation-removed-after-deprecation", Operation, "deprecated operation removed",
        "Keep it until the access log shows that nobody calls it, or remove it with a major version.";
    OPERATION_ADDED = "operation-added", Operation, "operation added", "Nothing to do.";
    OPERATION_ID_CHANGED = "operation-id-changed", Operation, "operation id changed",
        "Keep the operation id: it is the name of the client's method.";
    OPERATION_MOVED = "operation-moved", Operation, "operation has another path or method",
        "Serve it under the old path and method as well, and mark that as deprecated.";
    PATH_PARAMETER_RENAMED = "path-parameter-renamed", Operation, "variable of the path renamed",
        "Keep the name: it is the name of the client's argument.";
    TAGS_CHANGED = "tags-changed", Operation, "tags changed",
        "Nothing to do, unless a client is generated with one trait for each tag.";
    DEPRECATED_SET = "deprecated-set", Operation, "marked as deprecated", "Say in its description what takes its place.";
    DEPRECATED_UNSET = "deprecated-unset", Operation, "no longer marked as deprecated", "Nothing to do.";
    SUNSET_EARLIER = "sunset-earlier", Operation, "date of removal moved, and not to a later day",
        "Keep the date that was announced, or move it to a later one.";
    SUNSET_REMOVED = "sunset-removed", Operation, "date of removal withdrawn while it is deprecated",
        "Say until when it will be served.";
    WEBSOCKET_ADDED = "websocket-added", Operation, "operation became a websocket", "Add a new operation instead.";
    WEBSOCKET_REMOVED = "websocket-removed", Operation, "operation is no longer a websocket", "Add a new operation instead.";
    PAGINATION_CHANGED = "pagination-changed", Operation, "marked otherwise as a list in pages",
        "Keep `x-dropshot-pagination`: the client's stream of all items depends on it.";

    PARAMETER_ADDED_REQUIRED = "parameter-added-required", Parameter, "required parameter added",
        "Make it optional, with the old behaviour where it is left out.";
    PARAMETER_ADDED = "parameter-added", Parameter, "optional parameter added", "Nothing to do.";
    PARAMETER_REMOVED = "parameter-removed", Parameter, "parameter removed",
        "Keep it and mark it as deprecated; what it asks for has to hold as long as it is sent.";
    PARAMETER_BECAME_REQUIRED = "parameter-became-required", Parameter, "parameter became required",
        "Keep it optional, with a default.";
    PARAMETER_BECAME_OPTIONAL = "parameter-became-optional", Parameter, "parameter became optional", "Nothing to do.";
    PARAMETER_MOVED = "parameter-moved", Parameter, "parameter moved to another part of the request",
        "Accept it in both places, and mark the old one as deprecated.";
    PARAMETER_STYLE_CHANGED = "parameter-style-changed", Parameter, "parameter is written otherwise",
        "Keep how it is written, or add a parameter of another name.";

    REQUEST_BODY_ADDED = "request-body-added", RequestBody, "body of the request added",
        "Make it optional, with the old behaviour where there is none.";
    REQUEST_BODY_REMOVED = "request-body-removed", RequestBody, "body of the request removed",
        "Keep accepting it.";
    REQUEST_BODY_BECAME_REQUIRED = "request-body-became-required", RequestBody, "body of the request became required",
        "Keep it optional.";
    REQUEST_BODY_BECAME_OPTIONAL = "request-body-became-optional", RequestBody, "body of the request became optional", "Nothing to do.";
    MEDIA_TYPE_ADDED = "media-type-added", RequestBody, "media type added", "Nothing to do.";
    MEDIA_TYPE_REMOVED = "media-type-removed", RequestBody, "media type removed",
        "Keep the old media type beside the new one.";

    STATUS_ADDED = "status-added", Response, "status added",
        "Answer with a status that the operation has already, or add a new operation.";
    STATUS_REMOVED = "status-removed", Response, "status removed",
        "Nothing to do, unless a caller waits for it.";
    RESPONSE_BODY_ADDED = "response-body-added", Response, "body of the answer added",
        "Nothing to do on the wire; the client's method returns something else.";
    RESPONSE_BODY_REMOVED = "response-body-removed", Response, "body of the answer removed", "Keep the body.";
    HEADER_ADDED = "header-added", Response, "header of the answer added", "Nothing to do.";
    HEADER_REMOVED = "header-removed", Response, "header of the answer removed", "Keep sending it.";
    HEADER_BECAME_REQUIRED = "header-became-required", Response, "header of the answer is always sent", "Nothing to do.";
    HEADER_BECAME_OPTIONAL = "header-became-optional", Response, "header of the answer is not always sent", "Keep sending it always.";

    HEADER_STYLE_CHANGED = "header-style-changed", Response, "header of the answer is written otherwise",
        "Keep how it is written, or send another header.";

    PROPERTY_ADDED = "property-added", Schema, "optional property added", "Nothing to do.";
    PROPERTY_ADDED_REQUIRED = "property-added-required", Schema, "required property added",
        "Make it optional, with a default that keeps the old behaviour.";
    PROPERTY_REMOVED = "property-removed", Schema, "property removed",
        "Keep it and mark it as deprecated: accept it in requests, send it in answers.";
    PROPERTY_BECAME_REQUIRED = "property-became-required", Schema, "property became required",
        "Keep it optional in what is received.";
    PROPERTY_BECAME_OPTIONAL = "property-became-optional", Schema, "property became optional",
        "Keep sending it always.";
    PROPERTY_READ_ONLY_CHANGED = "property-read-only-changed", Schema, "property became read-only, or is no longer",
        "Accept and pass over the value where it was accepted.";
    PROPERTY_WRITE_ONLY_CHANGED = "property-write-only-changed", Schema, "property became write-only, or is no longer",
        "Keep sending it where it was sent.";
    ADDITIONAL_PROPERTIES_CLOSED = "additional-properties-closed", Schema, "other properties are no longer allowed",
        "Allow other properties where they are received.";
    ADDITIONAL_PROPERTIES_OPENED = "additional-properties-opened", Schema, "other properties are allowed", "Name the properties that are sent.";
    ADDITIONAL_PROPERTIES_CHANGED = "additional-properties-changed", Schema, "type of other properties changed",
        "Keep the type of values, or add a property of another name.";
    TYPE_CHANGED = "type-changed", Schema, "type changed", "Add a property or an operation of another name, and deprecate the old one.";
    TYPE_WIDENED = "type-widened", Schema, "type widened", "Keep the narrower type in what is sent.";
    TYPE_NARROWED = "type-narrowed", Schema, "type narrowed", "Keep the wider type in what is received.";
    FORMAT_CHANGED = "format-changed", Schema, "format changed", "Keep the format, or add a property of another name.";
    FORMAT_ADDED = "format-added", Schema, "format added", "Leave the format out of what is received.";
    FORMAT_REMOVED = "format-removed", Schema, "format removed", "Keep the format of what is sent.";
    NULLABLE_ADDED = "nullable-added", Schema, "null is allowed", "Leave the property out instead of sending null.";
    NULLABLE_REMOVED = "nullable-removed", Schema, "null is no longer allowed", "Keep accepting null.";
    ENUM_VALUE_ADDED = "enum-value-added", Schema, "value added",
        "Keep the old values in what is sent, or accept the break where all clients pass over unknown values.";
    ENUM_VALUE_REMOVED = "enum-value-removed", Schema, "value removed", "Keep accepting the value.";
    ENUM_ADDED = "enum-added", Schema, "values limited to a list", "Keep accepting any value.";
    ENUM_REMOVED = "enum-removed", Schema, "values no longer limited to a list", "Keep sending the listed values only.";
    VARIANT_ADDED = "variant-added", Schema, "variant added",
        "Keep the old variants in what is sent; offer the new one by an operation or a parameter of its own.";
    VARIANT_REMOVED = "variant-removed", Schema, "variant removed", "Keep accepting the variant.";
    MINIMUM_RAISED = "minimum-raised", Schema, "minimum raised", "Keep accepting the smaller numbers.";
    MINIMUM_LOWERED = "minimum-lowered", Schema, "minimum lowered", "Keep sending numbers within the old range.";
    MAXIMUM_RAISED = "maximum-raised", Schema, "maximum raised", "Keep sending numbers within the old range.";
    MAXIMUM_LOWERED = "maximum-lowered", Schema, "maximum lowered", "Keep accepting the greater numbers.";
    MULTIPLE_OF_CHANGED = "multiple-of-changed", Schema, "step of numbers changed", "Keep the step, or take one that divides it.";
    MIN_LENGTH_RAISED = "min-length-raised", Schema, "least length raised", "Keep accepting the shorter texts.";
    MIN_LENGTH_LOWERED = "min-length-lowered", Schema, "least length lowered", "Keep sending texts of the old length.";
    MAX_LENGTH_RAISED = "max-length-raised", Schema, "greatest length raised", "Keep sending texts of the old length.";
    MAX_LENGTH_LOWERED = "max-length-lowered", Schema, "greatest length lowered", "Keep accepting the longer texts.";
    MIN_ITEMS_RAISED = "min-items-raised", Schema, "least number of items raised", "Keep accepting fewer items.";
    MIN_ITEMS_LOWERED = "min-items-lowered", Schema, "least number of items lowered", "Keep sending as many items as before.";
    MAX_ITEMS_RAISED = "max-items-raised", Schema, "greatest number of items raised", "Keep sending no more items than before.";
    MAX_ITEMS_LOWERED = "max-items-lowered", Schema, "greatest number of items lowered", "Keep accepting more items.";
    MIN_PROPERTIES_RAISED = "min-properties-raised", Schema, "least number of properties raised", "Keep accepting fewer properties.";
    MIN_PROPERTIES_LOWERED = "min-properties-lowered", Schema, "least number of properties lowered", "Keep sending as many properties as before.";
    MAX_PROPERTIES_RAISED = "max-properties-raised", Schema, "greatest number of properties raised", "Keep sending no more properties than before.";
    MAX_PROPERTIES_LOWERED = "max-properties-lowered", Schema, "greatest number of properties lowered", "Keep accepting more properties.";
    PATTERN_CHANGED = "pattern-changed", Schema, "pattern changed", "Take a pattern that matches all that the old one did, and look at it yourself.";
    PATTERN_ADDED = "pattern-added", Schema, "pattern added", "Keep accepting what does not match.";
    PATTERN_REMOVED = "pattern-removed", Schema, "pattern removed", "Keep sending what matches the old pattern.";
    UNIQUE_ITEMS_ADDED = "unique-items-added", Schema, "items have to be different", "Keep accepting equal items.";
    UNIQUE_ITEMS_REMOVED = "unique-items-removed", Schema, "items may be equal", "Keep sending different items.";
    NOT_CHANGED = "not-changed", Schema, "what a `not` takes out changed", "Look at what is taken out; say it by what is allowed instead.";
    DISCRIMINATOR_CHANGED = "discriminator-changed", Schema, "discriminator changed", "Keep the property and the names that tell the variants apart.";
    DEFAULT_CHANGED = "default-changed", Schema, "default changed", "Keep the default: who leaves the value out relies on it.";
    DEFAULT_ADDED = "default-added", Schema, "default added", "Make sure that it is what the server did before.";
    DEFAULT_REMOVED = "default-removed", Schema, "default removed", "Say what the server does where the value is left out.";
    SCHEMA_CHANGED = "schema-changed", Schema, "accepted values changed", "Compare the two schemas by the witness.";
    UNDECIDED = "undecided", Schema, "not decided", "Compare the two schemas yourself, or write them in a simpler way.";

    SECURITY_REQUIREMENT_ADDED = "security-requirement-added", Security, "credentials of another kind are asked for",
        "Keep accepting the old credentials beside the new ones.";
    SECURITY_REQUIREMENT_REMOVED = "security-requirement-removed", Security, "fewer credentials are asked for",
        "Make sure that this is meant: who could not call it may now be able to.";
    SECURITY_SCOPE_ADDED = "security-scope-added", Security, "more scopes are asked for",
        "Keep accepting tokens with the old scopes.";
    SECURITY_SCOPE_REMOVED = "security-scope-removed", Security, "fewer scopes are asked for", "Make sure that this is meant.";
    SECURITY_SCHEME_CHANGED = "security-scheme-changed", Security, "security scheme changed",
        "Add a scheme of another name, and accept both.";

    SERVER_ADDED = "server-added", Document, "server added", "Nothing to do.";
    SERVER_REMOVED = "server-removed", Document, "server removed", "Keep the old address, or redirect it.";
    VERSION_CHANGED = "version-changed", Document, "version changed", "Nothing to do.";
    VERSION_LOWERED = "version-lowered", Document, "version lowered", "Raise the version.";

    DOCUMENTATION_CHANGED = "documentation-changed", Documentation, "documentation changed", "Nothing to do.";
}
