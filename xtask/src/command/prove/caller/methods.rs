//! What a caller does with methods.

use openapi_contract::ClientStyle;
use syn::{
    FnArg, GenericArgument, ImplItem, ImplItemFn, Item, Pat, PathArguments, ReturnType, Type,
    TypeParamBound, WherePredicate,
};

use super::{module, text};

/// A method of the client, and what can be done with it.
pub(super) struct Call {
    style: ClientStyle,
    name: String,
    /// Names and types, as they are passed.
    arguments: Vec<(String, String)>,
    /// What is awaited.
    output: String,
    /// What the items of a stream are, where there is one.
    stream: Option<String>,
    has_body_map: bool,
}

impl Call {
    pub(super) fn sent(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().map(|(_, of)| of.as_str())
    }

    pub(super) fn received(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.output.as_str()).chain(self.stream.as_deref())
    }

    /// The functions that do it.
    pub(super) fn functions(&self) -> Vec<String> {
        match self.style {
            ClientStyle::Builder => self.with_builder(),
            ClientStyle::Positional => self.by_position(),
        }
    }

    fn with_builder(&self) -> Vec<String> {
        let Self { name, output, .. } = self;
        let parameters = self.parameters("");
        let set: Vec<_> =
            self.arguments.iter().map(|(it, _)| format!(".{it}(value_{it})")).collect();
        let set = set.concat();
        let mut functions = vec![format!(
            "pub async fn calls_{name}(client: &Client{parameters}) -> {output} {{ \
             client.{name}(){set}.send().await }}\n"
        )];
        // What callers write instead of values of the type itself.
        let shorthands: String = self
            .arguments
            .iter()
            .filter_map(|(it, of)| Some(format!(".{it}({})", shorthand(of)?)))
            .collect();
        if !shorthands.is_empty() {
            functions.push(format!(
                "pub fn writes_{name}(client: &Client) {{ let _ = client.{name}(){shorthands}; }}\n"
            ));
        }
        if self.has_body_map {
            functions.push(format!(
                "pub fn maps_{name}(client: &Client) {{ let _ = client.{name}().body_map(|it| it); }}\n"
            ));
        }
        if let Some(item) = &self.stream {
            functions.push(format!(
                "pub fn streams_{name}(client: &Client) {{ fn is<S: futures::Stream<Item = {item}>>(_: S) \
                 {{}} is(client.{name}().stream()) }}\n"
            ));
        }
        functions
    }

    fn by_position(&self) -> Vec<String> {
        let Self { name, output, .. } = self;
        let parameters = self.parameters("");
        let passed: Vec<_> = self.arguments.iter().map(|(it, _)| format!("value_{it}")).collect();
        let passed = passed.join(", ");
        let mut functions = vec![format!(
            "pub async fn calls_{name}<'a>(client: &'a Client{parameters}) -> {output} {{ \
             client.{name}({passed}).await }}\n"
        )];
        if let Some(item) = &self.stream {
            let parameters = self.parameters("page_token");
            let passed: Vec<_> = self
                .arguments
                .iter()
                .filter(|(it, _)| it != "page_token")
                .map(|(it, _)| format!("value_{it}"))
                .collect();
            functions.push(format!(
                "pub fn streams_{name}<'a>(client: &'a Client{parameters}) {{ \
                 fn is<S: futures::Stream<Item = {item}>>(_: S) {{}} \
                 is(client.{name}_stream({})) }}\n",
                passed.join(", ")
            ));
        }
        functions
    }

    /// The arguments as parameters of the caller's own function, all but one.
    fn parameters(&self, without: &str) -> String {
        let arguments = self.arguments.iter().filter(|(it, _)| it != without);
        arguments.map(|(it, of)| format!(", value_{it}: {of}")).collect::<Vec<_>>().concat()
    }
}

/// A literal for a type that has one.
fn shorthand(of: &str) -> Option<&'static str> {
    match of {
        ":: std :: string :: String" => Some("\"text\""),
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => Some("1"),
        _ => None,
    }
}

