//! What was measured, round by round.

use std::{collections::BTreeMap, iter};

use super::{alone::Alone, contestant::Contestant};
use crate::command::bench::{database::Store, summary::Spread};

/// Connections at once.
pub(super) const CONNECTIONS: [u32; 4] = [1, 16, 64, 256];

/// What one server did in one round, over so many connections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) requests_per_second: f64,
    /// How long the server was on its core for a request, in microseconds; not a number where there
    /// is no server.
    pub(super) cpu: f64,
    /// Likewise PostgreSQL, on the same core; not a number where the store is embedded.
    pub(super) database: f64,
    /// How much of their core both had, in per cent. Where that is less than all, somebody else was
    /// on the core, or they waited for requests; requests/s say little then.
    pub(super) core: f64,
    /// Latencies, in milliseconds.
    pub(super) p50: f64,
    pub(super) p99: f64,
}

/// All rounds. Those of two servers were at the same time as near as can be, and are compared
/// round by round.
pub(super) struct Results {
    pub(super) store: Store,
    pub(super) servers: BTreeMap<(Contestant, u32), Vec<Sample>>,
    /// Microseconds.
    pub(super) alone: BTreeMap<Alone, Vec<f64>>,
    /// The most memory of each server, in MiB.
    pub(super) memory: BTreeMap<Contestant, Vec<f64>>,
}

impl Results {
    pub(super) fn on(store: Store) -> Self {
        Self { store, servers: BTreeMap::new(), alone: BTreeMap::new(), memory: BTreeMap::new() }
    }

    /// One quantity in every round.
    pub(super) fn rounds(
        &self,
        contestant: Contestant,
        connections: u32,
        of: fn(&Sample) -> f64,
    ) -> impl Iterator<Item = f64> {
        self.servers.get(&(contestant, connections)).into_iter().flatten().map(of)
    }

    /// A quantity over all rounds.
    pub(super) fn spread(
        &self,
        contestant: Contestant,
        connections: u32,
        of: fn(&Sample) -> f64,
    ) -> Spread {
        Spread::of(self.rounds(contestant, connections, of).collect())
    }

    /// How many times as much it is for ours as for another.
    pub(super) fn ratio(
        &self,
        other: Contestant,
        connections: u32,
        of: fn(&Sample) -> f64,
    ) -> Spread {
        let (ours, theirs) =
            (self.rounds(Contestant::Ours, connections, of), self.rounds(other, connections, of));
        Spread::of(iter::zip(ours, theirs).map(|(ours, theirs)| ours / theirs).collect())
    }

    pub(super) fn alone(&self, alone: Alone) -> impl Iterator<Item = f64> {
        self.alone.get(&alone).into_iter().flatten().copied()
    }
}
