//! Which crates of the workspace depend on which.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The workspace's own crates that a manifest names outside of its tests.
pub fn dependencies(manifest: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(manifest).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    ["dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| manifest.get(*section)?.as_table())
        .flat_map(toml::Table::keys)
        .filter(|name| name.starts_with("seedance-"))
        .cloned()
        .collect()
}

/// Dependencies that the allowed arrows do not have.
pub fn faults(
    found: &BTreeMap<String, BTreeSet<String>>,
    allowed: &[(&str, &[&str])],
) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, dependencies) in found {
        let Some((_, allowed)) = allowed.iter().find(|(listed, _)| listed == name) else {
            faults.push(format!("{name}: the crate has no place in the picture"));
            continue;
        };
        for dependency in dependencies {
            if !allowed.contains(&dependency.as_str()) {
                faults.push(format!("{name} must not depend on {dependency}"));
            }
        }
    }
    faults
}
