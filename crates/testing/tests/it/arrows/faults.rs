//! What is wrong with the arrows of a crate.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    circles::circles,
    imports::{Import, imports},
    modules::Modules,
};

/// The faults of a crate, as sentences with paths from `base` on; `rooms` is the order of its
/// folders, the lowest first, if it has one.
pub fn faults(base: &Path, root: &Path, rooms: &[&str]) -> Vec<String> {
    let modules = Modules::read(root);
    let shown = |module: &[String]| {
        let file = &modules.files[module];
        file.strip_prefix(base).unwrap().display().to_string()
    };
    let mut faults = Vec::new();
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for import in imports(&modules) {
        let Import { from, to, path } = &import;
        if from.starts_with(to) {
            faults.push(format!(
                "{}: `{path}` comes from {}, which is above it; import from the file that defines it",
                shown(from),
                shown(to)
            ));
            continue;
        }
        let rank = |module: &[String]| {
            let name = module.first()?;
            rooms.iter().position(|room| room == name)
        };
        if let (Some(lower), Some(upper)) = (rank(from), rank(to))
            && lower < upper
        {
            faults.push(format!(
                "{}: `{path}` is in `{}`, but `{}` comes before it",
                shown(from),
                rooms[upper],
                rooms[lower]
            ));
        }
        arrows.entry(shown(from)).or_default().insert(shown(to));
    }
    for circle in circles(&arrows) {
        faults.push(format!("circle: {} → {}", circle.join(" → "), circle[0]));
    }
    if !rooms.is_empty() {
        for (module, file) in &modules.files {
            if module.len() == 1 && !rooms.contains(&module[0].as_str()) {
                let file = file.strip_prefix(base).unwrap().display();
                faults.push(format!("{file}: the room has no place in the order"));
            }
        }
    }
    faults
}

/// A facade (`lib.rs`, `mod.rs`) that has more in it than modules and re-exports.
pub fn facade_faults(base: &Path, root: &Path) -> Vec<String> {
    let modules = Modules::read(root);
    let mut faults = Vec::new();
    for (file, (_, parsed)) in &modules.sources {
        let is_facade = file.ends_with("mod.rs") || file.ends_with("lib.rs");
        let has_own = parsed.items.iter().any(|item| {
            let is_listing = matches!(item, syn::Item::Mod(_) | syn::Item::Use(_));
            // The document is the library's, not a room's.
            let is_document = matches!(item, syn::Item::Const(item) if item.ident == "OPENAPI");
            !is_listing && !is_document
        });
        if is_facade && has_own {
            let file = file.strip_prefix(base).unwrap();
            faults.push(format!(
                "{}: a facade holds modules and re-exports; move the rest into a file of its own",
                file.display()
            ));
        }
    }
    faults
}
