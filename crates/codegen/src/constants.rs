//! The names of members and the pointers to them, as constants: code that names a member which the
//! document no longer has does not compile.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    iter,
};

use serde_json::{Map, Value};

use super::property::{Property, component};
use seedance_spec::{compose::Schemas, pointer::Pointer, union_ends::ends};

/// The deepest nesting that has a pointer of its own.
const MAX_DEPTH: usize = 8;

/// Generates a constant for each name that a member has in any schema.
pub fn names(schemas: &Schemas) -> String {
    let mut names = BTreeSet::new();
    for schema in schemas.by_name.values() {
        collect(schema, &mut names);
    }
    let names = names.into_iter().map(|name| {
        let doc = format!(" The member `{name}`.");
        (constant(&name), name, doc)
    });
    constants(names)
}

/// Generates a constant for each place that a member has in the bodies of the task query.
pub fn pointers(schemas: &Schemas) -> String {
    let mut pointers = BTreeMap::new();
    for body in iter::once(&schemas.success).chain(&schemas.error) {
        walk(schemas, &[body], &mut Vec::new(), &mut pointers);
    }
    let pointers = pointers.into_iter().map(|(pointer, path)| {
        let parts: Vec<String> = path.iter().map(|name| constant(name)).collect();
        let doc = format!(" The place of `{}`.", path.join("."));
        (parts.join("_"), pointer, doc)
    });
    constants(pointers)
}

/// All members of a schema and of what stands within it.
fn collect(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(keywords) => {
            let properties = keywords.get("properties").and_then(Value::as_object);
            names.extend(properties.into_iter().flat_map(Map::keys).cloned());
            let properties = properties.into_iter().flat_map(Map::values);
            let others = keywords
                .iter()
                .filter(|(keyword, _)| !matches!(keyword.as_str(), "properties" | "example"));
            for schema in properties.chain(others.map(|(_, value)| value)) {
                collect(schema, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        _ => {}
    }
}

/// All members at a place where any of these schemas can stand, and below.
fn walk<'a>(
    schemas: &'a Schemas,
    candidates: &[&'a str],
    path: &mut Vec<&'a str>,
    pointers: &mut BTreeMap<String, Vec<&'a str>>,
) {
    if path.len() == MAX_DEPTH {
        return;
    }
    let alternatives: Vec<&str> = candidates
        .iter()
        .flat_map(|candidate| ends(schemas, candidate))
        .map(|(name, _)| name)
        .collect();
    let properties = alternatives
        .iter()
        .filter_map(|name| component(schemas, name)?.get("properties")?.as_object());
    let names: BTreeSet<&str> = properties.flat_map(Map::keys).map(String::as_str).collect();
    for name in names {
        path.push(name);
        let pointer = path.iter().fold(Pointer::root(), |at, name| at.join(name));
        pointers.insert(pointer.to_string(), path.clone());
        let properties = Property::of_all(schemas, &alternatives, name);
        let targets: Vec<&str> = properties.iter().filter_map(|one| one.target).collect();
        walk(schemas, &targets, path, pointers);
        path.pop();
    }
}

/// A name as that of a constant.
fn constant(name: &str) -> String {
    let starts_with_digit = name.starts_with(|c: char| c.is_ascii_digit());
    let upper = name.chars().map(|c| match c {
        c if c.is_ascii_alphanumeric() => c.to_ascii_uppercase(),
        _ => '_',
    });
    let prefix = if starts_with_digit { "_" } else { "" };
    prefix.chars().chain(upper).collect()
}

/// Writes constants, but none for names that differ only in letters that a constant does not tell
/// apart: which of them is meant could not be seen.
fn constants(all: impl Iterator<Item = (String, String, String)>) -> String {
    let mut by_constant: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (constant, text, doc) in all {
        by_constant.entry(constant).or_default().push((text, doc));
    }
    let mut out = String::new();
    for (constant, texts) in by_constant {
        if let [(text, doc)] = texts.as_slice() {
            let _ = writeln!(
                out,
                "#[doc = {doc:?}]\npub const {constant}: &str = {text:?};"
            );
        }
    }
    out
}
