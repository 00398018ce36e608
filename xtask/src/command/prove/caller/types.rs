//! What a caller does with types.

use openapi_contract::ClientStyle;
use syn::{Fields, Item, ItemEnum, ItemStruct, Visibility};

use super::{Surface, text};

impl Surface<'_> {
    /// Functions that do all that can be done with a type.
    pub(super) fn functions(&self, name: &str, item: &Item) -> Vec<String> {
        let mut functions = match item {
            Item::Struct(item) => self.structure(name, item),
            Item::Enum(item) => self.enumeration(name, item),
            _ => Vec::new(),
        };
        // Whoever can name a type may do so.
        functions.push(format!("pub fn names_{name}(_: Option<types::{name}>) {{}}\n"));
        functions
    }

    fn is_used(&self, name: &str) -> bool {
        self.sent.contains(name) || self.received.contains(name)
    }

    fn structure(&self, name: &str, item: &ItemStruct) -> Vec<String> {
        match &item.fields {
            Fields::Unnamed(fields) => self.newtype(name, &fields.unnamed[0]),
            fields => {
                let fields: Vec<_> = fields
                    .iter()
                    .filter_map(|field| Some((field.ident.as_ref()?.to_string(), text(&field.ty))))
                    .collect();
                self.fields(name, &fields)
            }
        }
    }

    fn fields(&self, name: &str, fields: &[(String, String)]) -> Vec<String> {
        let mut functions = Vec::new();
        if self.is_used(name) {
            let read: Vec<_> = fields
                .iter()
                .map(|(field, of)| format!("let _: {of} = value.{field}.clone();"))
                .collect();
            let read = read.join(" ");
            functions.push(format!("pub fn reads_{name}(value: {name}) {{ {read} }}\n"));
        }
        if !self.sent.contains(name) {
            return functions;
        }
        let parameters = parameters(fields);
        let made = match self.style {
            ClientStyle::Builder => {
                let set: Vec<_> =
                    fields.iter().map(|(field, _)| format!(".{field}(value_{field})")).collect();
                format!("{name}::builder(){}.try_into().unwrap()", set.concat())
            }
            ClientStyle::Positional => format!("{name} {{ {} }}", assigned(fields)),
        };
        functions.push(format!("pub fn makes_{name}({parameters}) -> {name} {{ {made} }}\n"));
        functions
    }

    fn newtype(&self, name: &str, field: &syn::Field) -> Vec<String> {
        let of = text(&field.ty);
        let mut functions = Vec::new();
        if self.is_used(name) {
            functions.push(format!("pub fn reads_{name}(value: &{name}) -> &{of} {{ &*value }}\n"));
        }
        let open = matches!(field.vis, Visibility::Public(_));
        if open && self.sent.contains(name) {
            functions
                .push(format!("pub fn makes_{name}(value: {of}) -> {name} {{ {name}(value) }}\n"));
        }
        functions
    }

    fn enumeration(&self, name: &str, item: &ItemEnum) -> Vec<String> {
        let (mut arms, mut functions) = (Vec::new(), Vec::new());
        for variant in &item.variants {
            let label = &variant.ident;
            let path = format!("{name}::{label}");
            let fields: Vec<_> = variant
                .fields
                .iter()
                .enumerate()
                .map(|(index, field)| {
                    let name = field.ident.as_ref();
                    (name.map_or(index.to_string(), ToString::to_string), text(&field.ty))
                })
                .collect();
            let typed: Vec<_> =
                fields.iter().map(|(field, of)| format!("let _: {of} = value_{field};")).collect();
            let values: Vec<_> = fields.iter().map(|(field, _)| format!("value_{field}")).collect();
            let pattern = match &variant.fields {
                Fields::Unit => path,
                Fields::Unnamed(_) => format!("{path}({})", values.join(", ")),
                Fields::Named(_) => format!("{path} {{ {} }}", assigned(&fields)),
            };
            arms.push(format!("{pattern} => {{ {} }}", typed.concat()));
            if self.sent.contains(name) {
                functions.push(format!(
                    "pub fn makes_{name}_{label}({}) -> {name} {{ {pattern} }}\n",
                    parameters(&fields)
                ));
            }
        }
        if self.received.contains(name) {
            let arms = arms.join(" ");
            functions.push(format!(
                "pub fn reads_{name}(value: {name}) {{ match value {{ {arms} }} }}\n"
            ));
        }
        functions
    }
}

fn parameters(fields: &[(String, String)]) -> String {
    let all: Vec<_> = fields.iter().map(|(field, of)| format!("value_{field}: {of}")).collect();
    all.join(", ")
}

fn assigned(fields: &[(String, String)]) -> String {
    let all: Vec<_> = fields.iter().map(|(field, _)| format!("{field}: value_{field}")).collect();
    all.join(", ")
}
