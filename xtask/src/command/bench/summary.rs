//! Several runs of the same: the median and how far they lie apart.

use serde_json::{Value, json};

use super::measure::Run;

/// The least, the median and the most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) least: f64,
    pub(super) median: f64,
    pub(super) most: f64,
}

impl Spread {
    /// Of at least one number.
    pub(super) fn of(mut numbers: Vec<f64>) -> Self {
        numbers.sort_by(f64::total_cmp);
        let at = |index: usize| numbers.get(index).copied().unwrap_or(f64::NAN);
        let (last, middle) = (numbers.len().saturating_sub(1), numbers.len() / 2);
        let median = if numbers.len().is_multiple_of(2) {
            f64::midpoint(at(middle.saturating_sub(1)), at(middle))
        } else {
            at(middle)
        };
        Self { least: at(0), median, most: at(last) }
    }

    pub(super) fn json(self) -> Value {
        json!({ "least": self.least, "median": self.median, "most": self.most })
    }
}

/// What a program took, over all rounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Summary {
    /// Milliseconds.
    pub(super) time: Spread,
    /// Megabytes of a million bytes.
    pub(super) memory: Spread,
}

impl Summary {
    pub(super) fn of(runs: &[Run]) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "below 2^52 bytes there is none")]
        let megabytes = |run: &Run| run.memory as f64 / 1e6;
        Self {
            time: Spread::of(runs.iter().map(|run| run.time.as_secs_f64() * 1e3).collect()),
            memory: Spread::of(runs.iter().map(megabytes).collect()),
        }
    }

    pub(super) fn json(self) -> Value {
        json!({ "milliseconds": self.time.json(), "megabytes": self.memory.json() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlier_does_not_move_the_median() {
        let odd = Spread::of(vec![900.0, 2.0, 1.0]);
        assert_eq!(odd, Spread { least: 1.0, median: 2.0, most: 900.0 });
        let even = Spread::of(vec![4.0, 900.0, 1.0, 2.0]);
        assert_eq!(even, Spread { least: 1.0, median: 3.0, most: 900.0 });
    }
}
