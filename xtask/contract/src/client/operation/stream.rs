//! Streams over all pages.

use super::{
    Argument, ArgumentKind, Content, Operation, Passed,
    answer::{Response, Status},
};
use crate::client::{
    place::Place,
    types::{Entry, Id, Plain, Shape},
};

impl<'a> Operation<'_, 'a> {
    /// What the pages hold; where there is no stream, what is in its way.
    pub(super) fn stream(
        &self,
        arguments: &[Argument<'a>],
        responses: &[Response<'a>],
    ) -> Result<Id, Place<'a>> {
        if self.value.get("x-dropshot-pagination").is_none() {
            return Err(self.place.clone());
        }
        for needed in ["page_token", "limit"] {
            let found =
                arguments.iter().find(|it| it.api_name == needed && it.kind == ArgumentKind::Query);
            if found.is_none() {
                return Err(self.place.clone());
            }
        }
        let in_the_way = |it: &&Argument<'a>| {
            it.kind == ArgumentKind::Query && it.required || !matches!(it.of, Passed::Type(_))
        };
        if let Some(argument) = arguments.iter().find(in_the_way) {
            return Err(argument.place.clone());
        }
        let mut pages = responses.iter().filter_map(|it| match (it.status, it.content) {
            (Status::Code(200..=299) | Status::Range(2), Content::Type(id)) => Some((id, it)),
            _ => None,
        });
        match (pages.next(), pages.next()) {
            (Some((page, response)), None) => self.items(page, &response.place),
            (Some(_), Some((_, other))) => Err(other.place.clone()),
            (None, _) => Err(self.place.clone()),
        }
    }

    /// The items of a page that is nothing but items and a token.
    fn items(&self, page: Id, response: &Place<'a>) -> Result<Id, Place<'a>> {
        let Some(Entry::Named(page)) = self.types.get(page) else { return Err(response.clone()) };
        let Shape::Struct(fields) = &page.shape else { return Err(page.place.clone()) };
        let field = |name| fields.iter().find(|field| field.name == name);
        let (Some(items), Some(token)) = (field("items"), field("next_page")) else {
            return Err(page.place.clone());
        };
        if let Some(third) = fields.iter().find(|it| it.name != "items" && it.name != "next_page") {
            return Err(third.place.clone());
        }
        let text = match self.types.get(token.of) {
            Some(Entry::Plain(Plain::Option(of))) => {
                matches!(self.types.get(*of), Some(Entry::Plain(Plain::String)))
            }
            _ => false,
        };
        if !text {
            return Err(token.place.clone());
        }
        match self.types.get(items.of) {
            Some(Entry::Plain(Plain::Vec(item))) => Ok(*item),
            _ => Err(items.place.clone()),
        }
    }
}
