//! The statement that brings a page of customers.

use customers_types::{
    access::{Action, ActionSet, Pack, PackSet, Role},
    id::PublicId,
};
use strum::VariantArray;
use tokio_postgres::types::ToSql;

use crate::{
    list::{CustomerFilter, CustomerListing, Order, Position},
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

/// The user behind a candidate and what it is called. `OFFSET 0` keeps the database from joining
/// the tables as a whole: it takes the candidates for more than there are.
const TEXTS: &str = "
    CROSS JOIN LATERAL (
        SELECT f.* FROM customer c JOIN search f ON f.user_key = c.user_key
        WHERE c.key = x.key OFFSET 0) f";

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
        let caller = self.caller(listing);
        let (after, direction, before_all) = match listing.order {
            Order::OldestFirst => (">", "ASC", Position { created_at: i64::MIN, key: i64::MIN }),
            Order::NewestFirst => ("<", "DESC", Position { created_at: i64::MAX, key: i64::MAX }),
        };
        let Position { created_at, key } = listing.after.unwrap_or(before_all);
        let (created_at, key) = (self.value(created_at, "bigint"), self.value(key, "bigint"));
        let filter = self.filter(&listing.filter);
        let ways = Ways {
            place: format!("{after} ({created_at}, {key})"),
            direction,
            most: if filter.sifts { MOST_SCANNED } else { self.most_rows + SPARE },
            filter: &filter,
        };
        let matched = self.matched(&filter, direction);
        self.sql = format!("{caller}, {}, {matched}", ways.candidates());
    }

    /// What the customers have to meet, and by what an index finds them.
    fn filter(&mut self, wanted: &CustomerFilter) -> Filter {
        let (mut conditions, indexed) = self.texts(wanted);
        let mut sifts = !conditions.is_empty();
        let mut found = (!indexed.is_empty()).then(|| {
            format!(
                "SELECT c.key FROM search f JOIN customer c ON c.user_key = f.user_key
                 WHERE {} LIMIT {}",
                indexed.join(" AND "),
                MOST_NEAR + 1
            )
        });
        if let Some(user) = wanted.user {
            let user = self.value(user.uuid(), "uuid");
            let key = format!(r#"(SELECT u.key FROM "user" u WHERE u.id = {user})"#);
            found = Some(format!("SELECT c.key FROM customer c WHERE c.user_key = {key}"));
            conditions.push(format!("f.user_key = {key}"));
            sifts = true;
        }
        let organization = wanted.organization.map(|id| self.value(id.uuid(), "uuid"));
        if organization.is_some() {
            let reached = "EXISTS (SELECT 1 FROM reach r WHERE r.customer_key = x.key
                                    AND r.organization_key = (SELECT key FROM wanted)
                                    OFFSET 0)";
            conditions.push(reached.to_owned());
        }
        Filter { conditions, found, organization, sifts }
    }

    /// What names and addresses have to meet, and the same for those parts of them that are long
    /// enough, as the index of trigrams is asked.
    fn texts(&mut self, wanted: &CustomerFilter) -> (Vec<String>, Vec<String>) {
        let (mut conditions, mut indexed) = (Vec::new(), Vec::new());
        for (part, text, index) in [
            (&wanted.email, "f.email", "f.email_trigrams"),
            (&wanted.name, "concat_ws(' ', f.first_name, f.last_name)", "f.name_trigrams"),
        ] {
            let Some(part) = part.as_deref().map(fold) else { continue };
            if part.contains('\0') {
                // No text has it, and the database takes none that has.
                conditions.push("FALSE".to_owned());
                continue;
            }
            let trigrams = trigrams(&part);
            let part = self.value(part, "text");
            conditions.push(format!("position({part} IN {text}) > 0"));
            // A user is found without the index, and a value that nothing uses is refused.
            if !trigrams.is_empty() && wanted.user.is_none() {
                indexed.push(format!("{index} @> {}", self.value(trigrams, "bigint[]")));
            }
        }
        (conditions, indexed)
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
        let actions = i64::from(ActionSet::of(&[action]).bits());
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

    /// Which of the candidates match, and the whole. `OFFSET 0` has the database look each candidate
    /// up: else it gathers all customers of an organization, whom it takes for few.
    fn matched(&self, filter: &Filter, direction: &str) -> String {
        let matches: Vec<_> = filter.conditions.iter().map(|one| format!("AND {one}")).collect();
        format!(
            include_str!("matched.sql"),
            texts = if filter.sifts { TEXTS } else { "" },
            matches = matches.join(" "),
            direction = direction,
            most = self.most_rows,
            customer_columns = customer_columns!(),
        )
    }
}

