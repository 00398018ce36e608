//! The whole of a generated client, as far as callers see it.

use std::collections::{BTreeSet, HashMap};

use super::{
    operation::{self, ArgumentKind, Content, Method, Passed},
    refusal::Refusal,
    types::{Data, Entry, Id, Named, Plain, Shape, Types},
};
use crate::{ClientStyle, Document};

pub(super) struct Surface<'a> {
    pub(super) document: &'a Document,
    pub(super) types: Types<'a>,
    pub(super) methods: Vec<Method<'a>>,
    pub(super) refusals: BTreeSet<Refusal>,
    /// Which ways values of a type travel; nothing for those that no operation uses.
    reach: HashMap<Id, Reach>,
}

/// Which ways values of a type travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// Callers make them.
    pub(super) sent: bool,
    /// Callers get them.
    pub(super) received: bool,
}

impl<'a> Surface<'a> {
    pub(super) fn of(document: &'a Document, style: ClientStyle) -> Self {
        let mut types = Types::of_components(document);
        let mut refusals = Vec::new();
        let methods = operation::methods(document, &mut types, &mut refusals);
        if style == ClientStyle::Builder {
            refusals.extend(methods.iter().flat_map(taken_names));
            refusals
                .extend(methods.iter().flat_map(|method| objects_beside_a_body(method, &types)));
        }
        types.refuse_twin_fields();
        refusals.append(&mut types.refusals);
        let mut surface = Self {
            document,
            types,
            methods,
            refusals: refusals.into_iter().collect(),
            reach: HashMap::new(),
        };
        surface.follow();
        surface
    }

    pub(super) fn reach(&self, id: Id) -> Reach {
        self.reach.get(&id).copied().unwrap_or_default()
    }

    /// Follows from the operations to all types that they use.
    fn follow(&mut self) {
        let of = |content| match content {
            Content::Type(id) => Some(id),
            _ => None,
        };
        let mut open: Vec<(Id, Reach)> = Vec::new();
        for method in &self.methods {
            let sent = method.arguments.iter().filter_map(|argument| match argument.of {
                Passed::Type(id) => Some(id),
                _ => None,
            });
            open.extend(sent.map(|id| (id, Reach { sent: true, received: false })));
            let answers = [of(method.success.content), of(method.error.content)];
            let received = answers.into_iter().flatten();
            open.extend(received.map(|id| (id, Reach { sent: false, received: true })));
        }
        while let Some((id, way)) = open.pop() {
            let reach = self.reach.entry(id).or_default();
            let wider =
                Reach { sent: reach.sent || way.sent, received: reach.received || way.received };
            if *reach != wider {
                *reach = wider;
                open.extend(parts(&self.types, id).into_iter().map(|part| (part, wider)));
            }
        }
    }
}

/// Setters that would have the names of what every builder has.
fn taken_names(method: &Method<'_>) -> Vec<Refusal> {
    let mut taken = vec!["new", "send"];
    if method.stream.is_ok() {
        taken.push("stream");
    }
    let taken = method.arguments.iter().filter(|it| taken.contains(&it.name.as_str()));
    let refuse = |argument: &operation::Argument<'_>| {
        let problem = format!("a second method `{}` of a builder does not compile", argument.name);
        Refusal::at(&argument.place, problem).of(method.id)
    };
    taken.map(refuse).collect()
}

/// Arguments that have a builder of their own, as only a body may have one: of any other, the
/// generator panics, and what it makes of one that is called `body` does not compile.
fn objects_beside_a_body<'m>(
    method: &'m Method<'_>,
    types: &'m Types<'_>,
) -> impl Iterator<Item = Refusal> {
    let has_builder = |argument: &&operation::Argument<'_>| match argument.of {
        Passed::Type(id) => {
            matches!(types.get(id), Some(Entry::Named(Named { shape: Shape::Struct(_), .. })))
        }
        Passed::Raw | Passed::Text => false,
    };
    let arguments = method.arguments.iter().filter(|it| it.kind != ArgumentKind::Body);
    arguments.filter(has_builder).map(|argument| {
        let problem = if argument.name == "body" && argument.required {
            "the setter of an object that is called `body`, and is none, does not compile"
        } else {
            "a builder of the generator takes no object but in a body"
        };
        Refusal::at(&argument.place, problem).of(method.id)
    })
}

/// The types that a type is made of.
fn parts(types: &Types<'_>, id: Id) -> Vec<Id> {
    match types.get(id) {
        Some(Entry::Plain(
            Plain::Option(of)
            | Plain::Box(of)
            | Plain::Vec(of)
            | Plain::Set(of)
            | Plain::Array(of, _)
            | Plain::Map(_, of),
        )) => vec![*of],
        Some(Entry::Named(named)) => match &named.shape {
            Shape::Struct(fields) => fields.iter().map(|field| field.of).collect(),
            Shape::Newtype { of, .. } => vec![*of],
            Shape::Enum { variants, .. } => variants
                .iter()
                .flat_map(|variant| match &variant.data {
                    Data::None => Vec::new(),
                    Data::One(of) => vec![*of],
                    Data::Fields(fields) => fields.iter().map(|field| field.of).collect(),
                })
                .collect(),
            Shape::Opaque(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}
