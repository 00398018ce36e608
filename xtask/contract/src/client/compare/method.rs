//! Compares methods.

use std::collections::{BTreeMap, HashSet};

use super::{Comparison, Spot};
use crate::{
    Rule, Verdict,
    client::{
        operation::{Answer, Content, Method},
        place::nearest,
        rules,
        surface::Surface,
    },
};

impl<'a> Comparison<'_, 'a> {
    pub(super) fn methods(&mut self) {
        let (base, head) = (self.base, self.head);
        let by_name: BTreeMap<_, _> = head.methods.iter().map(|it| (&*it.name, it)).collect();
        let by_route: BTreeMap<_, _> = head.methods.iter().map(|it| (&*it.route, it)).collect();
        let known: BTreeMap<_, _> = base.methods.iter().map(|it| (&*it.name, it)).collect();
        let refused: HashSet<_> =
            base.refusals.iter().filter_map(|it| it.operation.as_deref()).collect();
        // Of what the generator refused there was no method that anybody could call.
        for method in base.methods.iter().filter(|it| !refused.contains(it.id)) {
            let first = self.found.len();
            let named = by_name.get(&*method.name).copied();
            // What stands where it stood, under a name that is another's or new.
            let routed = by_route.get(&*method.route).copied();
            let routed = routed.filter(|it| it.name != method.name);
            match (named, routed) {
                (Some(other), Some(twin)) if method.route != other.route => {
                    self.renamed_method(method, twin);
                }
                (Some(other), _) => self.method(method, other),
                (None, Some(other)) if !known.contains_key(&*other.name) => {
                    self.renamed_method(method, other);
                    self.method(method, other);
                }
                (None, _) => self.removed_method(method),
            }
            for difference in &mut self.found[first..] {
                difference.operations.push(method.id.to_owned());
            }
        }
    }

    fn renamed_method(&mut self, method: &Method<'a>, other: &Method<'a>) {
        let spot = self.both(&method.place, &other.place);
        let signature = (Some(call(method)), Some(call(other)));
        let reason = "Code that calls the method calls another one, or does not compile any more.";
        self.report(&rules::METHOD_RENAMED, Verdict::Breaking, spot, signature, reason);
    }

    fn removed_method(&mut self, method: &Method<'a>) {
        let base = method.place.pointer();
        let spot = Spot { head: nearest(self.head.document, &base), base };
        let signature = (Some(call(method)), None);
        let reason = "Code that calls the method does not compile any more.";
        self.report(&rules::METHOD_REMOVED, Verdict::Breaking, spot, signature, reason);
    }

    fn method(&mut self, base: &Method<'a>, head: &Method<'a>) {
        self.arguments(base, head);
        let known = (&rules::RETURN_TYPE_CHANGED, "What the method returns has another type.");
        let (rule, reason): (&'static Rule, &str) = known;
        self.answer(&base.success, &head.success, rule, reason);
        let reason = "What the method fails with has another type.";
        self.answer(&base.error, &head.error, &rules::ERROR_TYPE_CHANGED, reason);
        if let (Ok(_), Err(cause)) = (&base.stream, &head.stream) {
            let spot = self.added(cause, (&base.place, &head.place));
            let reason = "Code that streams over all pages does not compile any more.";
            let signature = (Some(format!("{}().stream()", base.name)), None);
            self.report(&rules::STREAM_LOST, Verdict::Breaking, spot, signature, reason);
        }
    }

    fn answer(&mut self, base: &Answer<'a>, head: &Answer<'a>, rule: &'static Rule, reason: &str) {
        let same = match (base.content, head.content) {
            (Content::Type(base), Content::Type(head)) => self.same(base, head),
            (base, head) => base == head,
        };
        if !same {
            let spot = self.both(&base.place, &head.place);
            let signature =
                (Some(returned(self.base, base.content)), Some(returned(self.head, head.content)));
            self.report(rule, Verdict::Breaking, spot, signature, reason);
        }
    }
}

fn call(method: &Method<'_>) -> String {
    format!("Client::{}", method.name)
}

fn returned(surface: &Surface<'_>, content: Content) -> String {
    match content {
        Content::Type(id) => surface.types.text(id),
        Content::None => "()".to_owned(),
        Content::Raw => "ByteStream".to_owned(),
        Content::Upgrade => "reqwest::Upgraded".to_owned(),
    }
}