/// What is asked of customers.
struct Filter {
    /// What each has to meet.
    conditions: Vec<String>,
    /// What an index is asked, if that helps.
    found: Option<String>,
    /// The organization that has to reach them.
    organization: Option<String>,
    /// Whether few of those that are looked at may meet it.
    sifts: bool,
}

/// From where candidates come.
struct Ways<'f> {
    /// The place after which the page begins.
    place: String,
    direction: &'static str,
    /// How many are looked at.
    most: usize,
    filter: &'f Filter,
}

/// That the statement goes this way; the others are then not gone.
fn is_way(way: &str) -> String {
    format!("(SELECT way FROM way) = '{way}'")
}

/// No keys at all.
const NONE: &str = "SELECT NULL::bigint AS key WHERE FALSE";

impl Ways<'_> {
    /// The customers that are looked at. There is one way for each caller and filter.
    fn candidates(&self) -> String {
        let (found, is_found) = match &self.filter.found {
            None => (NONE.to_owned(), "FALSE".to_owned()),
            Some(found) => (
                format!("SELECT * FROM ({found}) i WHERE NOT (SELECT yes FROM few)"),
                format!("(SELECT count(*) FROM found) <= {MOST_NEAR}"),
            ),
        };
        let (wanted, is_wide, walk) = match &self.filter.organization {
            None => (
                NONE.to_owned(),
                format!(
                    "NOT (SELECT yes FROM everywhere)
                     AND (SELECT count(*) FROM scope_organization) > {MOST_ORGANIZATIONS}"
                ),
                self.walk_through_scope(),
            ),
            Some(organization) => (
                format!(
                    "SELECT o.key FROM organization o WHERE o.id = {organization}
                     AND ((SELECT yes FROM everywhere)
                          OR o.key IN (SELECT key FROM scope_organization))"
                ),
                "FALSE".to_owned(),
                self.reached(&format!(
                    "{} AND r.organization_key = (SELECT key FROM wanted)",
                    is_way("walk")
                )),
            ),
        };
        format!(
            include_str!("candidate.sql"),
            wanted = wanted,
            found = found,
            is_found = is_found,
            is_wide = is_wide,
            walk = walk,
            sift = self.all(&is_way("sift"), MOST_SCANNED),
            order = format_args!("ORDER BY created_at {0}, key {0}", self.direction),
            place = self.place,
            most = self.most,
            most_sifted = MOST_SCANNED,
            direction = self.direction,
        )
    }

    /// The customers of each organization of the caller, side by side, and single ones; or all, for
    /// who may see all.
    fn walk_through_scope(&self) -> String {
        format!(
            "{all}
             UNION ALL
             SELECT e.* FROM scope_organization o CROSS JOIN LATERAL ({each}) e
             WHERE {walks} AND NOT (SELECT yes FROM everywhere)
             UNION ALL
             SELECT c.created_at, c.key FROM scope_customer s JOIN customer c ON c.key = s.key
             WHERE {walks} AND NOT (SELECT yes FROM everywhere) AND (c.created_at, c.key) {place}",
            all = self
                .all(&format!("{} AND (SELECT yes FROM everywhere)", is_way("walk")), self.most),
            each = self.reached("r.organization_key = o.key"),
            walks = is_way("walk"),
            place = self.place,
        )
    }

    /// All customers in their order.
    fn all(&self, condition: &str, most: usize) -> String {
        let Self { place, direction, .. } = self;
        format!(
            "SELECT * FROM (SELECT c.created_at, c.key FROM customer c
             WHERE {condition} AND (c.created_at, c.key) {place}
             ORDER BY c.created_at {direction}, c.key {direction} LIMIT {most}) w"
        )
    }

    /// Those whom an organization reaches, in their order.
    fn reached(&self, condition: &str) -> String {
        let Self { place, direction, most, .. } = self;
        format!(
            "SELECT * FROM (SELECT r.created_at, r.customer_key AS key FROM reach r
             WHERE {condition} AND (r.created_at, r.customer_key) {place}
             ORDER BY r.created_at {direction}, r.customer_key {direction} LIMIT {most}) w"
        )
    }
}
