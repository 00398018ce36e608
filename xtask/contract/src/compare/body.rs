//! Bodies of requests, and the media types of all bodies.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    Comparer, Pair, Part,
    draft::{Draft, Place},
    request::{Body, With},
    rules,
};
use crate::verdict::{Direction, Verdict};

impl<'d> Comparer<'_, 'd> {
    pub(super) fn compare_request_bodies(&mut self, pair: Pair<'_, 'd>) {
        let before = pair.base.part.member(self.base, "requestBody");
        let after = pair.head.part.member(self.head, "requestBody");
        let at = |part: &Option<Part<'d>>, operation: &Part<'d>| {
            part.as_ref().unwrap_or(operation).pointer.clone()
        };
        let place = Place { base: at(&before, &pair.base.part), head: at(&after, &pair.head.part) };
        let sides = [before.as_ref(), after.as_ref()];
        if self.is_out_of_sight(pair.number, "body", place, sides, Direction::Request) {
            return;
        }
        let draft = match (&before, &after) {
            (None, None) => return,
            (None, Some(body)) => {
                let place = Place::new(&pair.base.part.pointer, &body.pointer);
                let (wire, reason) = if body.is("required") {
                    (
                        Verdict::Breaking,
                        "deployed clients send no body, and the server would refuse that",
                    )
                } else {
                    (Verdict::Compatible, "deployed clients send no body, and need not")
                };
                let draft = Draft::new(&rules::REQUEST_BODY_ADDED, wire, place, reason)
                    .values(Value::Null, body.value.clone());
                if wire == Verdict::Breaking {
                    draft.request_witness(self.request(pair.base, With::default()))
                } else {
                    draft
                }
            }
            (Some(body), None) => {
                let place = Place::new(&body.pointer, &pair.head.part.pointer);
                let reason =
                    "deployed clients send a body, and the server would refuse it or pass over it";
                let with = With { body: Body::Any, ..With::default() };
                Draft::new(&rules::REQUEST_BODY_REMOVED, Verdict::Breaking, place, reason)
                    .values(body.value.clone(), Value::Null)
                    .request_witness(self.request(pair.base, with))
            }
            (Some(before), Some(after)) => return self.compare_bodies(pair, before, after),
        };
        self.drafts.push(draft.direction(Direction::Request).for_operation(pair.number));
    }

    fn compare_bodies(&mut self, pair: Pair<'_, 'd>, base: &Part<'d>, head: &Part<'d>) {
        let place = Place { base: base.place("required"), head: head.place("required") };
        let draft = match (base.is("required"), head.is("required")) {
            (false, true) => {
                let reason = "a deployed client may send no body, and the server would refuse that";
                let draft = Draft::new(
                    &rules::REQUEST_BODY_BECAME_REQUIRED,
                    Verdict::Breaking,
                    place,
                    reason,
                );
                Some(
                    draft
                        .values(false, true)
                        .request_witness(self.request(pair.base, With::default())),
                )
            }
            (true, false) => {
                let reason = "deployed clients send a body as before";
                let draft = Draft::new(
                    &rules::REQUEST_BODY_BECAME_OPTIONAL,
                    Verdict::Compatible,
                    place,
                    reason,
                );
                Some(draft.values(true, false))
            }
            _ => None,
        };
        let finish = |draft: Draft| draft.direction(Direction::Request).for_operation(pair.number);
        self.drafts.extend(draft.map(finish));
        self.compare_content(pair, base, head, Direction::Request);
    }

    /// The media types of a body, and what is in each.
    pub(super) fn compare_content(
        &mut self,
        pair: Pair<'_, 'd>,
        base: &Part<'d>,
        head: &Part<'d>,
        direction: Direction,
    ) {
        let operation = pair.number;
        let before = base.members(self.base, "content");
        let after = head.members(self.head, "content");
        let report = |draft: Draft| draft.direction(direction).for_operation(operation);
        for (name, body) in &before {
            let Some((_, other)) = find(&after, name) else {
                let sent = after.iter().find(|(other, _)| is_within(other, name));
                if let (Direction::Response, Some((sent, other))) = (direction, sent) {
                    let place = Place::new(&body.pointer, &other.pointer);
                    self.drafts.push(report(media_type_narrowed(name, sent, place)));
                    continue;
                }
                let place = Place { base: body.pointer.clone(), head: head.place("content") };
                let draft = self.media_type_removed(pair, name, place, direction);
                self.drafts.push(report(draft));
                continue;
            };
            self.compare_entries(operation, body, other, direction);
        }
        // What has an entry of its own now was read or sent as its range had it.
        for (name, body) in &after {
            if let Some((range, other)) = find(&before, name)
                && is_within(name, range)
            {
                self.compare_entries(operation, other, body, direction);
            }
        }
        for (name, body) in after.iter().filter(|(name, _)| find(&before, name).is_none()) {
            let place = Place { base: base.place("content"), head: body.pointer.clone() };
            let reason = match direction {
                Direction::Request => "deployed clients go on sending what they send",
                Direction::Response => "deployed clients ask for the media type that they read",
            };
            let draft = Draft::new(&rules::MEDIA_TYPE_ADDED, Verdict::Compatible, place, reason);
            self.drafts.push(report(draft.values(Value::Null, *name)));
        }
    }

    /// What is in one media type.
    fn compare_entries(
        &mut self,
        operation: usize,
        base: &Part<'d>,
        head: &Part<'d>,
        direction: Direction,
    ) {
        let place = Place::new(&base.pointer, &head.pointer);
        let sides = [Some(base), Some(head)];
        if self.is_out_of_sight(operation, "media type", place, sides, direction) {
            return;
        }
        self.walk.compare(&base.schema(), &head.schema(), direction, operation);
        self.compare_encodings(operation, base, head, direction);
    }

    fn media_type_removed(
        &self,
        pair: Pair<'_, 'd>,
        name: &str,
        place: Place,
        direction: Direction,
    ) -> Draft {
        let rule = &rules::MEDIA_TYPE_REMOVED;
        let draft = match direction {
            Direction::Request => {
                let reason = format!(
                    "a deployed client may send `{name}`, which the server no longer reads"
                );
                let with = With { body: Body::Of(name), ..With::default() };
                Draft::new(rule, Verdict::Breaking, place, reason)
                    .request_witness(self.request(pair.base, with))
            }
            Direction::Response => {
                let reason = format!(
                    "a deployed client may only read `{name}`, which the server no longer sends"
                );
                Draft::new(rule, Verdict::Breaking, place, reason)
            }
        };
        draft.values(name, Value::Null)
    }

    /// How the parts of a form are written.
    fn compare_encodings(
        &mut self,
        operation: usize,
        base: &Part<'d>,
        head: &Part<'d>,
        direction: Direction,
    ) {
        let (before, after) = (base.get("encoding"), head.get("encoding"));
        if before != after {
            let place = Place { base: base.place("encoding"), head: head.place("encoding") };
            let reason = "how the parts of a form are encoded is not compared";
            let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
            let draft = Draft::new(&rules::UNDECIDED, Verdict::Warning, place, reason)
                .values(value(before), value(after))
                .direction(direction);
            self.drafts.push(draft.for_operation(operation));
        }
    }
}

