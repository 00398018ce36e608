//! What was measured, round by round.

use std::{collections::BTreeMap, iter};

use super::{data::Import, operation::Operation};
use crate::command::bench::summary::Spread;

/// What an operation took in one round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// The median of the requests, in milliseconds.
    pub(super) time: f64,
    /// How long the server was on its core for a request, in microseconds.
    pub(super) cpu: f64,
    /// Likewise all processes of PostgreSQL; nothing where the store is in the server.
    pub(super) database_cpu: f64,
}

/// What was measured once for each number of customers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    /// The import that made the data.
    pub(super) import: Import,
    /// The most memory that the server had, in MiB.
    pub(super) memory: f64,
}

/// One quantity of a sample.
pub(super) type Quantity = fn(&Sample) -> f64;

/// All rounds on one store. Those of two sizes were at the same time as near as can be, and are
/// compared round by round.
#[derive(Debug, Default)]
pub(super) struct Results {
    pub(super) samples: BTreeMap<(Operation, u32), Vec<Sample>>,
    /// By the number of customers.
    pub(super) wholes: BTreeMap<u32, Whole>,
}

impl Results {
    /// The numbers of customers, from the least to the most.
    pub(super) fn sizes(&self) -> impl Iterator<Item = u32> {
        self.wholes.keys().copied()
    }

    /// A quantity over all rounds.
    pub(super) fn spread(&self, operation: Operation, customers: u32, of: Quantity) -> Spread {
        Spread::of(self.rounds(operation, customers, of).collect())
    }

    /// How many times as much it is with the most customers as with the fewest; nothing where there
    /// is one number only.
    pub(super) fn growth(&self, operation: Operation, of: Quantity) -> Option<Spread> {
        let (fewest, most) = (self.sizes().next()?, self.sizes().last()?);
        let rounds = |customers| self.rounds(operation, customers, of);
        let ratios = iter::zip(rounds(most), rounds(fewest)).map(|(most, fewest)| most / fewest);
        (fewest < most).then(|| Spread::of(ratios.collect()))
    }

    fn rounds(
        &self,
        operation: Operation,
        customers: u32,
        of: Quantity,
    ) -> impl Iterator<Item = f64> {
        self.samples.get(&(operation, customers)).into_iter().flatten().map(of)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What takes so many milliseconds.
    pub(in super::super) fn sample(time: f64) -> Sample {
        Sample { time, cpu: 500.0 * time, database_cpu: 200.0 * time }
    }

    /// Of servers for so many customers, each with so much memory, by which three rounds of each
    /// operation were answered in a millisecond.
    pub(in super::super) fn results(sizes: &[(u32, f64)]) -> Results {
        let mut results = Results::default();
        for (customers, memory) in sizes {
            let import = Import {
                records: 4 * u64::from(*customers),
                seconds: 5.0,
                cpu_seconds: 4.0,
                database_cpu_seconds: 2.0,
                memory_mib: 130.0,
                disk_mib: 7.0,
            };
            results.wholes.insert(*customers, Whole { import, memory: *memory });
            for operation in Operation::ALL {
                results.samples.insert((operation, *customers), vec![sample(1.0); 3]);
            }
        }
        results
    }

    #[test]
    fn growth_is_from_the_fewest_to_the_most_whatever_is_between() {
        let mut results = results(&[(100, 1.0), (1_000, 1.0), (10_000, 1.0)]);
        for (customers, time) in [(100, 2.0), (1_000, 9.0), (10_000, 3.0)] {
            results.samples.insert((Operation::Update, customers), vec![sample(time)]);
        }
        let growth = results.growth(Operation::Update, |sample| sample.time);
        assert_eq!(growth, Some(Spread { least: 1.5, median: 1.5, most: 1.5 }));
        assert_eq!(super::tests::results(&[(100, 1.0)]).growth(Operation::Get, |it| it.cpu), None);
    }
}
