//! What an operation answers: one type where it succeeds, one where it does not.

use serde_json::Value;

use super::{Answer, Content, Operation};
use crate::client::{name, place::Place, schema};

/// A response of the document.
pub(super) struct Response<'a> {
    pub(super) status: Status,
    pub(super) content: Content,
    pub(super) place: Place<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Code(u16),
    Range(u16),
    Default,
}

impl Status {
    fn of(text: &str) -> Option<Self> {
        if text == "default" {
            return Some(Self::Default);
        }
        if let Some(range) = text.strip_suffix("XX") {
            return range.parse().ok().filter(|range| (1..=5).contains(range)).map(Self::Range);
        }
        text.parse().ok().filter(|code| (100..1000).contains(code)).map(Self::Code)
    }

    pub(super) fn is_success(self) -> bool {
        matches!(self, Self::Default | Self::Code(101 | 200..=299) | Self::Range(2))
    }

    pub(super) fn is_error(self) -> bool {
        matches!(self, Self::Default | Self::Code(400..=599) | Self::Range(4..=5))
    }

    /// The order in which the generator looks at them.
    fn order(self) -> u16 {
        match self {
            Self::Code(code) => code,
            Self::Range(range) => range * 100,
            Self::Default => 1000,
        }
    }
}

impl<'a> Operation<'_, 'a> {
    pub(super) fn responses(&mut self, websocket: bool) -> Vec<Response<'a>> {
        let place = self.place.member("responses");
        let Some(documented) = self.value.get("responses").and_then(Value::as_object) else {
            self.refuse(&self.place.clone(), "an operation needs `responses`");
            return Vec::new();
        };
        let mut documented: Vec<_> = documented
            .iter()
            .filter_map(|(status, value)| Some((Status::of(status)?, status, value)))
            .collect();
        // The default comes first, as in the generator, whose types have the first one's name.
        documented.sort_by_key(|(status, text, _)| (*status != Status::Default, *text));
        let mut responses = Vec::new();
        for (mut status, text, value) in documented {
            let Some((value, place)) = self.resolve(value, &place.member(text)) else { continue };
            if websocket && status == Status::Default {
                status = Status::Code(101);
            }
            let content = self.content(value, &place, status);
            responses.push(Response { status, content, place });
        }
        if websocket && !responses.iter().any(|it| it.status == Status::Code(101)) {
            self.refuse(&self.place.clone(), "a websocket has to have a response of 101");
        }
        if !responses.iter().any(|it| it.status.is_success()) {
            let place = self.place.clone();
            responses.push(Response { status: Status::Range(2), content: Content::Raw, place });
        }
        responses
    }

    fn content(&mut self, value: &'a Value, place: &Place<'a>, status: Status) -> Content {
        let content = value.get("content").and_then(Value::as_object);
        let is_json =
            |media: &str| media == "application/json" || media.starts_with("application/json;");
        let json = content.into_iter().flatten().find(|(media, _)| is_json(media));
        let Some((media, json)) = json else {
            let any = content.is_some_and(|content| !content.is_empty());
            return match status {
                Status::Code(101) => Content::Upgrade,
                _ if any => Content::Raw,
                _ => Content::None,
            };
        };
        let place = place.member("content").member(media);
        let Some(schema) = json.get("schema") else {
            self.refuse(&place, "the generator needs a `schema` for JSON");
            return Content::Raw;
        };
        let name = name::of_inline(&format!("{}-response", self.id));
        Content::Type(self.types.add(name, &schema::read(schema, &place.member("schema"))))
    }

    /// The type of all responses of a kind; the generator has none where they differ.
    pub(super) fn answer(
        &mut self,
        responses: &[Response<'a>],
        is: fn(Status) -> bool,
        what: &str,
    ) -> Answer<'a> {
        let mut of_kind: Vec<_> = responses.iter().filter(|it| is(it.status)).collect();
        of_kind.sort_by_key(|it| it.status.order());
        if let [.., range, default] = &of_kind[..]
            && (range.status, default.status) == (Status::Range(2), Status::Default)
        {
            of_kind.pop();
        }
        let Some(first) = of_kind.first() else {
            return Answer { content: Content::None, place: self.place.clone() };
        };
        if let Some(other) = of_kind.iter().find(|it| it.content != first.content) {
            let problem = format!("the generator takes one type for every {what}");
            self.refuse(&other.place, &problem);
        }
        Answer { content: first.content, place: first.place.clone() }
    }
}
