//! What was measured, for people and for programs.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::{
    alone::Alone,
    contestant::Contestant,
    goal::{Goal, goals},
    results::{CONNECTIONS, Results, Sample},
};
use crate::command::bench::{database::Store, summary::Spread};

/// A quantity of a server: its head in the table, its name in JSON, the digits that it deserves.
type Quantity = (&'static str, &'static str, usize, fn(&Sample) -> f64);

const QUANTITIES: [Quantity; 6] = [
    ("server CPU-µs/request", "cpu_micros", 1, |sample| sample.cpu),
    ("database CPU-µs/request", "database_cpu_micros", 1, |sample| sample.database),
    ("% of the core", "core_percent", 0, |sample| sample.core),
    ("requests/s", "requests_per_second", 0, |sample| sample.requests_per_second),
    ("p50, ms", "p50_millis", 2, |sample| sample.p50),
    ("p99, ms", "p99_millis", 2, |sample| sample.p99),
];

pub(super) fn table(results: &Results) -> String {
    let mut table = String::new();
    let _ = write!(table, "\n{:20}  {:>4}", "median (least to most)", "conn");
    let quantities = quantities(results.store);
    for (head, ..) in quantities.clone() {
        let _ = write!(table, "  {head:>23}  {:>5}", "ratio");
    }
    table.push('\n');
    for contestant in Contestant::all(results.store) {
        for connections in CONNECTIONS {
            let _ = write!(table, "{:22}  {connections:>4}", contestant.name());
            for (_, _, digits, of) in quantities.clone() {
                let spread = spread(results.spread(*contestant, connections, *of), *digits);
                let ratio = number(results.ratio(*contestant, connections, *of).median, 2);
                let _ = write!(table, "  {spread:>23}  {ratio:>5}");
            }
            table.push('\n');
        }
    }
    table.push_str(
        "\nRatio: how many times as much it is for ours, by the median of the rounds.\n\n",
    );
    for alone in Alone::all(results.store) {
        let micros = spread(Spread::of(results.alone(*alone).collect()), 1);
        let _ = writeln!(table, "{:22}  CPU-µs {micros}", alone.name());
    }
    for contestant in results.memory.keys() {
        let memory = spread(memory(results, *contestant), 0);
        let _ = writeln!(table, "{:22}  at most {memory} MiB of memory", contestant.name());
    }
    table.push_str("\nGoals, at 64 connections\n");
    for goal in goals(results) {
        let verdict = if goal.is_reached() { "reached" } else { "MISSED" };
        let Goal { what, measured, .. } = goal;
        let (limit, measured) = (goal.limit(), spread(measured, 2));
        let _ = writeln!(table, "{verdict:8} {measured:>22}  {limit:13}  {what}");
    }
    table
}

pub(super) fn json(results: &Results) -> Value {
    let server = |contestant: &Contestant| {
        let contestant = *contestant;
        let quantity = |connections, (_, name, _, of): &Quantity| {
            let spread = results.spread(contestant, connections, *of).json();
            let ratio = results.ratio(contestant, connections, *of).json();
            ((*name).to_owned(), json!({ "value": spread, "ours_to_this": ratio }))
        };
        let at = |connections: u32| {
            let quantities = quantities(results.store).map(|of| quantity(connections, of));
            (connections.to_string(), Value::Object(quantities.collect()))
        };
        json!({
            "name": contestant.name(),
            "memory_mib": memory(results, contestant).json(),
            "at_connections": CONNECTIONS.into_iter().map(at).collect::<Map<_, _>>(),
        })
    };
    let alone = |alone: &Alone| {
        json!({
            "name": alone.name(),
            "cpu_micros": Spread::of(results.alone(*alone).collect()).json(),
        })
    };
    let goals = goals(results).into_iter().map(|goal| {
        json!({
            "what": goal.what,
            "limit": goal.limit(),
            "measured": goal.measured.json(),
            "reached": goal.is_reached(),
        })
    });
    json!({
        "store": results.store.name(),
        "servers": Contestant::all(results.store).iter().map(server).collect::<Vec<_>>(),
        "alone": Alone::all(results.store).iter().map(alone).collect::<Vec<_>>(),
        "goals": goals.collect::<Vec<_>>(),
    })
}

fn memory(results: &Results, contestant: Contestant) -> Spread {
    Spread::of(results.memory.get(&contestant).cloned().unwrap_or_default())
}

/// All of them, but that of PostgreSQL where there is none.
fn quantities(store: Store) -> impl Iterator<Item = &'static Quantity> + Clone {
    QUANTITIES
        .iter()
        .filter(move |(_, name, ..)| store == Store::Postgres || *name != "database_cpu_micros")
}

fn spread(Spread { least, median, most }: Spread, digits: usize) -> String {
    if median.is_nan() {
        return number(median, digits);
    }
    format!("{median:.digits$} ({least:.digits$} to {most:.digits$})")
}

/// A dash where somebody has no such quantity.
fn number(value: f64, digits: usize) -> String {
    if value.is_nan() { "–".to_owned() } else { format!("{value:.digits$}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_does_not_have_is_a_dash_and_null() {
        let sample = Sample {
            requests_per_second: 9_000.0,
            cpu: f64::NAN,
            database: 110.0,
            core: 99.0,
            p50: 1.0,
            p99: 2.0,
        };
        let mut results = Results::on(Store::Postgres);
        results.servers.insert((Contestant::Pgbench, 64), vec![sample]);
        let table = table(&results);
        let mut lines = table.lines().filter(|line| line.starts_with("pgbench, same query"));
        let line = lines.rfind(|line| line.split_whitespace().nth(3) == Some("64"));
        let line = line.unwrap_or_default();
        let columns: Vec<_> = line.split("  ").map(str::trim).filter(|it| !it.is_empty()).collect();
        assert_eq!(columns.get(2..5), Some(["–", "–", "110.0 (110.0 to 110.0)"].as_slice()));

        let json = json(&results);
        let servers = json["servers"].as_array().unwrap();
        let pgbench =
            servers.iter().find(|server| server["name"] == "pgbench, same query").unwrap();
        let at = &pgbench["at_connections"]["64"];
        assert_eq!(at["cpu_micros"]["value"]["median"], Value::Null);
        assert_eq!(at["database_cpu_micros"]["value"]["median"], 110.0);
        assert_eq!(pgbench["memory_mib"]["median"], Value::Null);
    }

    #[test]
    fn the_embedded_store_has_no_cpu_of_its_own() {
        let has_database = |store| table(&Results::on(store)).contains("database CPU-µs");
        assert_eq!([Store::Sqlite, Store::Postgres].map(has_database), [false, true]);
    }
}
