//! No code of the library and of the program names a member of the API by a literal: the constants
//! that are generated of the OpenAPI document break the build when the document changes.

mod exceptions;
mod literals;
mod mentions;
mod planted;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::{Map, Value};

use self::{exceptions::EXCEPTIONS, literals::literals, mentions::mentions};
use crate::arrows::{modules::Modules, packages, root_file};
use seedance_testing::files::root;

/// These read any OpenAPI document, whose keywords (`properties`, `type`, `content`) are not its
/// members; and these are tests.
const OTHER_CRATES: [&str; 6] = [
    "codegen",
    "diff",
    "external-tests",
    "laws",
    "spec",
    "testing",
];

/// The names of all members that the document has.
fn documented() -> BTreeSet<String> {
    let document = seedance_spec::read(seedance_query::OPENAPI).unwrap();
    let mut names = BTreeSet::new();
    for schema in document.schemas.by_name.values() {
        collect(schema, &mut names);
    }
    names
}

fn collect(schema: &Value, names: &mut BTreeSet<String>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    names.extend(properties.into_iter().flat_map(Map::keys).cloned());
    // A member can be called `properties`, too.
    for schema in properties.into_iter().flat_map(Map::values) {
        collect(schema, names);
    }
    match schema {
        Value::Object(keywords) => {
            let others = keywords.iter().filter(|(name, _)| *name != "properties");
            others.for_each(|(_, value)| collect(value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        _ => {}
    }
}

/// How often a file has each documented name in its literals.
type Mentions = BTreeMap<(String, String), usize>;

fn mentions_of(source: &syn::File, path: &str, documented: &BTreeSet<String>, all: &mut Mentions) {
    for literal in literals(source) {
        for name in mentions(&literal, documented) {
            *all.entry((path.to_owned(), name.to_owned())).or_default() += 1;
        }
    }
}

#[test]
fn no_code_names_a_member_by_a_literal() {
    let documented = documented();
    assert!(documented.len() > 50, "{documented:?}");
    let mut found = Mentions::new();
    let mut files = 0;
    for package in packages() {
        let is_other = OTHER_CRATES.map(|name| root().join("crates").join(name));
        let Some(file) = root_file(&package).filter(|_| !is_other.contains(&package)) else {
            continue;
        };
        for (file, (_, source)) in &Modules::read(&file).sources {
            let path = file.strip_prefix(root()).map(Path::display).unwrap();
            mentions_of(source, &path.to_string(), &documented, &mut found);
            files += 1;
        }
    }
    assert!(files > 200, "{files} files");
    let mut excepted = BTreeSet::new();
    for exception in EXCEPTIONS {
        assert!(!exception.reason.is_empty());
        for (file, words) in exception.words {
            for word in *words {
                let is_new = excepted.insert(((*file).to_owned(), (*word).to_owned()));
                assert!(is_new, "{file}: `{word}` is excepted twice");
            }
        }
    }
    let mut faults = Vec::new();
    for ((file, name), count) in &found {
        if !excepted.contains(&(file.clone(), name.clone())) {
            faults.push(format!(
                "{file}: `{name}` in a literal ({count}); use `model::name` or `model::pointers`"
            ));
        }
    }
    for (file, name) in &excepted {
        if !found.contains_key(&(file.clone(), name.clone())) {
            faults.push(format!(
                "{file}: no literal has `{name}` any more; remove the exception"
            ));
        }
    }
    let left: usize = found.values().sum();
    println!(
        "{left} literals of {} documented names in {files} files, for {} reasons",
        found
            .keys()
            .map(|(_, name)| name)
            .collect::<BTreeSet<_>>()
            .len(),
        EXCEPTIONS.len()
    );
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}
