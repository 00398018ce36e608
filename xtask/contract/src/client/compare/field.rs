//! Compares fields, of structs and of variants.

use super::{Comparison, conversion::Conversion, pair::used, shape::Both};
use crate::{
    Verdict,
    client::{
        rules,
        surface::Reach,
        types::{Field, State},
    },
};

impl<'c, 'a> Comparison<'c, 'a> {
    /// `literal` says that callers who make one name all fields.
    pub(super) fn fields(
        &mut self,
        both: Both<'c, 'a>,
        base: &[Field<'a>],
        head: &[Field<'a>],
        literal: bool,
    ) {
        let within = (&both.base.place, &both.head.place);
        let find =
            |fields: &[Field<'a>], name: &str| fields.iter().position(|field| field.name == name);
        for field in base {
            if let Some(index) = find(head, &field.name) {
                self.field(both, field, &head[index], literal);
                continue;
            }
            let spot = self.gone(&field.place, within);
            let before = self.base.types.field_text(field);
            let reason = "Code that reads or sets the field does not compile any more.";
            let signature = (Some(before), None);
            self.report(&rules::FIELD_REMOVED, used(both.reach), spot, signature, reason);
        }
        if both.reach == (Reach { sent: false, received: true }) {
            return;
        }
        for field in head.iter().filter(|field| find(base, &field.name).is_none()) {
            let spot = self.added(&field.place, within);
            let after = Some(self.head.types.field_text(field));
            if field.state == State::Required {
                let reason = if literal {
                    "Code that makes one leaves the field out, and does not compile any more."
                } else {
                    "Code that builds one does not set the field, and fails when it runs."
                };
                let verdict = used(both.reach);
                self.report(&rules::FIELD_REQUIRED, verdict, spot, (None, after), reason);
            } else if literal {
                let reason = "Code that makes one names all fields, and does not compile any more.";
                let verdict = used(both.reach);
                self.report(&rules::FIELD_ADDED, verdict, spot, (None, after), reason);
            }
        }
    }

    fn field(&mut self, both: Both<'c, 'a>, base: &Field<'a>, head: &Field<'a>, literal: bool) {
        let spot = self.both(&base.place, &head.place);
        let signature =
            (Some(self.base.types.field_text(base)), Some(self.head.types.field_text(head)));
        let sent = both.reach.sent;
        let required = head.state == State::Required && base.state != State::Required;
        let same = self.same(base.of, head.of);
        if sent && required && !literal {
            let reason = "Code that builds one without the field fails when it runs.";
            self.report(&rules::FIELD_REQUIRED, Verdict::Breaking, spot, signature, reason);
        } else if !same {
            let only_set = both.reach == (Reach { sent: true, received: false }) && !literal;
            let (verdict, reason) = if only_set {
                match self.conversion(base.of, head.of) {
                    Conversion::Lossless => return,
                    Conversion::Fallible => (
                        Verdict::Warning,
                        "The value that code sets is converted to the new type, which may fail \
                         when it runs.",
                    ),
                    Conversion::None => (
                        Verdict::Breaking,
                        "Code that sets the field gives it a value of the old type.",
                    ),
                }
            } else {
                (used(both.reach), "Code that reads or sets the field has the old type.")
            };
            self.report(&rules::FIELD_TYPE_CHANGED, verdict, spot, signature, reason);
        } else if let (State::Default(was), State::Default(is)) = (&base.state, &head.state)
            && was != is
        {
            let signature = (Some(was.to_string()), Some(is.to_string()));
            let reason = "Where the value is left out, it is another one than before.";
            self.report(&rules::DEFAULT_CHANGED, Verdict::Warning, spot, signature, reason);
        } else if base.state != head.state
            && base.state != State::Required
            && head.state != State::Required
        {
            let default = |state: &State<'_>| match state {
                State::Default(default) => Some(default.to_string()),
                _ => None,
            };
            let signature = (default(&base.state), default(&head.state));
            let reason = "Where the value is left out, it is another one than before.";
            self.report(&rules::DEFAULT_CHANGED, Verdict::Warning, spot, signature, reason);
        }
    }
}
