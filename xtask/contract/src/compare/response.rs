//! Statuses, and what is answered with each.

use serde_json::{Value, json};

use super::{
    Comparer, Pair, Part,
    draft::{Draft, Place},
    rules,
};
use crate::{
    change::Witness,
    verdict::{Direction, Verdict},
};

/// The answers of one operation, by status: `200`, `4XX`, `default`.
type Answers<'d> = Vec<(&'d str, Part<'d>)>;

impl<'d> Comparer<'_, 'd> {
    pub(super) fn compare_responses(&mut self, pair: Pair<'_, 'd>) {
        let before = pair.base.part.members(self.base, "responses");
        let after = pair.head.part.members(self.head, "responses");
        for (status, answer) in &after {
            if let Some((_, old)) = handler(&before, status) {
                self.compare_answers(pair, old, answer);
            } else if !before.iter().any(|(old, _)| covers(status, old))
                || is_success(status, &after)
            {
                self.report_status_added(pair, status, answer, &after);
            }
        }
        for (status, answer) in &before {
            let is_compared = after.iter().any(|(new, _)| {
                handler(&before, new).is_some_and(|(handled_by, _)| handled_by == status)
            });
            if is_compared {
                // Of a range of successes, fewer are left.
                if is_range(status) && is_success(status, &before) && !has(&after, status) {
                    self.report_status_removed(pair, status, answer, &before);
                }
                continue;
            }
            match handler(&after, status) {
                Some((_, new)) => self.compare_answers(pair, answer, new),
                None => self.report_status_removed(pair, status, answer, &before),
            }
        }
    }

    fn report_status_added(
        &mut self,
        pair: Pair<'_, 'd>,
        status: &str,
        answer: &Part<'d>,
        all: &Answers<'d>,
    ) {
        let place = Place { base: pair.base.part.place("responses"), head: answer.pointer.clone() };
        let (wire, reason) = if is_success(status, all) {
            (
                Verdict::Breaking,
                "a generated client takes a status that it does not know for a failure",
            )
        } else {
            (
                Verdict::Compatible,
                "deployed clients take a status that they don't know for a failure, which it is",
            )
        };
        let mut draft = Draft::new(&rules::STATUS_ADDED, wire, place, reason)
            .values(Value::Null, status)
            .direction(Direction::Response);
        if wire == Verdict::Breaking {
            let status = status.to_ascii_uppercase().replace("XX", "01");
            draft.witness = Some(Witness::answer(json!({ "status": status })));
        }
        self.drafts.push(draft.for_operation(pair.number));
    }

    fn report_status_removed(
        &mut self,
        pair: Pair<'_, 'd>,
        status: &str,
        answer: &Part<'d>,
        all: &Answers<'d>,
    ) {
        let place = Place { base: answer.pointer.clone(), head: pair.head.part.place("responses") };
        let (wire, reason) = if is_success(status, all) {
            (Verdict::Warning, "a deployed client that waits for it waits in vain")
        } else {
            (Verdict::Compatible, "the server fails in fewer ways")
        };
        let draft = Draft::new(&rules::STATUS_REMOVED, wire, place, reason)
            .values(status, Value::Null)
            .direction(Direction::Response);
        self.drafts.push(draft.for_operation(pair.number));
    }

    fn compare_answers(&mut self, pair: Pair<'_, 'd>, base: &Part<'d>, head: &Part<'d>) {
        let at = Place::new(&base.pointer, &head.pointer);
        let sides = [Some(base), Some(head)];
        if self.is_out_of_sight(pair.number, "answer", at, sides, Direction::Response) {
            return;
        }
        let has_body = |part: &Part<'d>| {
            part.get("content")
                .and_then(Value::as_object)
                .is_some_and(|content| !content.is_empty())
        };
        let place = || Place { base: base.place("content"), head: head.place("content") };
        let content = |part: &Part<'d>| part.get("content").cloned().unwrap_or_default();
        let draft = match (has_body(base), has_body(head)) {
            (true, true) => {
                self.compare_content(pair, base, head, Direction::Response);
                None
            }
            (false, true) => {
                let reason = "deployed clients don't look at the body";
                Some(Draft::new(&rules::RESPONSE_BODY_ADDED, Verdict::Compatible, place(), reason))
            }
            (true, false) => {
                let reason = "a deployed client reads a body, and there is none";
                Some(Draft::new(&rules::RESPONSE_BODY_REMOVED, Verdict::Breaking, place(), reason))
            }
            (false, false) => None,
        };
        self.drafts.extend(draft.map(|draft| {
            draft
                .values(content(base), content(head))
                .direction(Direction::Response)
                .for_operation(pair.number)
        }));
        self.compare_headers(pair.number, base, head);
    }
}

/// The answer by which a client takes a status: its own, its range, or what is left.
fn handler<'a, 'd>(answers: &'a Answers<'d>, status: &str) -> Option<&'a (&'d str, Part<'d>)> {
    let exact = answers.iter().find(|(other, _)| other.eq_ignore_ascii_case(status));
    let range = || answers.iter().find(|(other, _)| covers(other, status));
    let rest = || answers.iter().find(|(other, _)| *other == "default");
    exact.or_else(range).or_else(rest)
}

fn has(answers: &Answers<'_>, status: &str) -> bool {
    answers.iter().any(|(other, _)| other.eq_ignore_ascii_case(status))
}

fn is_range(status: &str) -> bool {
    status.len() == 3 && status.to_ascii_uppercase().ends_with("XX")
}

/// Whether a range has a status: `4XX` has `404`.
fn covers(range: &str, status: &str) -> bool {
    let class = range.to_ascii_uppercase();
    class.len() == 3
        && class.ends_with("XX")
        && status.len() == 3
        && status.starts_with(&class[..1])
        && !status.eq_ignore_ascii_case(range)
}

/// Whether a client takes the status for a success; `default` is one where no other status is.
fn is_success(status: &str, all: &Answers<'_>) -> bool {
    let is_successful = |status: &str| status.starts_with(['1', '2', '3']);
    is_successful(status)
        || (status == "default" && !all.iter().any(|(other, _)| is_successful(other)))
}
