//! The generated client: what progenitor makes of the document.

use std::panic::{self, AssertUnwindSafe};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use serde::de::DeserializeOwned;
use serde_json::Value;
use syn::{ImplItem, Item};

use super::{generator_error::internal, plain_document::plain_document, types};
use seedance_spec::{Document, Problem, pointer::Pointer};

/// Generates the types, and the client that uses them.
pub fn generate(document: &Document) -> Result<(String, String), Problem> {
    let schemas = &document.schemas;
    let plain = plain_document(document);
    // The operations go first: errors of the whole document name no place below `paths`.
    for operation in &document.operations {
        read::<openapiv3::Operation>(operation.json(&plain), &operation.at)?;
    }
    let spec: openapiv3::OpenAPI = read(&plain, &Pointer::root())?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type("crate::client::hook::Headers".parse().map_err(internal)?)
        .with_derive("PartialEq");
    for (name, schema) in &schemas.by_name {
        if let Some(path) = schema.get("x-rust-type").and_then(Value::as_str) {
            settings.with_replacement(name, path, std::iter::empty());
        }
    }
    let tokens = without_panic(|| Generator::new(&settings).generate_tokens(&spec))?;
    let file: syn::File = syn::parse2(tokens).map_err(internal)?;
    let is_types = |item: &Item| matches!(item, Item::Mod(module) if module.ident == "types");
    let (mut types, client): (Vec<Item>, Vec<Item>) = file.items.into_iter().partition(is_types);
    for item in &mut types {
        if let Item::Mod(module) = item {
            types::make_lenient(module, document)?;
        }
    }
    Ok((source(types), source(without_unused(client))))
}

/// Drops what the library has no use for: a prelude, and a constructor that makes an HTTP client of
/// its own.
fn without_unused(items: Vec<Item>) -> Vec<Item> {
    let is_prelude = |item: &Item| matches!(item, Item::Mod(module) if module.ident == "prelude");
    let is_new = |item: &ImplItem| matches!(item, ImplItem::Fn(item) if item.sig.ident == "new");
    let mut kept: Vec<Item> = items.into_iter().filter(|item| !is_prelude(item)).collect();
    for item in &mut kept {
        if let Item::Impl(block) = item
            && block.trait_.is_none()
        {
            block.items.retain(|item| !is_new(item));
        }
    }
    kept
}

fn source(items: Vec<Item>) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        attrs: Vec::new(),
        items,
    })
}

/// Formats the generated source, so that it can be read and reviewed.
pub fn format(source: &str) -> Result<String, Problem> {
    let file = syn::parse_file(source).map_err(internal)?;
    Ok(prettyplease::unparse(&file))
}

fn read<T: DeserializeOwned>(value: &Value, at: &Pointer) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let at = error
            .path()
            .iter()
            .fold(at.clone(), |at, segment| at.join(segment));
        Problem::at(&at, format!("not OpenAPI 3.0: {}", error.into_inner()))
    })
}

/// progenitor panics on some of what it does not support; a spec edit must not end in a backtrace.
fn without_panic<T>(generate: impl FnOnce() -> Result<T, progenitor::Error>) -> Result<T, Problem> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let outcome = panic::catch_unwind(AssertUnwindSafe(generate));
    panic::set_hook(hook);
    match outcome {
        Ok(result) => result.map_err(internal),
        Err(cause) => {
            let text = cause.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| cause.downcast_ref::<&str>().copied());
            Err(internal(
                text.unwrap_or("progenitor does not support something in it"),
            ))
        }
    }
}
