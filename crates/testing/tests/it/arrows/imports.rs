//! Which module of its own crate a file names, and by which path.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{
    Item, UseTree,
    visit::{self, Visit},
};

use super::modules::{ModulePath, Modules, is_test};

/// A file names a module of another file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    pub from: ModulePath,
    pub to: ModulePath,
    /// The path as it is written.
    pub path: String,
}

/// All imports between the files of a crate.
pub fn imports(modules: &Modules) -> Vec<Import> {
    let mut found = Vec::new();
    for (path, file) in modules.sources.values() {
        let mut visitor = Visitor {
            modules,
            file: path.clone(),
            module: path.clone(),
            found: &mut found,
        };
        visitor.visit_file(file);
    }
    found.sort();
    found.dedup();
    found
}

struct Visitor<'a> {
    modules: &'a Modules,
    file: ModulePath,
    /// The module that the visitor is in; not that of the file within an inline module.
    module: ModulePath,
    found: &'a mut Vec<Import>,
}

impl Visitor<'_> {
    fn name(&mut self, segments: &[String]) {
        let Some(absolute) = self.absolute(segments) else {
            return;
        };
        let Some(target) = self.modules.innermost(&absolute) else {
            return;
        };
        if self.modules.files[&target] != self.modules.files[&self.file] {
            self.found.push(Import {
                from: self.file.clone(),
                to: target,
                path: segments.join("::"),
            });
        }
    }

    /// A path from the crate's root, if it names something of this crate.
    fn absolute(&self, segments: &[String]) -> Option<ModulePath> {
        let mut base = self.module.clone();
        let mut rest = segments;
        match segments.first()?.as_str() {
            "crate" => {
                base.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {}
            child => {
                base.push(child.to_owned());
                return self
                    .modules
                    .files
                    .contains_key(&base)
                    .then(|| [&self.module, segments].concat());
            }
        }
        while rest.first().is_some_and(|segment| segment == "super") {
            base.pop()?;
            rest = &rest[1..];
        }
        Some([&base, rest].concat())
    }

    fn tree(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) if name.ident == "self" => self.name(prefix),
            UseTree::Name(name) => self.name(&with(&name.ident)),
            UseTree::Rename(rename) => self.name(&with(&rename.ident)),
            UseTree::Glob(_) => self.name(prefix),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(prefix, tree);
                }
            }
        }
    }

    /// Paths within a macro call, which is not parsed.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut segments: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end(&mut segments);
                    }
                    segments.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.end(&mut segments);
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        debug_assert!(
                            group.delimiter() != Delimiter::None || group.stream().is_empty()
                        );
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.end(&mut segments);
    }

    fn end(&mut self, segments: &mut Vec<String>) {
        if segments.len() > 1 {
            self.name(segments);
        }
        segments.clear();
    }
}

impl<'a> Visit<'a> for Visitor<'_> {
    fn visit_item(&mut self, item: &'a Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        let name = module.ident.to_string();
        if module.content.is_none() {
            // Whoever uses a folder's facade uses all that is behind it.
            self.name(&["self".to_owned(), name]);
            return;
        }
        self.module.push(name);
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if segments.len() > 1 {
            self.name(&segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }

    fn visit_visibility(&mut self, _: &'a syn::Visibility) {}
}
