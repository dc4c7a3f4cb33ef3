//! Dependencies run one way: between crates, between the rooms of the library, and between files.
//!
//! CONTRIBUTING has the picture. What only unit tests import is not looked at.

mod circles;
mod crates;
mod faults;
mod imports;
pub mod modules;
mod planted;
mod planted_everywhere;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use seedance_testing::files::root;

/// The crates, and what each may depend on. Tests may depend on anything.
const CRATES: &[(&str, &[&str])] = &[
    ("seedance-spec", &[]),
    ("seedance-codegen", &["seedance-spec"]),
    ("seedance-query", &["seedance-codegen"]),
    ("seedance-diff", &["seedance-query", "seedance-spec"]),
    ("seedance-traffic", &["seedance-query"]),
    ("seedance-fetch", &["seedance-query"]),
    (
        "seedance-ledger-suite",
        &["seedance-fetch", "seedance-query"],
    ),
    ("seedance-mock", &["seedance-query"]),
    (
        "seedance-playground",
        &["seedance-mock", "seedance-query", "seedance-traffic"],
    ),
    (
        "seedance-query-cli",
        &[
            "seedance-diff",
            "seedance-fetch",
            "seedance-mock",
            "seedance-playground",
            "seedance-query",
            "seedance-traffic",
        ],
    ),
    ("seedance-testing", &["seedance-query"]),
    (
        "seedance-laws",
        &["seedance-query", "seedance-spec", "seedance-traffic"],
    ),
    (
        "seedance-external-tests",
        &["seedance-testing", "seedance-traffic"],
    ),
];

/// The rooms of the library; each may import from those before it.
const ROOMS: &[&str] = &[
    "redact", "model", "validate", "capture", "client", "submit", "poll", "download",
];

/// The directories of all packages.
pub fn packages() -> Vec<PathBuf> {
    let mut packages = vec![root().to_owned()];
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        packages.push(entry.unwrap().path());
    }
    packages.retain(|package| package.join("Cargo.toml").is_file());
    packages.sort();
    packages
}

pub fn root_file(package: &Path) -> Option<PathBuf> {
    let files = ["src/lib.rs", "src/main.rs"].map(|file| package.join(file));
    files.into_iter().find(|file| file.is_file())
}

#[test]
fn crates_depend_one_way() {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages() {
        let manifest = package.join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        let table: toml::Table = text.parse().unwrap();
        let name = table["package"]["name"].as_str().unwrap().to_owned();
        found.insert(name, crates::dependencies(&manifest));
    }
    let faults = crates::faults(&found, CRATES);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(circles::circles(&found), Vec::<Vec<String>>::new());
}

#[test]
fn files_import_one_way() {
    let mut faults = Vec::new();
    for package in packages() {
        let Some(file) = root_file(&package) else {
            continue;
        };
        let rooms = if package == root() { ROOMS } else { &[] };
        faults.extend(faults::faults(root(), &file, rooms));
        faults.extend(faults::facade_faults(root(), &file));
    }
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}
