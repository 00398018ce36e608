use super::*;
use crate::{Tenancy, sqlite::connection::Connections};

/// How SQLite goes about a statement, step by step.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get("detail").unwrap());
    }
    steps
}

/// A request brings few records to a store that has many.
#[test]
fn no_statement_goes_through_a_whole_table_but_the_staged_records() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let connections = Connections::open(&path, Tenancy::Sole).unwrap();
    let connection = connections.writer();
    stage::create(&connection).unwrap();
    let mut statements: Vec<_> = affected::queries().map(|(_, sql)| sql).collect();
    for table in TABLES {
        Refusals::new(&connection).repeated(table).unwrap();
        statements.extend([merge::update(table), merge::insert(table), merge::delete(table)]);
    }
    for sql in statements {
        let steps = plan(&connection, &sql);
        assert!(steps.iter().any(|step| step.starts_with("SEARCH")), "{sql}\n{steps:#?}");
        let scans = steps.iter().filter_map(|step| step.strip_prefix("SCAN "));
        for scanned in scans.map(|scanned| scanned.split(' ').next()) {
            assert_eq!(scanned, Some("s"), "{sql}\n{steps:#?}");
        }
    }
}
