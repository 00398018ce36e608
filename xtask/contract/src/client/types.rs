//! The Rust types that typify makes of the schemas of a document.
//!
//! This follows typify 0.8 function by function, because what it makes of a schema hangs on the
//! order in which it tries its cases. What it does with `allOf`, and with several compositions at
//! once, is followed as far as objects and scalars go; the rest is [`Shape::Opaque`]: a type of
//! which only the name is known, and whether the schema is the same.

mod convert;
mod cycle;
mod exclusive;
mod merge;
mod object;
mod scalar;
pub(super) mod text;
mod union;
mod value;

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use serde_json::Value;

use super::{
    name,
    place::Place,
    refusal::Refusal,
    schema::{self, Schema, Text},
};
use crate::Document;

/// A type among [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(usize);

/// What a schema becomes.
#[derive(Clone, Debug)]
pub(super) enum Entry<'a> {
    Named(Named<'a>),
    Plain(Plain),
    /// Another name of a type, while types are made.
    Same(Id),
}

/// A type that the generated client declares.
#[derive(Clone, Debug)]
pub(super) struct Named<'a> {
    pub(super) name: String,
    pub(super) place: Place<'a>,
    pub(super) default: Option<&'a Value>,
    pub(super) shape: Shape<'a>,
}

#[derive(Clone, Debug)]
pub(super) enum Shape<'a> {
    Struct(Vec<Field<'a>>),
    Enum {
        tag: Tag<'a>,
        variants: Vec<Variant<'a>>,
    },
    Newtype {
        of: Id,
        limit: Limit<'a>,
    },
    /// What is not modelled: the schema, without what only people read.
    Opaque(String),
}

/// A field of a struct or of a variant.
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    pub(super) name: String,
    pub(super) state: State<'a>,
    pub(super) of: Id,
    pub(super) place: Place<'a>,
}

/// Whether a field has to be given.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum State<'a> {
    Required,
    /// It is its type's own default where it is left out.
    Optional,
    Default(&'a Value),
}

/// How the variants are told apart on the wire; no surface, but a part of what a type is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    External,
    Internal(&'a str),
    Adjacent(&'a str, &'a str),
    Untagged,
}

#[derive(Clone, Debug)]
pub(super) struct Variant<'a> {
    /// What stands in the document.
    pub(super) raw: String,
    pub(super) name: String,
    pub(super) data: Data<'a>,
}

#[derive(Clone, Debug)]
pub(super) enum Data<'a> {
    None,
    One(Id),
    Fields(Vec<Field<'a>>),
}

