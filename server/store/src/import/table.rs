//! The tables that directory records go to, as data: what is staged, and how it is merged.

use crate::record::RecordType;

/// A table, and how the records of one type go into it.
pub(crate) struct Table {
    /// Its name; `staged_` and the name is the temporary table.
    pub(crate) name: &'static str,
    /// The type of its records.
    pub(crate) record_type: RecordType,
    /// The same, as summaries name it.
    pub(crate) label: &'static str,
    /// Its columns in the order in which they are staged; the first `key` of them are the key.
    pub(crate) columns: &'static [Column],
    /// How many columns make the key of a record.
    pub(crate) key: usize,
    /// The field that is named when something is wrong with the record as a whole.
    pub(crate) key_field: &'static str,
    /// Whether the row says when it last changed.
    pub(crate) stamped: bool,
    /// The columns of other tables that refer to this one.
    pub(crate) referrers: &'static [(&'static str, &'static str)],
}

/// A column of a table.
pub(crate) struct Column {
    /// Its name, in the table and in the staged one.
    pub(crate) name: &'static str,
    /// The field of the record that it holds.
    pub(crate) field: &'static str,
    /// What it holds.
    pub(crate) content: Content,
}

impl Column {
    /// Whether its values are numbers, or times in milliseconds; if not, they are identifiers or
    /// texts.
    pub(crate) fn is_number(&self) -> bool {
        ["actions", "packs", "valid_from", "credit_timestamp", "created_at"].contains(&self.name)
    }

    /// Whether its values are identifiers.
    pub(crate) fn is_identifier(&self) -> bool {
        self.name == "id" || matches!(self.content, Content::Reference { .. })
    }
}

/// What a column holds, and where that comes from.
pub(crate) enum Content {
    /// The value of the record.
    Value,
    /// The value of the record if it gives one; else the value stays. A new row begins with the
    /// default, an SQL expression in which `:now` is the time of the import.
    Kept { default: &'static str },
    /// The key of the row in another table that has the staged identifier.
    Reference { table: &'static str },
}

const fn value(name: &'static str, field: &'static str) -> Column {
    Column { name, field, content: Content::Value }
}

const fn kept(name: &'static str, field: &'static str) -> Column {
    Column { name, field, content: Content::Kept { default: "NULL" } }
}

const fn kept_or(name: &'static str, field: &'static str, default: &'static str) -> Column {
    Column { name, field, content: Content::Kept { default } }
}

const fn reference(name: &'static str, field: &'static str, table: &'static str) -> Column {
    Column { name, field, content: Content::Reference { table } }
}

const ID: Column = value("id", "id");
const USER: Column = reference("user_key", "userId", "user");
const CUSTOMER: Column = reference("customer_key", "customerId", "customer");
const ORGANIZATION: Column = reference("organization_key", "organizationId", "organization");
const PRODUCT: Column = reference("product_key", "productId", "product");

/// Parents before children.
pub(crate) static TABLES: &[Table] = &[
    Table {
        name: "user",
        record_type: RecordType::User,
        label: "user",
        columns: &[
            ID,
            value("email", "email"),
            kept("first_name", "firstName"),
            kept("last_name", "lastName"),
        ],
        key: 1,
        key_field: "id",
        stamped: true,
        referrers: &[
            ("customer", "user_key"),
            ("membership", "user_key"),
            ("platform_membership", "user_key"),
            ("direct_grant", "user_key"),
            ("direct_deny", "user_key"),
        ],
    },
    Table {
        name: "organization",
        record_type: RecordType::Organization,
        label: "organization",
        columns: &[ID, value("name", "name")],
        key: 1,
        key_field: "id",
        stamped: false,
        referrers: &[
            ("membership", "organization_key"),
            ("product", "organization_key"),
            ("direct_grant", "organization_key"),
            ("direct_deny", "organization_key"),
        ],
    },
    Table {
        name: "customer",
        record_type: RecordType::Customer,
        label: "customer",
        columns: &[
            ID,
            USER,
            kept_or("credit_status", "creditStatus", "'unknown'"),
            kept_or("identity_verification_status", "identityVerificationStatus", "'none'"),
            kept("address1", "address1"),
            kept("address2", "address2"),
            kept("city", "city"),
            kept("state", "state"),
            kept("zip", "zip"),
            kept("country", "country"),
            kept("phone", "phone"),
            kept("credit_ip_address", "creditIpAddress"),
            kept("credit_timestamp", "creditTimestamp"),
            kept("stripe_id", "stripeId"),
            kept("stripe_sandbox_id", "stripeSandboxId"),
            kept("stripe_verification_session_id", "stripeVerificationSessionId"),
            kept_or("created_at", "createdAt", ":now"),
        ],
        key: 1,
        key_field: "id",
        stamped: true,
        referrers: &[
            ("checkout", "customer_key"),
            ("direct_grant", "customer_key"),
            ("direct_deny", "customer_key"),
        ],
    },
    Table {
        name: "membership",
        record_type: RecordType::Membership,
        label: "membership",
        columns: &[USER, ORGANIZATION, value("role", "role")],
        key: 2,
        key_field: "userId",
        stamped: false,
        referrers: &[],
    },
    Table {
        name: "platform_membership",
        record_type: RecordType::Membership,
        label: "membership (platform)",
        columns: &[USER, value("role", "role")],
        key: 1,
        key_field: "userId",
        stamped: false,
        referrers: &[],
    },
    Table {
        name: "product",
        record_type: RecordType::Product,
        label: "product",
        columns: &[ID, ORGANIZATION],
        key: 1,
        key_field: "id",
        stamped: false,
        referrers: &[("checkout", "product_key")],
    },
    Table {
        name: "checkout",
        record_type: RecordType::Checkout,
        label: "checkout",
        columns: &[ID, CUSTOMER, PRODUCT],
        key: 1,
        key_field: "id",
        stamped: false,
        referrers: &[],
    },
    rule("direct_grant", RecordType::Grant, "grant"),
    rule("direct_deny", RecordType::Deny, "deny"),
];

const RULE: &[Column] = &[
    ID,
    USER,
    value("actions", "actions"),
    value("packs", "packs"),
    CUSTOMER,
    ORGANIZATION,
    value("valid_from", "validFrom"),
];

const fn rule(name: &'static str, record_type: RecordType, label: &'static str) -> Table {
    Table {
        name,
        record_type,
        label,
        columns: RULE,
        key: 1,
        key_field: "id",
        stamped: false,
        referrers: &[],
    }
}

impl Table {
    /// The columns that make the key.
    pub(crate) fn key_columns(&self) -> &'static [Column] {
        &self.columns[..self.key]
    }

    /// The names of the key columns, for the staged table.
    pub(crate) fn key_names(&self) -> String {
        let names: Vec<_> = self.key_columns().iter().map(|column| column.name).collect();
        names.join(", ")
    }

    /// The columns by which the table itself tells its rows apart.
    pub(crate) fn row_key(&self) -> String {
        if self.key_field == "id" { "key".to_owned() } else { self.key_names() }
    }
}
