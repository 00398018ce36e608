//! What was found out about types, and what is being found out.

use rustc_hash::FxHashMap;

use super::Containment;
use crate::{
    schema::{Key, written::Wire},
    verdict::Direction,
};

/// Sent, accepted, in which direction, and how it is on the wire.
pub(super) type Question = (Key, Key, Direction, Wire);

/// What was found out, and what is being found out.
///
/// Types that contain themselves ask about themselves: the answer is assumed to be yes, and what
/// rests on that is provisional until it was shown.
#[derive(Default)]
pub(crate) struct Memory {
    known: FxHashMap<Question, Containment>,
    asked: FxHashMap<Question, usize>,
    provisional: Vec<Question>,
    resting: FxHashMap<Question, usize>,
    /// The first question, in order of asking, whose assumed answer was used.
    first_assumed: usize,
}

/// A question that waits for its answer.
pub(super) struct Asked {
    question: Question,
    place: usize,
    /// How much was provisional when it was asked.
    provisional: usize,
    /// What the questions around it had assumed by then.
    outer: usize,
}

impl Memory {
    /// The answer, if there is one or one is to be assumed.
    pub(super) fn recall(&mut self, question: &Question) -> Option<Containment> {
        if let Some(known) = self.known.get(question) {
            return Some(known.clone());
        }
        let assumed = self.asked.get(question).or_else(|| self.resting.get(question)).copied()?;
        self.first_assumed = self.first_assumed.min(assumed);
        Some(Containment::Proven)
    }

    pub(super) fn ask(&mut self, question: Question) -> Asked {
        let place = self.asked.len();
        self.asked.insert(question.clone(), place);
        let outer = std::mem::replace(&mut self.first_assumed, usize::MAX);
        Asked { question, place, provisional: self.provisional.len(), outer }
    }

    pub(super) fn settle(&mut self, asked: Asked, answer: &Containment) {
        let Asked { question, place, provisional, outer } = asked;
        self.asked.remove(&question);
        let first_assumed = std::mem::replace(&mut self.first_assumed, outer);
        let rests_on_others = first_assumed < place;
        if *answer == Containment::Proven && rests_on_others {
            self.first_assumed = self.first_assumed.min(first_assumed);
            self.resting.insert(question.clone(), first_assumed);
            self.provisional.push(question);
            return;
        }
        // What rested on this answer stands with it, or falls with it.
        let stands = *answer == Containment::Proven;
        for resting in self.provisional.drain(provisional..) {
            self.resting.remove(&resting);
            if stands {
                self.known.insert(resting, Containment::Proven);
            }
        }
        self.known.insert(question, answer.clone());
    }
}
