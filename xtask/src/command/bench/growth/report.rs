//! What was measured, for people and for programs.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::{
    goal::{Goal, goals},
    operation::Operation,
    results::{Quantity, Results, Whole},
};
use crate::command::bench::{database::Store, summary::Spread};

/// How wide the names of rows are, and the columns.
const NAMES: usize = 34;
const COLUMN: usize = 27;

/// A quantity of a request: what stands over its table, its name in JSON, the digits that it
/// deserves.
type OfRequest = (&'static str, &'static str, usize, Quantity);

const OF_REQUEST: [OfRequest; 3] = [
    ("time of a request, ms", "millis", 3, |sample| sample.time),
    ("CPU of the server, µs", "cpu_micros", 0, |sample| sample.cpu),
    ("CPU of PostgreSQL, µs", "database_cpu_micros", 0, |sample| sample.database_cpu),
];

/// Likewise of what was measured once.
type OfWhole = (&'static str, &'static str, usize, fn(&Whole) -> f64);

const OF_WHOLE: [OfWhole; 7] = [
    ("import of all, s", "import_seconds", 1, |whole| whole.import.seconds),
    ("records imported/s", "import_records_per_second", 0, |whole| {
        records(whole) / whole.import.seconds
    }),
    ("CPU of the import, s", "import_cpu_seconds", 1, |whole| whole.import.cpu_seconds),
    ("CPU of PostgreSQL, s", "import_database_cpu_seconds", 1, |whole| {
        whole.import.database_cpu_seconds
    }),
    ("memory of the import, MiB", "import_memory_mib", 0, |whole| whole.import.memory_mib),
    ("on the disk, MiB", "disk_mib", 0, |whole| whole.import.disk_mib),
    ("memory of the server, MiB", "memory_mib", 0, |whole| whole.memory),
];

#[expect(clippy::cast_precision_loss, reason = "below 2^52 records there is none")]
fn records(whole: &Whole) -> f64 {
    whole.import.records as f64
}

/// The tables of one store.
pub(super) fn table(store: Store, results: &Results) -> String {
    let mut table = format!("\n{:NAMES$}", format!("{}, customers", store.name()));
    for customers in results.sizes() {
        let _ = write!(table, "{:>COLUMN$}", grouped(customers));
    }
    let _ = writeln!(table, "{:>COLUMN$}", "growth");
    for (title, _, digits, of) in of_request(results) {
        let _ = writeln!(table, "{title}");
        for operation in Operation::ALL {
            let _ = write!(table, "  {:width$}", operation.name(), width = NAMES - 2);
            for customers in results.sizes() {
                let spread = results.spread(operation, customers, of);
                let _ = write!(table, "{:>COLUMN$}", text(spread, digits));
            }
            let growth = results.growth(operation, of).map(|growth| text(growth, 2));
            let _ = writeln!(table, "{:>COLUMN$}", growth.unwrap_or_default());
        }
    }
    table.push_str("all of it\n");
    for (name, _, digits, of) in OF_WHOLE {
        let values: Vec<_> = results.wholes.values().map(of).collect();
        if values.iter().any(|value| *value > 0.0) {
            let _ = write!(table, "  {name:width$}", width = NAMES - 2);
            for value in values {
                let _ = write!(table, "{value:>COLUMN$.digits$}");
            }
            table.push('\n');
        }
    }
    table.push_str("\nGoals\n");
    for goal in goals(results) {
        let verdict = if goal.is_reached() { "reached" } else { "MISSED" };
        let Goal { what, most, measured } = goal;
        let _ = writeln!(
            table,
            "{verdict:8} {:>COLUMN$}  at most {most:<4}  {what}",
            text(measured, 2)
        );
    }
    table
}

/// The quantities that are there: the embedded store has no processes of its own.
fn of_request(results: &Results) -> impl Iterator<Item = OfRequest> {
    let is_there =
        |(.., of): &OfRequest| results.samples.values().flatten().any(|sample| of(sample) > 0.0);
    OF_REQUEST.into_iter().filter(is_there)
}

pub(super) fn json(store: Store, results: &Results) -> Value {
    let operation = |operation: Operation| {
        let at = |customers| {
            let quantities = of_request(results).map(|(_, name, _, of)| {
                (name.to_owned(), results.spread(operation, customers, of).json())
            });
            (customers.to_string(), Value::Object(quantities.collect()))
        };
        let growth = of_request(results).map(|(_, name, _, of)| {
            (name.to_owned(), results.growth(operation, of).map_or(Value::Null, Spread::json))
        });
        json!({
            "name": operation.name(),
            "at_customers": results.sizes().map(at).collect::<Map<_, _>>(),
            "growth": growth.collect::<Map<_, _>>(),
        })
    };
    let whole = |(customers, whole): (&u32, &Whole)| {
        let quantities =
            OF_WHOLE.into_iter().map(|(_, name, _, of)| (name.to_owned(), json!(of(whole))));
        (customers.to_string(), Value::Object(quantities.collect()))
    };
    let goals = goals(results).into_iter().map(|goal| {
        json!({
            "what": goal.what,
            "most": goal.most,
            "measured": goal.measured.json(),
            "reached": goal.is_reached(),
        })
    });
    json!({
        "store": store.name(),
        "operations": Operation::ALL.map(operation),
        "at_customers": results.wholes.iter().map(whole).collect::<Map<_, _>>(),
        "goals": goals.collect::<Vec<_>>(),
    })
}

/// A number that people can read: `10,000`.
pub(super) fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

/// With no more digits than people look at.
fn text(Spread { least, median, most }: Spread, digits: usize) -> String {
    let digits = match median {
        100.0.. => 0,
        10.0.. => digits.min(1),
        _ => digits,
    };
    format!("{median:.digits$} ({least:.digits$} to {most:.digits$})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::bench::growth::results::tests::results;

    #[test]
    fn there_is_a_row_for_each_operation_and_a_column_for_each_size() {
        let results = results(&[(10_000, 40.0), (1_000_000, 41.0), (10_000_000, 42.0)]);
        let table = table(Store::Postgres, &results);
        let heads = table.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>();
        let expected = ["PostgreSQL,", "customers", "10,000", "1,000,000", "10,000,000", "growth"];
        assert_eq!(heads, expected);
        for operation in Operation::ALL {
            let rows = table.lines().filter(|line| line.trim_start().starts_with(operation.name()));
            assert_eq!(rows.count(), 3, "{}", operation.name());
        }
        let get = table.lines().find(|line| line.starts_with("  get")).unwrap();
        assert_eq!(get.matches("1.000 (1.000 to 1.000)").count(), 3, "{get}");
        assert!(get.ends_with(" 1.00 (1.00 to 1.00)"), "{get}");
    }

    #[test]
    fn a_store_within_the_server_has_no_rows_of_a_database() {
        let mut results = results(&[(10_000, 40.0)]);
        results.samples.values_mut().flatten().for_each(|sample| sample.database_cpu = 0.0);
        results.wholes.values_mut().for_each(|whole| whole.import.database_cpu_seconds = 0.0);
        assert!(!table(Store::Sqlite, &results).contains("PostgreSQL"));
    }

    #[test]
    fn digits_are_grouped_from_the_right() {
        assert_eq!([7, 1_000, 12_345_678].map(grouped), ["7", "1,000", "12,345,678"]);
    }
}
