//! The public items of a generated client, one a line.

use std::collections::HashMap;

use openapi_contract::ClientStyle;
use syn::{
    Expr, Fields, FnArg, GenericArgument, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, Lit,
    PathArguments, ReturnType, Stmt, Type, TypeParamBound, Visibility, WherePredicate,
};

/// The public items of a client.
pub(crate) fn lines(file: &syn::File, style: ClientStyle) -> Vec<String> {
    let mut lines = Vec::new();
    for item in &file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => types(items(module), &mut lines),
            Item::Mod(module) if module.ident == "builder" => {
                let methods = methods(file);
                for item in items(module) {
                    if let Item::Impl(item) = item {
                        builder(item, &methods, &mut lines);
                    }
                }
            }
            Item::Impl(item) if style == ClientStyle::Positional && item.trait_.is_none() => {
                positional(item, &mut lines);
            }
            _ => {}
        }
    }
    lines.sort();
    lines.dedup();
    lines
}

fn items(module: &syn::ItemMod) -> &[Item] {
    module.content.as_ref().map_or(&[], |(_, items)| items)
}

fn types(items: &[Item], lines: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Struct(item) => structure(item, lines),
            Item::Enum(item) => enumeration(item, lines),
            Item::Mod(module) if module.ident == "builder" => {
                for item in self::items(module) {
                    if let Item::Impl(item) = item {
                        needed_fields(item, lines);
                    }
                }
            }
            _ => {}
        }
    }
}

fn structure(item: &ItemStruct, lines: &mut Vec<String>) {
    let name = &item.ident;
    match &item.fields {
        Fields::Unnamed(fields) => {
            let field = &fields.unnamed[0];
            let open = if matches!(field.vis, Visibility::Public(_)) { "pub " } else { "" };
            lines.push(format!("newtype {name}({open}{})", write(&field.ty)));
        }
        fields => {
            lines.push(format!("struct {name}"));
            for field in fields {
                let field_name = field.ident.as_ref().unwrap();
                lines.push(format!("struct {name}: {field_name}: {}", write(&field.ty)));
            }
        }
    }
}

fn enumeration(item: &ItemEnum, lines: &mut Vec<String>) {
    let name = &item.ident;
    lines.push(format!("enum {name}"));
    for variant in &item.variants {
        let data = match &variant.fields {
            Fields::Unit => String::new(),
            Fields::Unnamed(fields) => {
                let fields: Vec<_> = fields.unnamed.iter().map(|it| write(&it.ty)).collect();
                format!("({})", fields.join(", "))
            }
            Fields::Named(fields) => {
                let field =
                    |it: &syn::Field| format!("{}: {}", it.ident.as_ref().unwrap(), write(&it.ty));
                let fields: Vec<_> = fields.named.iter().map(field).collect();
                format!(" {{ {} }}", fields.join(", "))
            }
        };
        lines.push(format!("enum {name}: {}{data}", variant.ident));
    }
}

/// The fields that the builder of a type starts with an error.
fn needed_fields(item: &ItemImpl, lines: &mut Vec<String>) {
    let is_default = item
        .trait_
        .as_ref()
        .is_some_and(|it| it.0.segments.last().is_some_and(|segment| segment.ident == "Default"));
    if !is_default {
        return;
    }
    for name in started_with_errors(item, "default") {
        lines.push(format!("struct {} needs {name}", write(&item.self_ty)));
    }
}

/// The fields of the struct that this function makes which are `Err(…)`.
fn started_with_errors(item: &ItemImpl, function: &str) -> Vec<String> {
    let function = item.items.iter().find_map(|it| match it {
        ImplItem::Fn(it) if it.sig.ident == function => Some(it),
        _ => None,
    });
    let Some(Stmt::Expr(Expr::Struct(made), _)) = function.and_then(|it| it.block.stmts.last())
    else {
        return Vec::new();
    };
    let is_error = |value: &Expr| {
        let Expr::Call(call) = value else { return false };
        matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err"))
    };
    made.fields
        .iter()
        .filter(|field| is_error(&field.expr))
        .map(|field| match &field.member {
            syn::Member::Named(name) => name.to_string(),
            syn::Member::Unnamed(index) => index.index.to_string(),
        })
        .collect()
}

/// The methods of the client by the builders that they give.
fn methods(file: &syn::File) -> HashMap<String, String> {
    let mut methods = HashMap::new();
    for item in &file.items {
        let Item::Impl(item) = item else { continue };
        for member in &item.items {
            if let ImplItem::Fn(method) = member
                && let ReturnType::Type(_, of) = &method.sig.output
            {
                methods.insert(write(of), method.sig.ident.to_string());
            }
        }
    }
    methods
}

