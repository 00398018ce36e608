//! What has to stay as it is, however many customers there are.

use super::{operation::Operation, report::grouped, results::Results};
use crate::command::bench::summary::Spread;

/// For how many customers there is a goal of the import, and the seconds that it may take.
const IMPORT: (u32, f64) = (10_000_000, 600.0);

/// A goal, and what was measured.
pub(super) struct Goal {
    pub(super) what: String,
    pub(super) most: f64,
    pub(super) measured: Spread,
}

impl Goal {
    /// Whether the median is within the limit.
    pub(super) fn is_reached(&self) -> bool {
        self.measured.median <= self.most
    }
}

/// Those that can be said of the sizes that were measured.
pub(super) fn goals(results: &Results) -> Vec<Goal> {
    let (fewest, most) = (results.sizes().next(), results.sizes().last());
    let sizes = format!(
        "with {} customers ÷ that with {}",
        grouped(most.unwrap_or_default()),
        grouped(fewest.unwrap_or_default())
    );
    let growth = |what: &str, of| {
        let measured = results.growth(Operation::Get, of)?;
        Some(Goal { what: format!("{what} of a get {sizes}"), most: 1.3, measured })
    };
    let import = results.wholes.get(&IMPORT.0).map(|whole| Goal {
        what: format!("import of {} customers, s", grouped(IMPORT.0)),
        most: IMPORT.1,
        measured: Spread::of(vec![whole.import.seconds]),
    });
    let memory = results.wholes.values().map(|whole| whole.memory).fold(0.0, f64::max);
    let memory = Goal {
        what: "memory of the server, whatever the size, MiB".to_owned(),
        most: 100.0,
        measured: Spread::of(vec![memory]),
    };
    let goals = [
        growth("time", |sample| sample.time),
        growth("CPU (server and database)", |sample| sample.cpu + sample.database_cpu),
        import,
        Some(memory),
    ];
    goals.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::bench::growth::results::tests::{results, sample};

    #[test]
    fn sizes_are_compared_round_by_round_and_the_machine_may_be_busy_in_one() {
        let of_get = |rounds: &[f64]| rounds.iter().map(|time| sample(*time)).collect();
        let fewest = of_get(&[0.1, 0.3, 0.1]);
        let most = of_get(&[0.12, 0.36, 0.14]);
        let mut results = results(&[(10_000, 40.0), (10_000_000, 101.0)]);
        results.samples.insert((Operation::Get, 10_000), fewest);
        results.samples.insert((Operation::Get, 10_000_000), most);
        let goals = goals(&results);
        let reached: Vec<_> = goals.iter().map(Goal::is_reached).collect();
        assert_eq!(reached, [true, true, true, false]);
        assert!((goals[0].measured.median - 1.2).abs() < 1e-9, "{:?}", goals[0].measured);
        assert!((goals[3].measured.median - 101.0).abs() < 1e-9, "{:?}", goals[3].measured);
    }

    #[test]
    fn what_was_not_measured_is_no_goal() {
        let whats: Vec<_> =
            goals(&results(&[(10_000, 40.0)])).into_iter().map(|goal| goal.what).collect();
        assert_eq!(whats, ["memory of the server, whatever the size, MiB"]);
    }
}
