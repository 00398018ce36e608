//! What the service has to reach, each as a comparison within one round.

use std::iter;

use super::{alone::Alone, contestant::Contestant, results::Results};
use crate::command::bench::{database::Store, summary::Spread};

/// The connections at which the goals are set.
const CONNECTIONS: u32 = 64;

/// A goal, and what was measured.
pub(super) struct Goal {
    pub(super) what: &'static str,
    limit: Limit,
    pub(super) measured: Spread,
}

/// Beyond what a goal is missed.
#[derive(Clone, Copy)]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Goal {
    /// Whether the median is within the limit.
    pub(super) fn is_reached(&self) -> bool {
        match self.limit {
            Limit::AtMost(most) => self.measured.median <= most,
            Limit::AtLeast(least) => self.measured.median >= least,
        }
    }

    /// `at most 1.25`.
    pub(super) fn limit(&self) -> String {
        match self.limit {
            Limit::AtMost(most) => format!("at most {most}"),
            Limit::AtLeast(least) => format!("at least {least}"),
        }
    }
}

/// The goals on the store that was measured.
pub(super) fn goals(results: &Results) -> Vec<Goal> {
    match results.store {
        Store::Sqlite => on_sqlite(results),
        Store::Postgres => on_postgres(results),
    }
}

fn on_sqlite(results: &Results) -> Vec<Goal> {
    let rounds = |contestant| results.rounds(contestant, CONNECTIONS, |sample| sample.cpu);
    let log = iter::zip(rounds(Contestant::Ours), rounds(Contestant::OursWithoutRequestLog));
    vec![
        over_hyper(results),
        rate(results, "requests/s ÷ those of axum + sqlx", Contestant::AxumSqlx, 1.5),
        Goal {
            what: "p99 ÷ that of axum + sqlx",
            limit: Limit::AtMost(1.0),
            measured: results.ratio(Contestant::AxumSqlx, CONNECTIONS, |sample| sample.p99),
        },
        Goal {
            what: "own share: CPU-µs over Dropshot, the query and the audit row",
            limit: Limit::AtMost(15.0),
            measured: Spread::of(own_share(results)),
        },
        Goal {
            what: "request log: CPU-µs over the service without it",
            limit: Limit::AtMost(3.0),
            measured: Spread::of(log.map(|(with, without)| with - without).collect()),
        },
    ]
}

fn on_postgres(results: &Results) -> Vec<Goal> {
    vec![
        over_hyper(results),
        rate(results, "requests/s ÷ those of axum + sqlx", Contestant::AxumSqlx, 2.5),
        rate(results, "requests/s ÷ those of pgbench", Contestant::Pgbench, 0.6),
    ]
}

fn over_hyper(results: &Results) -> Goal {
    Goal {
        what: "server CPU a request ÷ that of bare hyper over the same store",
        limit: Limit::AtMost(1.25),
        measured: results.ratio(Contestant::HyperStore, CONNECTIONS, |sample| sample.cpu),
    }
}

fn rate(results: &Results, what: &'static str, other: Contestant, least: f64) -> Goal {
    Goal {
        what,
        limit: Limit::AtLeast(least),
        measured: results.ratio(other, CONNECTIONS, |sample| sample.requests_per_second),
    }
}

/// What the service takes beyond its parts: router, extractors, wrapper, decision, JSON, log.
fn own_share(results: &Results) -> Vec<f64> {
    let rounds = |contestant| results.rounds(contestant, CONNECTIONS, |sample| sample.cpu);
    let parts = iter::zip(results.alone(Alone::Query), results.alone(Alone::Audit));
    let parts = iter::zip(parts, rounds(Contestant::DropshotConstant));
    iter::zip(rounds(Contestant::Ours), parts)
        .map(|(ours, ((query, audit), dropshot))| ours - dropshot - query - audit)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::command::bench::service::results::Sample;

    /// Each round: CPU and requests a second, of ours and of everybody else.
    fn results(store: Store, ours: &[(f64, f64)], others: &[(f64, f64)]) -> Results {
        let samples = |rounds: &[(f64, f64)]| {
            let sample = |(cpu, requests_per_second): &(f64, f64)| Sample {
                cpu: *cpu,
                database: f64::NAN,
                core: 100.0,
                requests_per_second: *requests_per_second,
                p50: 1.0,
                p99: 2.0,
            };
            rounds.iter().map(sample).collect::<Vec<_>>()
        };
        let servers = Contestant::all(store).iter().map(|contestant| {
            let is_ours = *contestant == Contestant::Ours;
            ((*contestant, CONNECTIONS), samples(if is_ours { ours } else { others }))
        });
        let alone = BTreeMap::from([(Alone::Query, vec![20.0; 3]), (Alone::Audit, vec![5.0; 3])]);
        Results { servers: servers.collect(), alone, ..Results::on(store) }
    }

    fn measured(goals: &[Goal]) -> Vec<(f64, bool)> {
        goals.iter().map(|goal| (goal.measured.median, goal.is_reached())).collect()
    }

    /// The machine was busy in the second round, for everybody.
    const OURS: [(f64, f64); 3] = [(60.0, 300.0), (180.0, 100.0), (60.0, 300.0)];
    const OTHERS: [(f64, f64); 3] = [(50.0, 200.0), (150.0, 60.0), (50.0, 200.0)];

    #[test]
    fn rounds_are_compared_with_themselves_and_not_with_a_slow_one() {
        let goals = goals(&results(Store::Sqlite, &OURS, &OTHERS));
        let expected = [(1.2, true), (1.5, true), (1.0, true), (-15.0, true), (10.0, false)];
        assert_eq!(measured(&goals), expected);
    }

    #[test]
    fn on_postgresql_the_peer_has_to_be_outdone_by_more_and_pgbench_not_at_all() {
        let goals = goals(&results(Store::Postgres, &OURS, &OTHERS));
        assert_eq!(measured(&goals), [(1.2, true), (1.5, false), (1.5, true)]);
    }
}
