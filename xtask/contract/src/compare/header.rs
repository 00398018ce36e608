//! Headers of answers.

use serde_json::Value;

use super::{
    Comparer, Part, deprecation,
    draft::{Draft, Place},
    rules,
    style::ToldApart,
};
use crate::schema::written::Wire;
use crate::verdict::{Direction, Verdict};

impl<'d> Comparer<'_, 'd> {
    pub(super) fn compare_headers(&mut self, operation: usize, base: &Part<'d>, head: &Part<'d>) {
        let find = |headers: &[(&'d str, Part<'d>)], name: &str| {
            headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).cloned()
        };
        let (mut before, mut after) =
            (base.members(self.base, "headers"), head.members(self.head, "headers"));
        // The media type is said elsewhere: https://spec.openapis.org/oas/v3.0.3#response-object
        before.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        after.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        for (name, header) in &before {
            if let Some((_, other)) = find(&after, name) {
                self.compare_header(operation, name, header, &other);
                continue;
            }
            let place = Place { base: header.pointer.clone(), head: head.place("headers") };
            let wire = if header.is("required") { Verdict::Breaking } else { Verdict::Warning };
            let reason = format!("a deployed client that reads `{name}` never sees it again");
            let draft = Draft::new(&rules::HEADER_REMOVED, wire, place, reason);
            self.push_header(operation, draft.values(*name, Value::Null));
        }
        for (name, header) in after.iter().filter(|(name, _)| find(&before, name).is_none()) {
            let place = Place { base: base.place("headers"), head: header.pointer.clone() };
            let reason = "deployed clients pass over it";
            let draft = Draft::new(&rules::HEADER_ADDED, Verdict::Compatible, place, reason);
            self.push_header(operation, draft.values(Value::Null, *name));
        }
    }

    fn push_header(&mut self, operation: usize, draft: Draft) {
        self.drafts.push(draft.direction(Direction::Response).for_operation(operation));
    }

    fn compare_header(&mut self, operation: usize, name: &str, base: &Part<'d>, head: &Part<'d>) {
        let at = Place::new(&base.pointer, &head.pointer);
        let sides = [Some(base), Some(head)];
        if self.is_out_of_sight(operation, "header", at, sides, Direction::Response) {
            return;
        }
        let found = match (base.is("required"), head.is("required")) {
            (true, false) => Some((
                &rules::HEADER_BECAME_OPTIONAL,
                Verdict::Breaking,
                format!("a deployed client relies on `{name}`, which may be missing"),
            )),
            (false, true) => Some((
                &rules::HEADER_BECAME_REQUIRED,
                Verdict::Compatible,
                format!("deployed clients get `{name}` more often"),
            )),
            _ => None,
        };
        if let Some((rule, wire, reason)) = found {
            let place = Place { base: base.place("required"), head: head.place("required") };
            let draft = Draft::new(rule, wire, place, reason);
            self.push_header(operation, draft.values(base.is("required"), head.is("required")));
        }
        let place = Place::new(&base.pointer, &head.pointer);
        for draft in deprecation::compare(base.value, head.value, &place) {
            self.push_header(operation, draft);
        }
        self.compare_header_values(operation, name, base, head);
    }

    /// What is in it, and how that is written.
    fn compare_header_values(
        &mut self,
        operation: usize,
        name: &str,
        base: &Part<'d>,
        head: &Part<'d>,
    ) {
        let (before, after) = (base.values(), head.values());
        let written = base.content().is_none() && head.content().is_none();
        let wire = if written { Wire::Text } else { Wire::Json };
        self.walk.compare_values_of([&before, &after], wire, Direction::Response, operation);
        let (old, new) = (base.style("header"), head.style("header"));
        let told = self.schemas.told_apart([new, old], &after, "header", Direction::Response);
        if old != new && told != ToldApart::Not {
            let reason =
                format!("the server writes `{name}` in a way that no deployed client reads");
            let place = Place { base: base.place("explode"), head: head.place("explode") };
            let draft = Draft::new(&rules::HEADER_STYLE_CHANGED, Verdict::Breaking, place, reason);
            self.push_header(operation, draft.values(old.value(), new.value()));
        }
    }
}
