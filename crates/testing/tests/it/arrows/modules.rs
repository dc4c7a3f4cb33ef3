//! The module tree of a crate: which file holds which module.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use syn::{Attribute, Item};

/// A path in the crate, such as `["output", "html"]`; the crate's root is empty.
pub type ModulePath = Vec<String>;

/// The modules of a crate, those of its tests aside.
pub struct Modules {
    pub files: BTreeMap<ModulePath, PathBuf>,
    pub sources: BTreeMap<PathBuf, (ModulePath, syn::File)>,
}

impl Modules {
    /// Reads a crate from its root file.
    pub fn read(root: &Path) -> Self {
        let mut modules = Self {
            files: BTreeMap::new(),
            sources: BTreeMap::new(),
        };
        let directory = root.parent().expect("a directory").to_owned();
        modules.file(root, &directory, Vec::new());
        modules
    }

    /// The innermost module that a path names, and whether something of it is named behind that.
    pub fn innermost(&self, path: &[String]) -> Option<ModulePath> {
        (0..=path.len())
            .rev()
            .map(|length| path[..length].to_vec())
            .find(|path| self.files.contains_key(path))
    }

    fn file(&mut self, file: &Path, directory: &Path, path: ModulePath) {
        let text =
            fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed =
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.items(&parsed.items, file, directory, &path);
        self.sources.insert(file.to_owned(), (path, parsed));
    }

    /// `directory` is where the files of the modules declared here are.
    fn items(&mut self, items: &[Item], file: &Path, directory: &Path, path: &ModulePath) {
        self.files.insert(path.clone(), file.to_owned());
        for item in items {
            let Item::Mod(module) = item else { continue };
            if is_test(&module.attrs) {
                continue;
            }
            let name = module.ident.to_string();
            let mut inner = path.clone();
            inner.push(name.clone());
            let below = directory.join(&name);
            if let Some((_, items)) = &module.content {
                self.items(items, file, &below, &inner);
            } else {
                let beside = directory.join(format!("{name}.rs"));
                let inside = below.join("mod.rs");
                let file = if beside.is_file() { beside } else { inside };
                self.file(&file, &below, inner);
            }
        }
    }
}

/// Whether an item is there for the unit tests only.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let mut is_test = false;
        if attribute.path().is_ident("cfg") {
            let _ = attribute.parse_nested_meta(|meta| {
                is_test |= meta.path.is_ident("test");
                Ok(())
            });
        }
        is_test
    })
}
