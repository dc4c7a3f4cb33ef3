//! The string literals of a source file, those of its unit tests and its documentation aside.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{
    Attribute, Expr, ImplItem, Item, Lit,
    visit::{self, Visit},
};

use crate::arrows::modules::is_test;

/// The texts of all literals of a file.
pub fn literals(file: &syn::File) -> Vec<String> {
    let mut visitor = Visitor { found: Vec::new() };
    visitor.visit_file(file);
    visitor.found
}

struct Visitor {
    found: Vec<String>,
}

impl Visitor {
    /// The literals in a macro call, which is not parsed.
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Literal(literal) => self.visit_lit(&Lit::new(literal)),
                TokenTree::Group(group) if is_documentation(&group) => {}
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

/// Whether this is what a comment with three slashes becomes in a macro call.
fn is_documentation(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(ident)) if ident == "doc")
}

impl<'a> Visit<'a> for Visitor {
    fn visit_lit(&mut self, literal: &'a Lit) {
        let bytes = match literal {
            Lit::Str(text) => text.value().into_bytes(),
            Lit::ByteStr(bytes) => bytes.value(),
            Lit::CStr(text) => text.value().into_bytes(),
            _ => return,
        };
        self.found
            .push(String::from_utf8_lossy(&bytes).into_owned());
    }

    fn visit_item(&mut self, item: &'a Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'a ImplItem) {
        let is_for_tests = matches!(item, ImplItem::Fn(item) if is_test(&item.attrs));
        if !is_for_tests {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        if attribute.path().is_ident("doc") {
            return;
        }
        match &attribute.meta {
            syn::Meta::List(list) => self.tokens(list.tokens.clone()),
            other => visit::visit_meta(self, other),
        }
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.tokens(call.tokens.clone());
    }

    /// `Formatter::debug_struct` is given the names of fields in Rust.
    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        let is_debug = call.method == "field" && call.args.len() == 2;
        let is_named = matches!(call.args.first(), Some(Expr::Lit(_)));
        self.visit_expr(&call.receiver);
        for argument in call.args.iter().skip(usize::from(is_debug && is_named)) {
            self.visit_expr(argument);
        }
    }
}