/// The methods of a client.
pub(super) fn calls(client: &syn::File, style: ClientStyle) -> Vec<Call> {
    let methods = client.items.iter().filter_map(|item| match item {
        Item::Impl(it) if it.trait_.is_none() && text(&it.self_ty) == "Client" => Some(it),
        _ => None,
    });
    let methods: Vec<&ImplItemFn> = methods.flat_map(|it| functions(&it.items)).collect();
    match style {
        ClientStyle::Builder => {
            let builders = module(&client.items, "builder");
            methods.iter().filter_map(|method| of_builder(method, builders)).collect()
        }
        ClientStyle::Positional => methods
            .iter()
            .filter(|method| method.sig.asyncness.is_some())
            .map(|method| of_position(method, &methods))
            .collect(),
    }
}

fn functions(items: &[ImplItem]) -> impl Iterator<Item = &ImplItemFn> {
    items.iter().filter_map(|item| match item {
        ImplItem::Fn(it) => Some(it),
        _ => None,
    })
}

fn of_builder(method: &ImplItemFn, builders: &[Item]) -> Option<Call> {
    let ReturnType::Type(_, of) = &method.sig.output else { return None };
    let Type::Path(path) = &**of else { return None };
    let builder = path.path.segments.last()?.ident.to_string();
    let items = builders.iter().find_map(|item| match item {
        Item::Impl(it) => {
            let Type::Path(path) = &*it.self_ty else { return None };
            path.path.is_ident(&builder).then_some(&it.items).or_else(|| {
                path.path.segments.last().filter(|it| it.ident == builder).map(|_| &it.items)
            })
        }
        _ => None,
    })?;
    let mut call = Call {
        style: ClientStyle::Builder,
        name: method.sig.ident.to_string(),
        arguments: Vec::new(),
        output: String::new(),
        stream: None,
        has_body_map: false,
    };
    for function in functions(items) {
        match function.sig.ident.to_string().as_str() {
            "new" => {}
            "send" => call.output = output(function),
            "stream" => call.stream = streamed(function),
            "body_map" => call.has_body_map = true,
            setter => call.arguments.push((setter.to_owned(), taken(function)?)),
        }
    }
    Some(call)
}

/// The `T` of a setter that takes `V: TryInto<T>`.
fn taken(setter: &ImplItemFn) -> Option<String> {
    let predicates = &setter.sig.generics.where_clause.as_ref()?.predicates;
    predicates.iter().find_map(|predicate| {
        let WherePredicate::Type(predicate) = predicate else { return None };
        let TypeParamBound::Trait(bound) = predicate.bounds.first()? else { return None };
        let last = bound.path.segments.last().filter(|it| it.ident == "TryInto")?;
        first_type(&last.arguments)
    })
}

fn of_position(method: &ImplItemFn, all: &[&ImplItemFn]) -> Call {
    let name = method.sig.ident.to_string();
    let arguments = method.sig.inputs.iter().filter_map(|input| {
        let FnArg::Typed(input) = input else { return None };
        let Pat::Ident(pattern) = &*input.pat else { return None };
        let of = text(&input.ty);
        // What takes any body is given one.
        let of = if of == "B" { "reqwest::Body".to_owned() } else { of };
        Some((pattern.ident.to_string(), of))
    });
    let stream = format!("{name}_stream");
    Call {
        style: ClientStyle::Positional,
        arguments: arguments.collect(),
        output: output(method),
        stream: all.iter().find(|it| it.sig.ident == stream).and_then(|it| streamed(it)),
        has_body_map: false,
        name,
    }
}

fn output(function: &ImplItemFn) -> String {
    match &function.sig.output {
        ReturnType::Default => "()".to_owned(),
        ReturnType::Type(_, of) => text(of),
    }
}

/// The item of `impl Stream<Item = …>`.
fn streamed(function: &ImplItemFn) -> Option<String> {
    let ReturnType::Type(_, of) = &function.sig.output else { return None };
    let Type::ImplTrait(of) = &**of else { return None };
    let TypeParamBound::Trait(bound) = of.bounds.first()? else { return None };
    let PathArguments::AngleBracketed(arguments) = &bound.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(item) => Some(text(&item.ty)),
        _ => None,
    })
}

fn first_type(arguments: &PathArguments) -> Option<String> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(of) => Some(text(of)),
        _ => None,
    })
}
