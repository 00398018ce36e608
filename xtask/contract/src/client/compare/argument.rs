//! Compares what methods take.

use super::{Comparison, conversion::Conversion};
use crate::{
    ClientStyle, Rule, Verdict,
    client::{
        operation::{Argument, ArgumentKind, Method, Passed},
        rules,
        surface::Surface,
        types::{Entry, Named, Plain, Shape, text::all_simple},
    },
};

impl<'a> Comparison<'_, 'a> {
    pub(super) fn arguments(&mut self, base: &Method<'a>, head: &Method<'a>) {
        let within = (&base.place, &head.place);
        let mut order = Vec::new();
        for (place, argument) in base.arguments.iter().enumerate() {
            if let Some(index) = counterpart(argument, base, head) {
                order.push(index);
                self.argument(argument, &head.arguments[index]);
                continue;
            }
            if self.is_taken_for(argument, place, base, head) {
                order.push(place);
                self.renamed_in_place(argument, &head.arguments[place]);
                continue;
            }
            let spot = self.gone(&argument.place, within);
            let before = argument_text(self.base, argument);
            let reason = "Code that passes the argument does not compile any more.";
            let signature = (Some(before), None);
            self.report(&rules::ARGUMENT_REMOVED, Verdict::Breaking, spot, signature, reason);
        }
        for (index, argument) in head.arguments.iter().enumerate() {
            if !order.contains(&index) {
                self.new_argument(argument, within);
            }
        }
        if self.style == ClientStyle::Positional && !order.is_sorted() {
            let spot = self.both(&base.place, &head.place);
            let list = |surface, arguments: &[Argument<'a>]| {
                let all: Vec<_> = arguments.iter().map(|it| argument_text(surface, it)).collect();
                Some(all.join(", "))
            };
            let signature = (list(self.base, &base.arguments), list(self.head, &head.arguments));
            let reason = "Code that calls the method passes its arguments in the old order.";
            self.report(&rules::ORDER_CHANGED, Verdict::Breaking, spot, signature, reason);
        }
    }

    /// Whether a positional client passes the argument as another one, without a word.
    fn is_taken_for(
        &self,
        argument: &Argument<'a>,
        place: usize,
        base: &Method<'a>,
        head: &Method<'a>,
    ) -> bool {
        let Some(other) = head.arguments.get(place) else { return false };
        let same = match (argument.of, other.of) {
            (Passed::Type(of), Passed::Type(other)) => self.same(of, other),
            (of, other) => of == other,
        };
        self.style == ClientStyle::Positional
            && same
            && argument.kind == other.kind
            && argument.required == other.required
            && !base.arguments.iter().any(|it| it.name == other.name)
    }

    fn renamed_in_place(&mut self, base: &Argument<'a>, head: &Argument<'a>) {
        let reason = "Code passes the argument by its position, and so means another one.";
        self.about_argument(base, head, &rules::ARGUMENT_RENAMED, Verdict::Warning, reason);
    }

    fn new_argument(
        &mut self,
        argument: &Argument<'a>,
        within: (&crate::client::place::Place<'a>, &crate::client::place::Place<'a>),
    ) {
        let spot = self.added(&argument.place, within);
        let signature = (None, Some(argument_text(self.head, argument)));
        let needed = argument.required
            && match argument.of {
                Passed::Type(id) => self.head.types.needs_fields(id),
                _ => true,
            };
        match self.style {
            ClientStyle::Builder if needed => {
                let reason = "Code that does not set the argument fails when it runs.";
                let rule = &rules::ARGUMENT_REQUIRED;
                self.report(rule, Verdict::Breaking, spot, signature, reason);
            }
            ClientStyle::Builder => {}
            ClientStyle::Positional => {
                let reason = "Code that calls the method passes one argument too few.";
                let rule = if argument.required {
                    &rules::ARGUMENT_REQUIRED
                } else {
                    &rules::ARGUMENT_ADDED
                };
                self.report(rule, Verdict::Breaking, spot, signature, reason);
            }
        }
    }

    fn argument(&mut self, base: &Argument<'a>, head: &Argument<'a>) {
        let builder = self.style == ClientStyle::Builder;
        if builder && base.name != head.name {
            let reason = "Code that sets the argument does not compile any more.";
            self.about_argument(base, head, &rules::ARGUMENT_RENAMED, Verdict::Breaking, reason);
        }
        if builder && !base.required && head.required {
            let reason = "Code that does not set the argument fails when it runs.";
            self.about_argument(base, head, &rules::ARGUMENT_REQUIRED, Verdict::Breaking, reason);
        }
        let conversion = match (base.of, head.of) {
            (Passed::Type(base), Passed::Type(head)) if builder => self.conversion(base, head),
            (Passed::Type(of), Passed::Type(other)) => {
                let same = self.same(of, other)
                    && base.required == head.required
                    && by_value(self.base, base) == by_value(self.head, head);
                if same { Conversion::Lossless } else { Conversion::None }
            }
            (Passed::Text, Passed::Raw) => Conversion::Lossless,
            (base, head) if base == head => Conversion::Lossless,
            _ => Conversion::None,
        };
        let (verdict, reason) = match conversion {
            Conversion::Lossless => return,
            Conversion::Fallible => (
                Verdict::Warning,
                "What code passes is converted to the new type, which may fail when it runs.",
            ),
            Conversion::None => (Verdict::Breaking, "Code passes a value of the old type."),
        };
        self.about_argument(base, head, &rules::ARGUMENT_TYPE_CHANGED, verdict, reason);
    }

    fn about_argument(
        &mut self,
        base: &Argument<'a>,
        head: &Argument<'a>,
        rule: &'static Rule,
        verdict: Verdict,
        reason: &str,
    ) {
        let spot = self.both(&base.place, &head.place);
        let signature =
            (Some(argument_text(self.base, base)), Some(argument_text(self.head, head)));
        self.report(rule, verdict, spot, signature, reason);
    }
}

/// The argument of the head that is this one: it has its name, or its place in the path.
fn counterpart(argument: &Argument<'_>, base: &Method<'_>, head: &Method<'_>) -> Option<usize> {
    let named = head.arguments.iter().position(|it| it.name == argument.name);
    named.or_else(|| {
        let ArgumentKind::Path(_) = argument.kind else { return None };
        head.arguments.iter().position(|it| {
            it.kind == argument.kind && !base.arguments.iter().any(|old| old.name == it.name)
        })
    })
}

/// Whether a positional client takes it as it is, and not by reference.
fn by_value(surface: &Surface<'_>, argument: &Argument<'_>) -> bool {
    let Passed::Type(id) = argument.of else { return true };
    match surface.types.get(id) {
        Some(Entry::Named(Named { shape: Shape::Enum { variants, .. }, .. })) => {
            all_simple(variants)
        }
        Some(Entry::Plain(plain)) => {
            matches!(plain, Plain::Unit | Plain::Bool | Plain::Integer(_) | Plain::Float(_))
        }
        _ => false,
    }
}

/// An argument, as it is declared.
fn argument_text(surface: &Surface<'_>, argument: &Argument<'_>) -> String {
    let of = match argument.of {
        Passed::Type(id) => surface.types.text(id),
        Passed::Raw => "reqwest::Body".to_owned(),
        Passed::Text => "String".to_owned(),
    };
    let of = if argument.required { of } else { format!("Option<{of}>") };
    format!("{}: {of}", argument.name)
}
