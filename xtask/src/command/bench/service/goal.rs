//! What the service has to reach, each as a comparison within one round.

use std::iter;

use super::{
    alone::Alone,
    contestant::Contestant,
    results::{Results, Sample},
};
use crate::command::bench::summary::Spread;

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

/// The goals on the embedded store.
pub(super) fn goals(results: &Results) -> Vec<Goal> {
    let cpu = |sample: &Sample| sample.cpu;
    let ratio = |other, of| results.ratio(other, CONNECTIONS, of);
    let rounds = |contestant| results.rounds(contestant, CONNECTIONS, cpu);
    let log = iter::zip(rounds(Contestant::Ours), rounds(Contestant::OursWithoutRequestLog));
    vec![
        Goal {
            what: "server CPU a request ÷ that of bare hyper over the same store",
            limit: Limit::AtMost(1.25),
            measured: ratio(Contestant::HyperStore, cpu),
        },
        Goal {
            what: "requests/s ÷ those of axum + sqlx",
            limit: Limit::AtLeast(1.5),
            measured: ratio(Contestant::AxumSqlx, |sample| sample.requests_per_second),
        },
        Goal {
            what: "p99 ÷ that of axum + sqlx",
            limit: Limit::AtMost(1.0),
            measured: ratio(Contestant::AxumSqlx, |sample| sample.p99),
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

    fn results(ours: &[(f64, f64)], floor: &[(f64, f64)]) -> Results {
        let samples = |rounds: &[(f64, f64)]| {
            let sample = |(cpu, requests_per_second): &(f64, f64)| Sample {
                cpu: *cpu,
                core: 100.0,
                requests_per_second: *requests_per_second,
                p50: 1.0,
                p99: 2.0,
            };
            rounds.iter().map(sample).collect::<Vec<_>>()
        };
        let servers = Contestant::ALL.map(|contestant| {
            let is_ours = contestant == Contestant::Ours;
            ((contestant, CONNECTIONS), samples(if is_ours { ours } else { floor }))
        });
        let alone = BTreeMap::from([(Alone::Query, vec![20.0; 3]), (Alone::Audit, vec![5.0; 3])]);
        Results { servers: servers.into(), alone, ..Results::default() }
    }

    #[test]
    fn rounds_are_compared_with_themselves_and_not_with_a_slow_one() {
        // The machine was busy in the second round, for everybody.
        let results = results(
            &[(60.0, 300.0), (180.0, 100.0), (60.0, 300.0)],
            &[(50.0, 200.0), (150.0, 60.0), (50.0, 200.0)],
        );
        let goals = goals(&results);
        let medians: Vec<_> = goals.iter().map(|goal| goal.measured.median).collect();
        assert_eq!(medians, [1.2, 1.5, 1.0, -15.0, 10.0]);
        let reached: Vec<_> = goals.iter().map(Goal::is_reached).collect();
        assert_eq!(reached, [true, true, true, true, false]);
    }
}
