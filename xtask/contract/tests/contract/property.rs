//! Laws that hold for any documents, tried on generated ones.

mod dice;
mod generate;
mod instance;
mod malformed;
mod mutate;
mod rewrite;
mod schemas;
mod steps;

use openapi_contract::{
    Category, Change, Comparison, Direction, Document, Options, Verdict, compare,
};
use proptest::{collection::vec, prelude::*};
use serde_json::Value;

use self::{dice::Dice, mutate::Choices, steps::comes_back_otherwise};
use crate::validation::{Context, Reading, validator};

/// What one document is made of.
fn seed() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..200)
}

fn compared(base: &Value, head: &Value) -> Comparison {
    let read = |document: &Value| Document::from_value(document.clone()).unwrap();
    compare(&read(base), &read(head), Options::default())
}

/// For messages: what was found, and where.
fn told(changes: &[Change]) -> String {
    let told = changes.iter().map(|change| {
        format!("{} {} at {} and {}", change.wire, change.rule.id, change.base, change.head)
    });
    told.collect::<Vec<_>>().join("\n")
}

/// Whether a change is about more than names and words.
fn matters(change: &Change) -> bool {
    !matches!(change.rule.category, Category::Client | Category::Documentation)
}

proptest! {
    #[test]
    fn a_document_is_the_same_as_itself(numbers in seed()) {
        let document = generate::document(&mut Dice::new(&numbers));
        let changes = compared(&document, &document).changes;
        prop_assert!(changes.is_empty(), "{}", told(&changes));
    }

    #[test]
    fn what_means_the_same_is_no_change_on_the_wire(numbers in seed(), how in seed()) {
        let document = generate::document(&mut Dice::new(&numbers));
        let mut rewritten = document.clone();
        let done = rewrite::rewrite(&mut rewritten, &mut Dice::new(&how));
        for (base, head) in [(&document, &rewritten), (&rewritten, &document)] {
            let changes = compared(base, head).changes;
            let changes: Vec<_> = changes.into_iter().filter(matters).collect();
            prop_assert!(changes.is_empty(), "{done:?}: {}\n{base:#}\n{head:#}", told(&changes));
        }
    }

    #[test]
    fn what_is_compatible_is_accepted(numbers in seed(), how in seed(), values in seed()) {
        let base = generate::document(&mut Dice::new(&numbers));
        let mut head = base.clone();
        mutate::mutate(&mut head, &mut Dice::new(&how), Choices::MayChange);
        let comparison = compared(&base, &head);
        if comparison.wire != Verdict::Compatible {
            return Ok(());
        }
        let mut dice = Dice::new(&values);
        for (direction, sender, receiver) in
            [(Direction::Request, &base, &head), (Direction::Response, &head, &base)]
        {
            for value in sent(sender, direction, &mut dice) {
                prop_assert!(
                    accepted(receiver, direction, &value),
                    "{value} in a {} is refused, and was judged compatible:\n{}\n{base:#}\n{head:#}",
                    direction.as_str(),
                    told(&comparison.changes)
                );
            }
        }
    }

    #[test]
    fn two_steps_are_no_better_than_one(numbers in seed(), first in seed(), second in seed()) {
        let a = generate::document(&mut Dice::new(&numbers));
        let mut b = a.clone();
        mutate::mutate(&mut b, &mut Dice::new(&first), Choices::Stay);
        let mut c = b.clone();
        mutate::mutate(&mut c, &mut Dice::new(&second), Choices::Stay);
        if comes_back_otherwise([&a, &b, &c]) {
            return Ok(());
        }
        let steps = [compared(&a, &b), compared(&b, &c)];
        let whole = compared(&a, &c);
        let worst = steps.iter().map(|step| step.wire).max().unwrap_or_default();
        prop_assert!(
            worst >= whole.wire,
            "{worst} in steps:\n{}\n{}\nand at once {}:\n{}\n{a:#}\n{b:#}\n{c:#}",
            told(&steps[0].changes),
            told(&steps[1].changes),
            whole.wire,
            told(&whole.changes),
        );
    }

    #[test]
    fn what_breaks_is_proven(numbers in seed(), how in seed()) {
        let base = generate::document(&mut Dice::new(&numbers));
        let mut head = base.clone();
        mutate::mutate(&mut head, &mut Dice::new(&how), Choices::MayChange);
        for change in compared(&base, &head).changes {
            if let (Category::Schema, Some(witness)) = (change.rule.category, &change.witness) {
                prop_assert!(
                    crate::witnesses::confirmed([&base, &head], &change, witness),
                    "{} does not prove\n{}\n{base:#}\n{head:#}",
                    witness.value,
                    told(std::slice::from_ref(&change))
                );
            }
        }
    }
}

/// The values that this side sends, as far as the validator agrees that they are values of it.
fn sent(document: &Value, direction: Direction, dice: &mut Dice<'_>) -> Vec<Value> {
    let schema = generate::body(document, direction);
    let context = Context { document, direction, reading: Reading::Sent };
    let Some(validator) = validator(context, schema) else { return Vec::new() };
    let values = (0..8).filter_map(|_| instance::instance(document, schema, direction, dice, 6));
    values.filter(|value| validator.is_valid(value)).collect()
}

fn accepted(document: &Value, direction: Direction, value: &Value) -> bool {
    let schema = generate::body(document, direction);
    let context = Context { document, direction, reading: Reading::Received };
    validator(context, schema).is_none_or(|validator| validator.is_valid(value))
}
