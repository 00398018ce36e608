//! A surface as lines, one an item, for comparing the model with what the generator really makes.

use super::{
    operation::{Answer, Content, Method, Passed},
    surface::Surface,
    types::{Limit, Named, Shape, State},
};
use crate::ClientStyle;

/// All public items, sorted.
pub(super) fn lines(surface: &Surface<'_>, style: ClientStyle) -> Vec<String> {
    let mut lines = Vec::new();
    for (_, named) in surface.types.named() {
        of_type(surface, named, style, &mut lines);
    }
    for method in &surface.methods {
        of_method(surface, method, style, &mut lines);
    }
    lines.sort();
    lines
}

fn of_type(surface: &Surface<'_>, named: &Named<'_>, style: ClientStyle, lines: &mut Vec<String>) {
    let (types, name) = (&surface.types, &named.name);
    match &named.shape {
        Shape::Struct(fields) => {
            lines.push(format!("struct {name}"));
            for field in fields {
                lines.push(format!("struct {name}: {}", types.field_text(field)));
                if style == ClientStyle::Builder && field.state == State::Required {
                    lines.push(format!("struct {name} needs {}", field.name));
                }
            }
        }
        Shape::Enum { variants, .. } => {
            lines.push(format!("enum {name}"));
            for variant in variants {
                lines.push(format!("enum {name}: {}", types.variant_text(variant)));
            }
        }
        Shape::Newtype { of, limit } => {
            let open = if *limit == Limit::None { "pub " } else { "" };
            lines.push(format!("newtype {name}({open}{})", types.text(*of)));
        }
        Shape::Opaque(_) => lines.push(format!("opaque {name}")),
    }
}

fn of_method(
    surface: &Surface<'_>,
    method: &Method<'_>,
    style: ClientStyle,
    lines: &mut Vec<String>,
) {
    let name = &method.name;
    let passed = |of: Passed| match of {
        Passed::Type(id) => surface.types.text(id),
        Passed::Raw => "reqwest::Body".to_owned(),
        Passed::Text => "String".to_owned(),
    };
    let optional = |argument: &super::operation::Argument<'_>| {
        let passed = passed(argument.of);
        if argument.required { passed } else { format!("Option<{passed}>") }
    };
    match style {
        ClientStyle::Builder => {
            for argument in &method.arguments {
                lines.push(format!("method {name}.{}: {}", argument.name, passed(argument.of)));
                if needs(surface, argument) {
                    lines.push(format!("method {name} needs {}", argument.name));
                }
            }
        }
        ClientStyle::Positional => {
            let arguments: Vec<_> = method.arguments.iter().map(optional).collect();
            lines.push(format!("method {name}({})", arguments.join(", ")));
        }
    }
    let answer = |answer: &Answer<'_>| match answer.content {
        Content::Type(id) => surface.types.text(id),
        Content::None => "()".to_owned(),
        Content::Raw => "ByteStream".to_owned(),
        Content::Upgrade => "Upgraded".to_owned(),
    };
    lines.push(format!("method {name} -> {}", answer(&method.success)));
    lines.push(format!("method {name} ! {}", answer(&method.error)));
    if let Ok(item) = &method.stream {
        lines.push(format!("method {name} streams {}", surface.types.text(*item)));
    }
}

/// Whether the builder starts without it: a struct is started from its own builder.
fn needs(surface: &Surface<'_>, argument: &super::operation::Argument<'_>) -> bool {
    use super::{operation::ArgumentKind, types::Entry};
    let is_struct = |id| {
        matches!(surface.types.get(id), Some(Entry::Named(Named { shape: Shape::Struct(_), .. })))
    };
    argument.required
        && match (argument.kind, argument.of) {
            (ArgumentKind::Body, Passed::Type(id)) => !is_struct(id),
            _ => true,
        }
}