/// The builder of an operation.
fn builder(item: &ItemImpl, methods: &HashMap<String, String>, lines: &mut Vec<String>) {
    let Some(name) = methods.get(&write(&item.self_ty)) else { return };
    for member in &item.items {
        let ImplItem::Fn(method) = member else { continue };
        match method.sig.ident.to_string().as_str() {
            "new" => {
                for needed in started_with_errors(item, "new") {
                    lines.push(format!("method {name} needs {needed}"));
                }
            }
            "send" => answers(name, &method.sig.output, lines),
            "stream" => {
                lines.push(format!("method {name} streams {}", streamed(&method.sig.output)));
            }
            "body_map" => {}
            setter => {
                let mut bounds =
                    method.sig.generics.where_clause.iter().flat_map(|it| &it.predicates);
                let of = bounds.find_map(converted).unwrap();
                lines.push(format!("method {name}.{setter}: {of}"));
            }
        }
    }
}

/// The `T` of `V: TryInto<T>`.
fn converted(predicate: &WherePredicate) -> Option<String> {
    let WherePredicate::Type(predicate) = predicate else { return None };
    let TypeParamBound::Trait(bound) = predicate.bounds.first()? else { return None };
    let last = bound.path.segments.last()?;
    if last.ident != "TryInto" {
        return None;
    }
    arguments(&last.arguments).next()
}

fn positional(item: &ItemImpl, lines: &mut Vec<String>) {
    for member in &item.items {
        let ImplItem::Fn(method) = member else { continue };
        let name = method.sig.ident.to_string();
        if method.sig.asyncness.is_none() {
            if let Some(name) = name.strip_suffix("_stream") {
                lines.push(format!("method {name} streams {}", streamed(&method.sig.output)));
            }
            continue;
        }
        let passed = method.sig.inputs.iter().filter_map(|it| match it {
            FnArg::Typed(it) => Some(write(&it.ty)),
            FnArg::Receiver(_) => None,
        });
        lines.push(format!("method {name}({})", passed.collect::<Vec<_>>().join(", ")));
        answers(&name, &method.sig.output, lines);
    }
}

/// `Result<ResponseValue<T>, Error<E>>`.
fn answers(name: &str, output: &ReturnType, lines: &mut Vec<String>) {
    let text = output_text(output);
    let inner = text.strip_prefix("Result<ResponseValue<").unwrap().strip_suffix(">>").unwrap();
    let (success, error) = inner.split_once(">, Error<").unwrap();
    lines.push(format!("method {name} -> {success}"));
    lines.push(format!("method {name} ! {error}"));
}

/// `impl Stream<Item = Result<T, Error<E>>> + …`.
fn streamed(output: &ReturnType) -> String {
    let ReturnType::Type(_, of) = output else { return String::new() };
    let Type::ImplTrait(of) = &**of else { return String::new() };
    let TypeParamBound::Trait(bound) = &of.bounds[0] else { return String::new() };
    let PathArguments::AngleBracketed(all) = &bound.path.segments.last().unwrap().arguments else {
        return String::new();
    };
    let GenericArgument::AssocType(item) = &all.args[0] else { return String::new() };
    let text = write(&item.ty);
    let inner = text.strip_prefix("Result<").unwrap();
    inner.rsplit_once(", Error<").unwrap().0.to_owned()
}

fn output_text(output: &ReturnType) -> String {
    match output {
        ReturnType::Default => "()".to_owned(),
        ReturnType::Type(_, of) => write(of),
    }
}

/// A type without the paths that lead to it, references and lifetimes.
pub(crate) fn write(of: &Type) -> String {
    match of {
        Type::Path(path) => {
            let last = path.path.segments.last().unwrap();
            let inner: Vec<_> = arguments(&last.arguments).collect();
            let name = last.ident.to_string();
            if inner.is_empty() { name } else { format!("{name}<{}>", inner.join(", ")) }
        }
        Type::Reference(reference) => match write(&reference.elem).as_str() {
            "str" => "String".to_owned(),
            other => other.to_owned(),
        },
        Type::Tuple(tuple) => {
            let inner: Vec<_> = tuple.elems.iter().map(write).collect();
            format!("({})", inner.join(", "))
        }
        Type::Array(array) => {
            let Expr::Lit(length) = &array.len else { return "[?]".to_owned() };
            let Lit::Int(length) = &length.lit else { return "[?]".to_owned() };
            format!("[{}; {}]", write(&array.elem), length.base10_digits())
        }
        _ => "?".to_owned(),
    }
}

fn arguments(arguments: &PathArguments) -> impl Iterator<Item = String> + '_ {
    let all = match arguments {
        PathArguments::AngleBracketed(all) => Some(&all.args),
        _ => None,
    };
    all.into_iter().flatten().filter_map(|it| match it {
        GenericArgument::Type(of) => Some(write(of)),
        _ => None,
    })
}