/// The entry for a media type: its own, or the narrowest range that covers it.
fn find<'m, 'd>(content: &'m [(&'d str, Part<'d>)], name: &str) -> Option<&'m (&'d str, Part<'d>)> {
    let name = essence(name);
    let is = |range: &str| content.iter().find(|(other, _)| essence(other) == range);
    let kind = name.split_once('/').map_or("", |(kind, _)| kind);
    is(&name).or_else(|| is(&format!("{kind}/*"))).or_else(|| is("*/*"))
}

/// Of the media types that a range allowed in an answer, the server sends fewer.
fn media_type_narrowed(range: &str, sent: &str, place: Place) -> Draft {
    let reason = format!("the server sends `{sent}`, which is one of `{range}`");
    Draft::new(&rules::MEDIA_TYPE_REMOVED, Verdict::Compatible, place, reason).values(range, sent)
}

/// Whether a media type, or a range of them, is part of another range: `text/plain` of `text/*`.
fn is_within(name: &str, range: &str) -> bool {
    let (name, range) = (essence(name), essence(range));
    name != range
        && match range.strip_suffix("/*") {
            Some("*") => true,
            Some(kind) => name.split_once('/').is_some_and(|(of, _)| of == kind),
            None => false,
        }
}

/// The media type without what says nothing: case, and that text is UTF-8.
fn essence(name: &str) -> Cow<'_, str> {
    let is_plain = |it: u8| it.is_ascii_lowercase() || b"/+-.*".contains(&it);
    if name.bytes().all(is_plain) {
        return name.into();
    }
    let name: String = name.to_ascii_lowercase().split_whitespace().collect();
    name.replace(";charset=utf-8", "").into()
}
