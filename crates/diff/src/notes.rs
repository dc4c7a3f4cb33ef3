//! What is not compared of a document.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use seedance_spec::{EXTENSIONS, Note, pointer::Pointer};

/// Keywords of schemas that change what is accepted, and are not compared.
const NOT_COMPARED: [&str; 16] = [
    "$defs",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "multipleOf",
    "not",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "xml",
    "$dynamicRef",
];

/// Members whose own members have names of the API's.
const NAMES: [&str; 6] = [
    "headers",
    "mapping",
    "parameters",
    "properties",
    "responses",
    "schemas",
];

/// Members that hold values of the API's.
const VALUES: [&str; 6] = ["const", "default", "enum", "example", "examples", "value"];

/// A note for each extension that is not known and each keyword that is not compared, at the first
/// place that has it.
pub(super) fn notes(document: &Value) -> Vec<Note> {
    let mut found = BTreeMap::new();
    collect(document, &Pointer::root(), &mut found);
    found
        .into_iter()
        .map(|(keyword, (pointer, count))| {
            let what = if keyword.starts_with("x-") {
                "an extension that is not known"
            } else {
                "a keyword that is not compared"
            };
            let more = match count {
                1 => String::new(),
                2 => ", and once more".to_owned(),
                _ => format!(", and {} times more", count - 1),
            };
            Note::at(&pointer, format!("`{keyword}` is ignored: {what}{more}"))
        })
        .collect()
}

fn collect<'a>(value: &'a Value, at: &Pointer, found: &mut BTreeMap<&'a str, (Pointer, usize)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let at = at.join(name);
                let is_extension = name.starts_with("x-");
                let is_unknown = is_extension && !EXTENSIONS.contains(&name.as_str());
                if is_unknown || NOT_COMPARED.contains(&name.as_str()) {
                    found.entry(name).or_insert((at.clone(), 0)).1 += 1;
                }
                if is_extension || VALUES.contains(&name.as_str()) {
                    continue;
                }
                if NAMES.contains(&name.as_str()) {
                    let inner = member.as_object().into_iter().flat_map(Map::iter);
                    inner.for_each(|(name, member)| collect(member, &at.join(name), found));
                } else {
                    collect(member, &at, found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &at.join(index), found);
            }
        }
        _ => {}
    }
}
