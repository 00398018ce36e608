//! Where something of the generated client comes from.

use std::{fmt::Write, rc::Rc};

use crate::document::pointer::Escaped;

/// A place in a document, which becomes a JSON pointer only where it is reported.
///
/// Each schema has one, and few are ever shown: a place costs one small allocation, not a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Place<'a>(Option<Rc<Step<'a>>>);

#[derive(Debug)]
struct Step<'a> {
    parent: Place<'a>,
    token: Token<'a>,
}

#[derive(Debug)]
enum Token<'a> {
    Member(&'a str),
    Item(usize),
    /// Where a reference led: the pointer that stood in it.
    Pointer(Rc<str>),
}

impl<'a> Place<'a> {
    /// The place that a pointer names.
    pub(super) fn at(pointer: &str) -> Self {
        Self::default().step(Token::Pointer(Rc::from(pointer)))
    }

    pub(super) fn member(&self, name: &'a str) -> Self {
        self.step(Token::Member(name))
    }

    pub(super) fn item(&self, index: usize) -> Self {
        self.step(Token::Item(index))
    }

    /// As a JSON pointer.
    pub(super) fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut place = self;
        while let Some(step) = &place.0 {
            steps.push(&step.token);
            place = &step.parent;
        }
        let mut pointer = String::new();
        for token in steps.into_iter().rev() {
            match token {
                Token::Member(name) => {
                    pointer.push('/');
                    // Writing to a text can't fail.
                    let _ = Escaped(&mut pointer).write_str(name);
                }
                Token::Item(index) => {
                    let _ = write!(pointer, "/{index}");
                }
                Token::Pointer(whole) => pointer.push_str(whole),
            }
        }
        pointer
    }

    fn step(&self, token: Token<'a>) -> Self {
        Self(Some(Rc::new(Step { parent: self.clone(), token })))
    }
}

/// The pointer, or the nearest one around it that leads to something.
pub(super) fn nearest(document: &crate::Document, pointer: &str) -> String {
    let mut pointer = pointer;
    while document.get(pointer).is_none() {
        let Some(end) = pointer.rfind('/') else { return String::new() };
        pointer = &pointer[..end];
    }
    pointer.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_becomes_a_pointer() {
        let place = Place::at("/components/schemas/A").member("a/b~").item(2);
        assert_eq!(place.pointer(), "/components/schemas/A/a~1b~0/2");
        assert_eq!(Place::default().pointer(), "");
    }
}
