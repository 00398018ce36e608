//! Decisions, taken from numbers that the property tests make up and shrink.

/// Takes decisions until the numbers are used up, and then always the first choice.
#[derive(Debug)]
pub(crate) struct Dice<'a> {
    numbers: &'a [u8],
}

impl<'a> Dice<'a> {
    pub(crate) fn new(numbers: &'a [u8]) -> Self {
        Self { numbers }
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let Some((first, rest)) = self.numbers.split_first() else { return 0 };
        self.numbers = rest;
        usize::from(*first) % limit.max(1)
    }

    /// Whether something is so, once in `odds` times.
    pub(crate) fn once_in(&mut self, odds: usize) -> bool {
        self.below(odds) == odds - 1
    }

    /// One of these; `None` only where there is none.
    pub(crate) fn pick<'b, T>(&mut self, choices: &'b [T]) -> Option<&'b T> {
        choices.get(self.below(choices.len()))
    }
}
