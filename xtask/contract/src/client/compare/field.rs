//! Compares fields, of structs and of variants.

use std::collections::HashMap;

use serde_json::Value;

use super::{Comparison, pair::used, shape::Both};
use crate::{
    Rule, Verdict,
    client::{
        rules,
        surface::Reach,
        types::{Field, State},
    },
    schema::accept::equal,
};

/// How callers make what has fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Making {
    /// By its builder: what may be left out is left out.
    Builder,
    /// As a literal, which names all fields.
    Literal,
    /// As a literal too; and it can be read by a pattern only, which names all fields as well.
    Variant,
}

impl<'c, 'a> Comparison<'c, 'a> {
    pub(super) fn fields(
        &mut self,
        both: Both<'c, 'a>,
        base: &[Field<'a>],
        head: &[Field<'a>],
        making: Making,
    ) {
        let within = (&both.base.place, &both.head.place);
        let (before, after) = (by_name(base), by_name(head));
        for field in base {
            if let Some(other) = after.get(&*field.name) {
                self.field(both, field, other, making);
                continue;
            }
            let spot = self.gone(&field.place, within);
            let before = self.base.types.field_text(field);
            let reason = "Code that reads or sets the field does not compile any more.";
            let signature = (Some(before), None);
            self.report(&rules::FIELD_REMOVED, used(both.reach), spot, signature, reason);
        }
        let only_read = both.reach == (Reach { sent: false, received: true });
        if only_read && making != Making::Variant {
            return;
        }
        for field in head.iter().filter(|field| !before.contains_key(&*field.name)) {
            let spot = self.added(&field.place, within);
            let after = Some(self.head.types.field_text(field));
            if field.state == State::Required {
                let reason = if making == Making::Builder {
                    "Code that builds one does not set the field, and fails when it runs."
                } else {
                    "Code that makes one leaves the field out, and does not compile any more."
                };
                let verdict = used(both.reach);
                self.report(&rules::FIELD_REQUIRED, verdict, spot, (None, after), reason);
            } else if making != Making::Builder {
                let reason = "Code that makes one names all fields, and does not compile any more.";
                let verdict = used(both.reach);
                self.report(&rules::FIELD_ADDED, verdict, spot, (None, after), reason);
            }
        }
    }

    fn field(&mut self, both: Both<'c, 'a>, base: &Field<'a>, head: &Field<'a>, making: Making) {
        let sent = both.reach.sent;
        let required = head.state == State::Required && base.state != State::Required;
        let (rule, reason): (&'static Rule, _) = if sent && required && making == Making::Builder {
            (&rules::FIELD_REQUIRED, "Code that builds one without the field fails when it runs.")
        } else if !self.same(base.of, head.of) {
            (&rules::FIELD_TYPE_CHANGED, "Code that reads or sets the field has the old type.")
        } else {
            return self.field_default(base, head);
        };
        let verdict =
            if rule == &rules::FIELD_REQUIRED { Verdict::Breaking } else { used(both.reach) };
        let spot = self.both(&base.place, &head.place);
        let signature =
            (Some(self.base.types.field_text(base)), Some(self.head.types.field_text(head)));
        self.report(rule, verdict, spot, signature, reason);
    }

    fn field_default(&mut self, base: &Field<'a>, head: &Field<'a>) {
        if base.state == State::Required || head.state == State::Required {
            return;
        }
        let defaults = (stated(&base.state), stated(&head.state));
        if same_default(defaults.0, defaults.1) {
            return;
        }
        let spot = self.both(&base.place, &head.place);
        let signature = (defaults.0.map(Value::to_string), defaults.1.map(Value::to_string));
        let reason = "Where the value is left out, it is another one than before.";
        self.report(&rules::DEFAULT_CHANGED, Verdict::Warning, spot, signature, reason);
    }
}

fn stated<'a>(state: &State<'a>) -> Option<&'a Value> {
    match state {
        State::Default(default) => Some(default),
        _ => None,
    }
}

/// Whether two defaults are one value; `1` and `1.0` are.
pub(super) fn same_default(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => equal(one, other),
        (one, other) => one == other,
    }
}

fn by_name<'f, 'a>(fields: &'f [Field<'a>]) -> HashMap<&'f str, &'f Field<'a>> {
    fields.iter().map(|field| (field.name.as_str(), field)).collect()
}
