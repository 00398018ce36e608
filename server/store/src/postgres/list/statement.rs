//! The statement that brings a page of customers.

use customers_types::{
    access::{Action, Pack, PackSet, Role},
    id::PublicId,
};
use strum::VariantArray;
use tokio_postgres::types::ToSql;

use crate::{
    list::{CustomerListing, Order, Position},
    postgres::{customer::customer_columns, search::trigrams},
    search::fold,
};

/// How many customers a page looks at where it has to look for those that match.
const MOST_SCANNED: usize = 1_000;

/// Up to how many customers are gone through whatever they are called: those near a caller, and
/// those whom an index finds.
const MOST_NEAR: usize = 2_000;

/// How many organizations may be gone through side by side.
const MOST_ORGANIZATIONS: usize = 50;

/// How many customers are brought for pages of up to so many. There are few such numbers, so that
/// there are few statements to prepare.
const PAGES: [usize; 2] = [20, 100];

/// How many more are looked at than shown where all of them match, since some may be denied.
const SPARE: usize = 60;

/// The statement for a listing, with its values.
pub(super) struct Statement {
    sql: String,
    values: Vec<Box<dyn ToSql + Sync + Send>>,
    most_rows: usize,
}

impl Statement {
    pub(super) fn new(listing: &CustomerListing) -> Self {
        let shown = PAGES.into_iter().find(|page| listing.limit <= *page).unwrap_or(listing.limit);
        let mut statement = Self { sql: String::new(), values: Vec::new(), most_rows: shown + 1 };
        statement.write(listing);
        statement
    }

    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    pub(super) fn values(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.values.iter().map(|value| -> &(dyn ToSql + Sync) { &**value }).collect()
    }

    /// How many customers it brings at most.
    pub(super) fn most_rows(&self) -> usize {
        self.most_rows
    }

    /// Gives a value to the statement, and gives back how it is named there.
    fn value(&mut self, value: impl ToSql + Sync + Send + 'static, sql_type: &str) -> String {
        self.values.push(Box::new(value));
        format!("${}::{sql_type}", self.values.len())
    }

    fn write(&mut self, listing: &CustomerListing) {
        let CustomerListing { filter, order, .. } = listing;
        let caller = self.caller(listing);
        let (after, direction, before_all) = match order {
            Order::OldestFirst => (">", "ASC", Position { created_at: i64::MIN, key: i64::MIN }),
            Order::NewestFirst => ("<", "DESC", Position { created_at: i64::MAX, key: i64::MAX }),
        };
        let Position { created_at, key } = listing.after.unwrap_or(before_all);
        let (created_at, key) = (self.value(created_at, "bigint"), self.value(key, "bigint"));
        let place = format!("{after} ({created_at}, {key})");

        let organization = filter.organization.map(|id| self.value(id.uuid(), "uuid"));
        let user = filter.user.map(|id| self.value(id.uuid(), "uuid"));
        let (email, name) = (filter.email.as_deref().map(fold), filter.name.as_deref().map(fold));
        let searched = email.is_some() || name.is_some();
        let mut conditions = Vec::new();
        let mut indexed = Vec::new();
        let parts = [
            (email, "f.email", "f.email_trigrams"),
            (name, "concat_ws(' ', f.first_name, f.last_name)", "f.name_trigrams"),
        ];
        for (part, text, index) in parts {
            let Some(part) = part else { continue };
            if part.contains('\0') {
                // No text has it, and the database takes none that has.
                conditions.push("FALSE".to_owned());
                continue;
            }
            let is_long = part.chars().nth(2).is_some();
            let part = self.value(part, "text");
            conditions.push(format!("position({part} IN {text}) > 0"));
            if is_long {
                indexed.push(format!("{index} @> {}", trigrams(&part)));
            }
        }
        let found = match (&user, indexed.is_empty()) {
            (Some(user), _) => {
                conditions.push(format!(
                    r#"c.user_key = (SELECT u.key FROM "user" u WHERE u.id = {user})"#
                ));
                format!(
                    r#"SELECT c.key FROM "user" u JOIN customer c ON c.user_key = u.key
                       WHERE u.id = {user}"#
                )
            }
            (None, false) => format!(
                "SELECT c.key FROM search f JOIN customer c ON c.user_key = f.user_key
                 WHERE {} LIMIT {}",
                indexed.join(" AND "),
                MOST_NEAR + 1
            ),
            (None, true) => String::new(),
        };
        if organization.is_some() {
            conditions.push(
                "EXISTS (SELECT 1 FROM reach r WHERE r.customer_key = x.key
                         AND r.organization_key = (SELECT key FROM wanted))"
                    .to_owned(),
            );
        }
        let ways = Ways {
            place,
            direction,
            found,
            most: if searched || user.is_some() { MOST_SCANNED } else { self.most_rows + SPARE },
            organization,
        };
        self.sql =
            format!("{caller}, {}, {}", ways.candidates(), self.matched(&conditions, direction));
    }

    /// Who asks, and where the customers are whom the rule may let it read. The organizations and
    /// customers may be too many, never too few.
    fn caller(&mut self, listing: &CustomerListing) -> String {
        let action = Action::CustomerRead;
        let roles = |wanted: fn(Role) -> bool| -> Vec<&'static str> {
            let roles = Role::VARIANTS.iter().filter(|role| role.grants(Action::CustomerRead));
            roles.filter(|role| wanted(**role)).map(|role| role.name()).collect()
        };
        let hash = self.value(listing.token.as_bytes().to_vec(), "bytea");
        let now = self.value(listing.now.millis(), "bigint");
        let everywhere = self.value(roles(Role::all_organizations), "text[]");
        let anywhere = self.value(roles(|_| true), "text[]");
        let actions = i64::from(customers_types::access::ActionSet::of(&[action]).bits());
        let packs: PackSet =
            Pack::VARIANTS.iter().copied().filter(|pack| pack.actions().contains(action)).collect();
        let actions = self.value(actions, "bigint");
        let packs = self.value(i64::from(packs.bits()), "bigint");
        format!(
            include_str!("caller.sql"),
            hash = hash,
            now = now,
            everywhere = everywhere,
            anywhere = anywhere,
            actions = actions,
            packs = packs,
            near = MOST_NEAR,
        )
    }

    /// Which of the candidates match, and the whole.
    fn matched(&self, conditions: &[String], direction: &str) -> String {
        let matches: Vec<_> = conditions.iter().map(|one| format!("AND {one}")).collect();
        format!(
            include_str!("matched.sql"),
            matches = matches.join(" "),
            direction = direction,
            most = self.most_rows,
            customer_columns = customer_columns!(),
        )
    }
}

