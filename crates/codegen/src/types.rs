//! Makes progenitor's types lenient readers: a member that is null or of another type is absent.
//!
//! Derived code refuses a whole body for one member of another type, and tries the branches of a
//! union one after the other. Here each type is read member by member, and a union by what selects
//! its branches.

use std::fmt::Write as _;

use quote::quote;
use serde_json::Value;
use syn::{
    Attribute, Field, Fields, Ident, Item, ItemEnum, ItemMod, ItemStruct, LitStr, Meta, Token,
    Type, parse::Parser as _, punctuated::Punctuated,
};

use super::{
    branches::{LENIENT, by_discriminator, by_presence, by_type},
    generator_error::internal,
    received::sent_only,
    required_members::{Need, needs},
};
use seedance_spec::{Document, Problem, compose::Schemas, pointer::Pointer};

/// What the documentation of each enum says of a `match`.
const END_A_MATCH: &str = "///\n\
    /// Variants can be added without a breaking change, so a `match` needs an arm for the rest: take\n\
    /// a task of an unknown shape or status for one that still runs.";

/// Rewrites the module of types.
pub fn make_lenient(types: &mut ItemMod, document: &Document) -> Result<(), Problem> {
    let sent = sent_only(document);
    let is_sent = |name: &Ident| {
        let name = name.to_string();
        sent.iter().any(|sent| sent.eq_ignore_ascii_case(&name))
    };
    let Some((_, items)) = &mut types.content else {
        return Ok(());
    };
    let single_values = single_values(items);
    let mut impls = String::new();
    for item in items.iter_mut() {
        match item {
            Item::Struct(item) if is_sent(&item.ident) => {
                close(&mut item.attrs, false, "")?;
                let schema = schema_of(&document.schemas, &item.ident.to_string());
                let required = schema.and_then(|(_, schema)| schema.get("required")?.as_array());
                let required: Vec<&str> = required
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                impls.push_str(&constructor(item, &required, &single_values)?);
            }
            Item::Enum(item) if is_sent(&item.ident) => close(&mut item.attrs, false, "")?,
            Item::Struct(item) => {
                if matches!(item.fields, Fields::Named(_)) {
                    close(&mut item.attrs, true, "")?;
                    impls.push_str(&of_struct(item, document)?);
                } else {
                    // A scalar, which has no members to be lenient with.
                    let body = "::serde::Deserialize::deserialize(value).map_err(Into::into)";
                    impls.push_str(&readable(&item.ident.to_string(), body, true));
                }
            }
            Item::Enum(item) => {
                let is_union = item.variants.iter().any(|v| !v.fields.is_empty());
                close(&mut item.attrs, is_union, END_A_MATCH)?;
                impls.push_str(&of_enum(item, document)?);
            }
            _ => {}
        }
    }
    items.extend(syn::parse_file(&impls).map_err(internal)?.items);
    Ok(())
}

/// Marks a type as one that grows; a type that is read here derives no `Deserialize`.
fn close(attributes: &mut Vec<Attribute>, is_read_here: bool, more: &str) -> Result<(), Problem> {
    let added = format!("{more}\n#[non_exhaustive]");
    attributes.extend(Attribute::parse_outer.parse_str(&added).map_err(internal)?);
    for attribute in attributes {
        let Meta::List(list) = &mut attribute.meta else {
            continue;
        };
        if !is_read_here || !list.path.is_ident("derive") {
            continue;
        }
        let derived = Punctuated::<syn::Path, Token![,]>::parse_terminated
            .parse2(list.tokens.clone())
            .map_err(internal)?;
        let kept: Punctuated<syn::Path, Token![,]> = derived
            .into_iter()
            .filter(|path| {
                path.segments
                    .last()
                    .is_none_or(|last| last.ident != "Deserialize")
            })
            .collect();
        list.tokens = quote!(#kept);
    }
    Ok(())
}

/// A schema and its name, by the name of its type: a schema `URL` has a type `Url`.
fn schema_of<'a>(schemas: &'a Schemas, type_name: &str) -> Option<(&'a str, &'a Value)> {
    let mut by_name = schemas.by_name.iter();
    let found = by_name.find(|(name, _)| name.eq_ignore_ascii_case(type_name))?;
    Some((found.0, found.1))
}

