//! Types as they are written in Rust, and what can be done with them as texts.

use super::{Data, Entry, Field, Id, Limit, Named, Plain, Shape, State, Tag, Types};

/// How deep unnamed types may stand in one another; those of a document that can be read do not.
const MAX_DEPTH: u32 = 200;

impl Types<'_> {
    /// The type, as callers write it.
    pub(in crate::client) fn text(&self, id: Id) -> String {
        self.write(id, MAX_DEPTH)
    }

    /// A field, as the generated code declares it.
    pub(in crate::client) fn field_text(&self, field: &Field<'_>) -> String {
        format!("{}: {}", field.name, self.text(field.of))
    }

    /// A declared type in one line.
    pub(in crate::client) fn declaration(&self, named: &Named<'_>) -> String {
        let Named { name, shape, .. } = named;
        match shape {
            Shape::Struct(fields) => {
                let fields: Vec<_> = fields.iter().map(|field| self.field_text(field)).collect();
                format!("struct {name} {{ {} }}", fields.join(", "))
            }
            Shape::Enum { variants, .. } => {
                let variants: Vec<_> = variants.iter().map(|it| self.variant_text(it)).collect();
                format!("enum {name} {{ {} }}", variants.join(", "))
            }
            Shape::Newtype { of, limit } => {
                let open = if *limit == Limit::None { "pub " } else { "" };
                format!("struct {name}({open}{})", self.text(*of))
            }
            Shape::Opaque(_) => format!("type {name}"),
        }
    }

    pub(in crate::client) fn variant_text(&self, variant: &super::Variant<'_>) -> String {
        match &variant.data {
            Data::None => variant.name.clone(),
            Data::One(of) => format!("{}({})", variant.name, self.text(*of)),
            Data::Fields(fields) => {
                let fields: Vec<_> = fields.iter().map(|field| self.field_text(field)).collect();
                format!("{} {{ {} }}", variant.name, fields.join(", "))
            }
        }
    }

    fn write(&self, id: Id, depth: u32) -> String {
        let Some(depth) = depth.checked_sub(1) else { return "…".to_owned() };
        let plain = match self.get(id) {
            None | Some(Entry::Same(_)) => return "?".to_owned(),
            Some(Entry::Named(named)) => return format!("types::{}", named.name),
            Some(Entry::Plain(plain)) => plain,
        };
        let inner = |of: Id| self.write(of, depth);
        match plain {
            Plain::Unit => "()".to_owned(),
            Plain::Bool => "bool".to_owned(),
            Plain::Integer(name) | Plain::Float(name) | Plain::Native(name) => (*name).to_owned(),
            Plain::String => "String".to_owned(),
            Plain::Json => "serde_json::Value".to_owned(),
            Plain::Option(of) => match self.get(*of) {
                Some(Entry::Plain(Plain::Option(_))) => inner(*of),
                _ => format!("Option<{}>", inner(*of)),
            },
            Plain::Box(of) => format!("Box<{}>", inner(*of)),
            Plain::Vec(of) | Plain::Set(of) => format!("Vec<{}>", inner(*of)),
            Plain::Array(of, length) => format!("[{}; {length}]", inner(*of)),
            Plain::Map(_, of) => match self.get(*of) {
                Some(Entry::Plain(Plain::Json)) => {
                    "serde_json::Map<String, serde_json::Value>".to_owned()
                }
                _ => format!("HashMap<String, {}>", inner(*of)),
            },
        }
    }

    /// Whether its values can be written as a text, as paths and headers need it.
    pub(in crate::client) fn is_display(&self, id: Id) -> bool {
        self.is_display_within(id, MAX_DEPTH)
    }

    fn is_display_within(&self, id: Id, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return true };
        match self.get(id) {
            Some(Entry::Plain(plain)) => matches!(
                plain,
                Plain::Bool
                    | Plain::Integer(_)
                    | Plain::Float(_)
                    | Plain::Native(_)
                    | Plain::String
                    | Plain::Json
            ),
            Some(Entry::Named(named)) => match &named.shape {
                Shape::Enum { tag: Tag::Untagged, variants } => variants.iter().all(
                    |it| matches!(it.data, Data::One(of) if self.is_display_within(of, depth)),
                ),
                Shape::Enum { variants, .. } => !variants.is_empty() && all_simple(variants),
                Shape::Newtype { limit: Limit::Text(_), .. } | Shape::Opaque(_) => true,
                Shape::Newtype { of, limit: Limit::None } => self.is_display_within(*of, depth),
                Shape::Newtype { .. } | Shape::Struct(_) => false,
            },
            _ => true,
        }
    }

    /// Whether something has to be given to make one of it.
    pub(in crate::client) fn needs_fields(&self, id: Id) -> bool {
        match self.get(id) {
            Some(Entry::Named(Named { shape: Shape::Struct(fields), .. })) => {
                fields.iter().any(|field| field.state == State::Required)
            }
            _ => true,
        }
    }
}

pub(in crate::client) fn all_simple(variants: &[super::Variant<'_>]) -> bool {
    variants.iter().all(|variant| matches!(variant.data, Data::None))
}