/// From where candidates come.
struct Ways {
    /// The place after which the page begins.
    place: String,
    direction: &'static str,
    /// What an index is asked, if anything.
    found: String,
    /// How many are looked at.
    most: usize,
    organization: Option<String>,
}

impl Ways {
    /// The customers that are looked at. There is one way for each caller and filter, and each way
    /// begins with a condition that keeps the others from being gone.
    fn candidates(&self) -> String {
        let Self { place, direction, most, .. } = self;
        let order = format!("ORDER BY created_at {direction}, key {direction}");
        let wanted = self.organization.as_ref().map_or_else(
            || "SELECT NULL::bigint AS key WHERE FALSE".to_owned(),
            |organization| {
                format!(
                    "SELECT o.key FROM organization o WHERE o.id = {organization}
                     AND ((SELECT yes FROM everywhere)
                          OR o.key IN (SELECT key FROM scope_organization))"
                )
            },
        );
        let (found, is_found) = if self.found.is_empty() {
            ("SELECT NULL::bigint AS key WHERE FALSE".to_owned(), "FALSE".to_owned())
        } else {
            let found = format!("SELECT * FROM ({}) i WHERE NOT (SELECT yes FROM few)", self.found);
            (found, format!("(SELECT count(*) FROM found) <= {MOST_NEAR}"))
        };
        let in_order = |from: &str, created_at: &str, key: &str, condition: &str| {
            format!(
                "SELECT * FROM (SELECT {created_at} AS created_at, {key} AS key FROM {from}
                 WHERE {condition} AND ({created_at}, {key}) {place}
                 ORDER BY {created_at} {direction}, {key} {direction} LIMIT {most}) w"
            )
        };
        let walk = if self.organization.is_some() {
            in_order(
                "reach r",
                "r.created_at",
                "r.customer_key",
                "(SELECT way FROM way) = 'walk' AND r.organization_key = (SELECT key FROM wanted)",
            )
        } else {
            let all = in_order(
                "customer c",
                "c.created_at",
                "c.key",
                "(SELECT way FROM way) = 'walk' AND (SELECT yes FROM everywhere)",
            );
            let each =
                in_order("reach r", "r.created_at", "r.customer_key", "r.organization_key = o.key");
            format!(
                "{all}
                 UNION ALL
                 SELECT e.* FROM scope_organization o CROSS JOIN LATERAL ({each}) e
                 WHERE (SELECT way FROM way) = 'walk' AND NOT (SELECT yes FROM everywhere)
                 UNION ALL
                 SELECT c.created_at, c.key FROM scope_customer s JOIN customer c ON c.key = s.key
                 WHERE (SELECT way FROM way) = 'walk' AND NOT (SELECT yes FROM everywhere)
                   AND (c.created_at, c.key) {place}"
            )
        };
        let search =
            in_order("customer c", "c.created_at", "c.key", "(SELECT way FROM way) = 'sift'")
                .replace(&format!("LIMIT {most}"), &format!("LIMIT {MOST_SCANNED}"));
        format!(
            include_str!("candidate.sql"),
            wanted = wanted,
            found = found,
            is_found = is_found,
            is_wide = if self.organization.is_some() {
                "FALSE".to_owned()
            } else {
                format!(
                    "NOT (SELECT yes FROM everywhere)
                     AND (SELECT count(*) FROM scope_organization) > {MOST_ORGANIZATIONS}"
                )
            },
            walk = walk,
            sift = search,
            order = order,
            place = place,
            most = most,
            most_sifted = MOST_SCANNED,
            direction = direction,
        )
    }
}