/// What a newtype refuses.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Limit<'a> {
    None,
    Only(Vec<&'a Value>),
    Without(Vec<&'a Value>),
    Text(Text<'a>),
}

/// A type that has no name of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Plain {
    Unit,
    Bool,
    Integer(&'static str),
    Float(&'static str),
    String,
    /// Of `uuid`, `chrono` or the standard library.
    Native(&'static str),
    Json,
    Option(Id),
    Box(Id),
    Vec(Id),
    /// A `Vec` too, but typify treats it otherwise where it may be left out.
    Set(Id),
    Array(Id, u64),
    Map(Id, Id),
}

/// How a type may come by its name.
#[derive(Clone, Debug)]
pub(super) enum Name {
    /// It is a component.
    Required(String),
    /// Its context proposes this; a title of its own wins.
    Suggested(String),
    Unknown,
}

impl Name {
    pub(super) fn append(&self, part: &str) -> Self {
        match self {
            Self::Required(name) | Self::Suggested(name) => {
                Self::Suggested(format!("{name}_{part}"))
            }
            Self::Unknown => Self::Unknown,
        }
    }

    /// The name in Rust.
    pub(super) fn in_rust(&self, title: Option<&str>) -> Option<String> {
        let name = match (self, title) {
            (Self::Required(name), _) | (Self::Suggested(name), None) => name,
            (_, Some(title)) => title,
            (Self::Unknown, None) => return None,
        };
        Some(name::of_type(name))
    }
}

/// All types of a document.
pub(super) struct Types<'a> {
    entries: Vec<Option<Entry<'a>>>,
    plain: HashMap<Plain, Id>,
    names: HashMap<String, Id>,
    components: BTreeMap<&'a str, Component<'a>>,
    /// The fields that properties become; a few names are in most objects.
    field_names: HashMap<&'a str, String>,
    /// Patterns that were read already; there are few, and each is in many places.
    patterns: HashMap<String, Result<Rc<regress::Regex>, regress::Error>>,
    /// What the generator refuses about them.
    pub(super) refusals: Vec<Refusal>,
    /// How much may still be merged and compared, so that no document keeps us for ever.
    fuel: u32,
    depth: u32,
}

#[derive(Clone)]
struct Component<'a> {
    id: Id,
    schema: Schema<'a>,
}

/// What merging and comparing schemas may cost altogether.
const FUEL: u32 = 2_000_000;

impl<'a> Types<'a> {
    /// The types of the components.
    pub(super) fn of_components(document: &'a Document) -> Self {
        let mut types = Self {
            entries: Vec::new(),
            plain: HashMap::new(),
            names: HashMap::new(),
            components: BTreeMap::new(),
            field_names: HashMap::new(),
            patterns: HashMap::new(),
            refusals: Vec::new(),
            fuel: FUEL,
            depth: 0,
        };
        let schemas = document.get("/components/schemas").and_then(Value::as_object);
        let mut schemas: Vec<_> = schemas.into_iter().flatten().collect();
        schemas.sort_by_key(|(name, _)| *name);
        let inside = Place::at("/components/schemas");
        for (name, value) in schemas {
            let id = types.reserve();
            let schema = schema::read(value, &inside.member(name));
            types.components.insert(name, Component { id, schema });
        }
        for (name, component) in types.components.clone() {
            types.component(name, &component);
        }
        types.break_cycles();
        types.check_defaults(0);
        types
    }

    /// The type of a schema that is no component, such as that of a parameter.
    pub(super) fn add(&mut self, name: String, schema: &Schema<'a>) -> Id {
        let first = self.entries.len();
        let id = match self.id_of(Name::Suggested(name), schema) {
            Ok((id, _)) => id,
            Err(refusal) => {
                self.refusals.push(refusal);
                self.assign(Entry::Plain(Plain::Json))
            }
        };
        self.check_defaults(first);
        id
    }

    /// What a type is; nothing for what could not be made.
    pub(super) fn get(&self, id: Id) -> Option<&Entry<'a>> {
        match self.entries.get(id.0)?.as_ref()? {
            // Each leads to another one that was there before it, or is a component.
            Entry::Same(other) if *other != id => match self.entries.get(other.0)?.as_ref()? {
                Entry::Same(_) => None,
                entry => Some(entry),
            },
            Entry::Same(_) => None,
            entry => Some(entry),
        }
    }

    /// The declared types, in the order in which they were made.
    pub(super) fn named(&self) -> impl Iterator<Item = (Id, &Named<'a>)> {
        self.entries.iter().enumerate().filter_map(|(index, entry)| match entry {
            Some(Entry::Named(named)) => Some((Id(index), named)),
            _ => None,
        })
    }

    fn reserve(&mut self) -> Id {
        self.entries.push(None);
        Id(self.entries.len() - 1)
    }

    /// Makes the type of a component. All are types of their own, so that others can refer to them.
    fn component(&mut self, name: &str, component: &Component<'a>) {
        let required = Name::Required(name.to_owned());
        let place = component.schema.form().map(|it| it.place.clone()).unwrap_or_default();
        let converted = self.convert(required.clone(), &component.schema);
        let (entry, default) = converted.unwrap_or_else(|refusal| {
            self.refusals.push(refusal);
            (Self::opaque(&required, &component.schema), None)
        });
        let in_rust = name::of_type(name);
        let mut entry = match entry {
            Entry::Plain(Plain::Native(native)) if native == name => {
                Entry::Plain(Plain::Native(native))
            }
            Entry::Named(named) => Entry::Named(Named { default, ..named }),
            other => {
                let of = self.assign(other);
                let shape = Shape::Newtype { of, limit: Limit::None };
                Entry::Named(Named { name: in_rust, place: place.clone(), default, shape })
            }
        };
        if let Entry::Named(named) = &mut entry {
            // What stands somewhere inside, such as in an `allOf` of one, is the component.
            named.place = place;
            let twin = self.names.insert(named.name.clone(), component.id);
            if twin.is_some() {
                let problem =
                    format!("two schemas become `{}`, which does not compile", named.name);
                self.refusals.push(Refusal::at(&named.place, problem));
            }
        }
        self.entries[component.id.0] = Some(entry);
    }

    /// Keeps a type. Of two declared types of one name typify keeps the first, without a word.
    fn assign(&mut self, entry: Entry<'a>) -> Id {
        match entry {
            Entry::Same(id) => id,
            Entry::Named(named) => {
                if let Some(id) = self.names.get(&named.name) {
                    return *id;
                }
                let id = self.reserve();
                self.names.insert(named.name.clone(), id);
                self.entries[id.0] = Some(Entry::Named(named));
                id
            }
            Entry::Plain(plain) => {
                if let Some(id) = self.plain.get(&plain) {
                    return *id;
                }
                let id = self.reserve();
                self.plain.insert(plain.clone(), id);
                self.entries[id.0] = Some(Entry::Plain(plain));
                id
            }
        }
    }

    fn plain(&mut self, plain: Plain) -> Id {
        self.assign(Entry::Plain(plain))
    }

    /// The type of a part of another type, and its default.
    fn id_of(&mut self, name: Name, schema: &Schema<'a>) -> Made<'a, Id> {
        let (mut entry, default) = self.convert(name, schema)?;
        if let (Entry::Named(named), Some(_)) = (&mut entry, default) {
            named.default = default;
        }
        Ok((self.assign(entry), default))
    }

    /// A type of which only the name is known.
    fn opaque(name: &Name, schema: &Schema<'a>) -> Entry<'a> {
        let form = schema.form();
        let text = form.and_then(|form| form.raw).map(canonical).unwrap_or_default();
        let title = form.and_then(|form| form.title);
        Entry::Named(Named {
            name: name.in_rust(title).unwrap_or_default(),
            place: form.map(|form| form.place.clone()).unwrap_or_default(),
            default: None,
            shape: Shape::Opaque(text),
        })
    }

    /// Uses up some of what may be done; false when there is none left.
    fn spend(&mut self, cost: usize) -> bool {
        let cost = u32::try_from(cost).unwrap_or(u32::MAX).saturating_add(1);
        self.fuel = self.fuel.saturating_sub(cost);
        self.fuel > 0
    }
}

/// A type and its default, or why the generator has none.
type Made<'a, T> = Result<(T, Option<&'a Value>), Refusal>;

/// The schema as text: the same for the same schema, whatever order its members stand in and
/// whatever it says to people.
fn canonical(schema: &Value) -> String {
    fn strip(value: &Value, depth: u32) -> Value {
        const FOR_PEOPLE: [&str; 5] =
            ["description", "example", "examples", "externalDocs", "deprecated"];
        match value {
            _ if depth == 0 => Value::Null,
            Value::Object(members) => {
                let members: BTreeMap<_, _> = members
                    .iter()
                    .filter(|(name, value)| {
                        !FOR_PEOPLE.contains(&name.as_str()) || value.is_object()
                    })
                    .map(|(name, value)| (name, strip(value, depth - 1)))
                    .collect();
                members.into_iter().map(|(name, value)| (name.clone(), value)).collect()
            }
            Value::Array(items) => items.iter().map(|item| strip(item, depth - 1)).collect(),
            other => other.clone(),
        }
    }
    strip(schema, 100).to_string()
}