/// With the members that have to be sent; the others can be set then. A member that has one value
/// has it.
fn constructor(
    item: &ItemStruct,
    required: &[&str],
    single_values: &[(String, String)],
) -> Result<String, Problem> {
    let name = &item.ident;
    let (mut parameters, mut new) = (String::new(), String::new());
    let mut given = Vec::new();
    for field in &item.fields {
        let Some(ident) = &field.ident else { continue };
        let ty = &field.ty;
        let type_name = last_segment(ty);
        let single = single_values
            .iter()
            .find(|(name, _)| Some(name) == type_name.as_ref());
        let member = member(field, &ident.to_string())?;
        if !required.contains(&member.as_str()) {
            let _ = writeln!(new, "{ident}: ::std::default::Default::default(),");
        } else if let Some((name, variant)) = single {
            let _ = writeln!(new, "{ident}: {name}::{variant},");
        } else {
            let _ = write!(
                parameters,
                "{ident}: impl ::std::convert::Into<{}>, ",
                quote!(#ty)
            );
            let _ = writeln!(new, "{ident}: {ident}.into(),");
            given.push(format!("`{member}`"));
        }
    }
    if given.is_empty() {
        return Ok(String::new());
    }
    Ok(new_function(&name.to_string(), &given, &parameters, &new))
}

/// The enums that have one value, each with it.
fn single_values(items: &[Item]) -> Vec<(String, String)> {
    let enums = items.iter().filter_map(|item| match item {
        Item::Enum(item) if item.variants.len() == 1 => Some(item),
        _ => None,
    });
    enums
        .filter(|item| {
            item.variants
                .iter()
                .all(|variant| variant.fields.is_empty())
        })
        .map(|item| (item.ident.to_string(), item.variants[0].ident.to_string()))
        .collect()
}

fn new_function(name: &str, given: &[String], parameters: &str, body: &str) -> String {
    format!(
        "impl {name} {{\n/// With {} alone; the other members are absent.\n#[must_use]\n\
         pub fn new({parameters}) -> Self {{\nSelf {{\n{body}}}\n}}\n}}\n",
        given.join(" and "),
    )
}

fn of_struct(item: &ItemStruct, document: &Document) -> Result<String, Problem> {
    let schemas = &document.schemas;
    let name = item.ident.to_string();
    let needs = schema_of(schemas, &name)
        .map(|(name, _)| needs(schemas, name))
        .unwrap_or_default();
    let (mut read, mut parameters, mut new) = (String::new(), String::new(), String::new());
    let mut given = Vec::new();
    for field in &item.fields {
        let Some(ident) = &field.ident else { continue };
        let member = member(field, &ident.to_string())?;
        let need = needs.iter().find(|need| need.member() == member);
        let (function, then) = match need {
            // Only what tells the shape of a task has other words that mean the same.
            Some(Need::Discriminator(_, union))
                if document.metadata.union.as_deref() == Some(*union) =>
            {
                ("discriminator", "?")
            }
            Some(_) => ("required", "?"),
            None if is_option(&field.ty) => ("optional", ""),
            None => ("optional", ".unwrap_or_default()"),
        };
        let _ = writeln!(
            read,
            "{ident}: {LENIENT}::{function}(members, {member:?}){then},"
        );
        if need.is_some() {
            let ty = &field.ty;
            let _ = write!(parameters, "{ident}: {}, ", quote!(#ty));
            given.push(format!("`{member}`"));
            let _ = writeln!(new, "{ident},");
        } else {
            let _ = writeln!(new, "{ident}: ::std::default::Default::default(),");
        }
    }
    let body = format!(
        "let members = {LENIENT}::object(value)?;\n::std::result::Result::Ok(Self {{\n{read}}})"
    );
    let mut out = readable(&name, &body, false);
    if !parameters.is_empty() {
        out.push_str(&new_function(&name, &given, &parameters, &new));
    }
    Ok(out)
}

fn of_enum(item: &ItemEnum, document: &Document) -> Result<String, Problem> {
    let schemas = &document.schemas;
    let name = item.ident.to_string();
    if item
        .variants
        .iter()
        .all(|variant| variant.fields.is_empty())
    {
        return Ok(readable(&name, &format!("{LENIENT}::text(value)"), true));
    }
    let unknown = || internal(format!("the type `{name}` is of no schema that is a union"));
    let (union_name, schema) = schema_of(schemas, &name).ok_or_else(unknown)?;
    let union = schema.as_object().ok_or_else(unknown)?;
    let variants: Vec<String> = item.variants.iter().map(|v| v.ident.to_string()).collect();
    let body = if union.contains_key("discriminator") {
        let is_task = document.metadata.union.as_deref() == Some(union_name);
        by_discriminator(schemas, union, &variants, is_task).ok_or_else(unknown)?
    } else if union.contains_key("x-branch-when-present") {
        let read = by_presence(schemas, union_name, &mut variants.iter()).ok_or_else(unknown)?;
        format!("let members = {LENIENT}::object(value)?;\n{read}")
    } else {
        by_type(schemas, union, &variants, &Pointer::schema(union_name))?
    };
    Ok(readable(&name, &body, false))
}

/// The reading of a type, and its `Deserialize` where none is derived.
fn readable(name: &str, body: &str, derives_deserialize: bool) -> String {
    let mut out = format!(
        "impl {LENIENT}::FromValue for {name} {{\n\
         fn from_value(value: &::serde_json::Value) \
         -> ::std::result::Result<Self, {LENIENT}::Mismatch> {{\n{body}\n}}\n}}\n"
    );
    if !derives_deserialize {
        let _ = write!(
            out,
            "impl<'de> ::serde::Deserialize<'de> for {name} {{\n\
             fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) \
             -> ::std::result::Result<Self, D::Error> {{\n\
             {LENIENT}::deserialize(deserializer)\n}}\n}}\n"
        );
    }
    out
}

/// The member that a field holds.
fn member(field: &Field, name: &str) -> Result<String, Problem> {
    let mut member = name.trim_start_matches("r#").to_owned();
    for attribute in field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        let parsed = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value() {
                let value: LitStr = value.parse()?;
                if meta.path.is_ident("rename") {
                    member = value.value();
                }
            }
            Ok(())
        });
        parsed.map_err(internal)?;
    }
    Ok(member)
}

fn is_option(kind: &Type) -> bool {
    last_segment(kind).is_some_and(|last| last == "Option")
}

fn last_segment(kind: &Type) -> Option<String> {
    let Type::Path(path) = kind else { return None };
    let last = path.path.segments.last()?;
    Some(last.ident.to_string())
}
