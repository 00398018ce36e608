//! What was measured, for people and for programs.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::{
    alone::Alone,
    contestant::Contestant,
    goal::{Goal, goals},
    results::{CONNECTIONS, Results, Sample},
};
use crate::command::bench::summary::Spread;

/// A quantity of a server: its head in the table, its name in JSON, the digits that it deserves.
type Quantity = (&'static str, &'static str, usize, fn(&Sample) -> f64);

const QUANTITIES: [Quantity; 5] = [
    ("CPU-µs/request", "cpu_micros", 1, |sample| sample.cpu),
    ("% of its core", "core_percent", 0, |sample| sample.core),
    ("requests/s", "requests_per_second", 0, |sample| sample.requests_per_second),
    ("p50, ms", "p50_millis", 2, |sample| sample.p50),
    ("p99, ms", "p99_millis", 2, |sample| sample.p99),
];

pub(super) fn table(results: &Results) -> String {
    let mut table = String::new();
    let _ = write!(table, "\n{:20}  {:>4}", "median (least to most)", "conn");
    for (head, ..) in QUANTITIES {
        let _ = write!(table, "  {head:>23}  {:>5}", "ratio");
    }
    table.push('\n');
    for contestant in Contestant::ALL {
        for connections in CONNECTIONS {
            let _ = write!(table, "{:22}  {connections:>4}", contestant.name());
            for (_, _, digits, of) in QUANTITIES {
                let spread = spread(results.spread(contestant, connections, of), digits);
                let ratio = results.ratio(contestant, connections, of).median;
                let _ = write!(table, "  {spread:>23}  {ratio:>5.2}");
            }
            table.push('\n');
        }
    }
    table.push_str(
        "\nRatio: how many times as much it is for ours, by the median of the rounds.\n\n",
    );
    for alone in Alone::ALL {
        let micros = spread(Spread::of(results.alone(alone).collect()), 1);
        let _ = writeln!(table, "{:22}  CPU-µs {micros}", alone.name());
    }
    for contestant in Contestant::ALL {
        let memory = spread(memory(results, contestant), 0);
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
    let server = |contestant: Contestant| {
        let quantity = |connections, (_, name, _, of): Quantity| {
            let spread = results.spread(contestant, connections, of).json();
            let ratio = results.ratio(contestant, connections, of).json();
            (name.to_owned(), json!({ "value": spread, "ours_to_this": ratio }))
        };
        let at = |connections: u32| {
            let quantities = QUANTITIES.into_iter().map(|of| quantity(connections, of));
            (connections.to_string(), Value::Object(quantities.collect()))
        };
        json!({
            "name": contestant.name(),
            "memory_mib": memory(results, contestant).json(),
            "at_connections": CONNECTIONS.into_iter().map(at).collect::<Map<_, _>>(),
        })
    };
    let alone = |alone: Alone| {
        json!({
            "name": alone.name(),
            "cpu_micros": Spread::of(results.alone(alone).collect()).json(),
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
        "servers": Contestant::ALL.map(server),
        "alone": Alone::ALL.map(alone),
        "goals": goals.collect::<Vec<_>>(),
    })
}

fn memory(results: &Results, contestant: Contestant) -> Spread {
    Spread::of(results.memory.get(&contestant).cloned().unwrap_or_default())
}

fn spread(Spread { least, median, most }: Spread, digits: usize) -> String {
    format!("{median:.digits$} ({least:.digits$} to {most:.digits$})")
}
