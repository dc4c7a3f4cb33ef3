//! Makes progenitor's types lenient readers: a member that is null or of another type is absent.
//!
//! Derived code refuses a whole body for one member of another type, and tries the branches of a
//! union one after the other. Here each type is read member by member, and a union by what selects
//! its branches.

use std::fmt::Write as _;

use quote::quote;
use serde_json::{Map, Value};
use syn::{
    Attribute, Field, Fields, Item, ItemEnum, ItemMod, ItemStruct, LitStr, Meta, Token, Type,
    parse::Parser as _, punctuated::Punctuated,
};

use super::client::internal;
use seedance_spec::{
    Fault, Reading, branch_references,
    branch_types::branches_by_type,
    compose::Schemas,
    pointer::{Pointer, schema_name},
    union,
};

/// What the generated code reads with.
const LENIENT: &str = "super::lenient";

/// What the documentation of each enum says of a `match`.
const END_A_MATCH: &str = "///\n\
    /// Variants can be added without a breaking change, so a `match` needs an arm for the rest: take\n\
    /// a task of an unknown shape or status for one that still runs.";

/// What an object cannot do without.
enum Need<'a> {
    /// The member that tells the shape.
    Discriminator(&'a str),
    /// The member that holds an object with a shape.
    Holder(&'a str),
}

/// The members of an object that its type has always; all others are optional.
fn needs<'a>(schemas: &'a Schemas, name: &str) -> Vec<Need<'a>> {
    let mut needs = Vec::new();
    for (union, schema) in &schemas.by_name {
        let discriminator = schema.pointer("/discriminator/propertyName");
        let Some(discriminator) = discriminator.and_then(Value::as_str) else {
            continue;
        };
        if union::ends(schemas, union).iter().any(|end| end.0 == name) {
            needs.push(Need::Discriminator(discriminator));
        }
        let required = |member: &str| {
            let required = schemas.by_name[name].get("required");
            let required = required.and_then(Value::as_array).into_iter().flatten();
            required.into_iter().any(|required| required == member)
        };
        let properties = schemas.by_name[name].get("properties");
        for (member, property) in properties.and_then(Value::as_object).into_iter().flatten() {
            let target = property.get("$ref").and_then(Value::as_str);
            if target.and_then(schema_name) == Some(union) && required(member) {
                needs.push(Need::Holder(member));
            }
        }
    }
    needs
}

/// The names of the members that a component schema requires of its type.
pub fn required<'a>(schemas: &'a Schemas, name: &str) -> Vec<&'a str> {
    let needs = needs(schemas, name).into_iter();
    needs
        .map(|need| match need {
            Need::Discriminator(member) | Need::Holder(member) => member,
        })
        .collect()
}

/// Rewrites the module of types.
pub fn make_lenient(types: &mut ItemMod, schemas: &Schemas) -> Result<(), Fault> {
    let Some((_, items)) = &mut types.content else {
        return Ok(());
    };
    let mut impls = String::new();
    for item in items.iter_mut() {
        match item {
            Item::Struct(item) => {
                if matches!(item.fields, Fields::Named(_)) {
                    close(&mut item.attrs, true, "")?;
                    impls.push_str(&of_struct(item, schemas)?);
                } else {
                    // A scalar, which has no members to be lenient with.
                    let body = format!(
                        "::serde::Deserialize::deserialize(value)\
                         .map_err(|_| {LENIENT}::Mismatch::unlike())"
                    );
                    impls.push_str(&readable(&item.ident.to_string(), &body, true));
                }
            }
            Item::Enum(item) => {
                let is_union = item.variants.iter().any(|v| !v.fields.is_empty());
                close(&mut item.attrs, is_union, END_A_MATCH)?;
                impls.push_str(&of_enum(item, schemas)?);
            }
            _ => {}
        }
    }
    items.extend(syn::parse_file(&impls).map_err(internal)?.items);
    Ok(())
}

/// Marks a type as one that grows; a type that is read here derives no `Deserialize`.
fn close(attributes: &mut Vec<Attribute>, is_read_here: bool, more: &str) -> Result<(), Fault> {
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

fn of_struct(item: &ItemStruct, schemas: &Schemas) -> Result<String, Fault> {
    let name = item.ident.to_string();
    let needs = schema_of(schemas, &name)
        .map(|(name, _)| needs(schemas, name))
        .unwrap_or_default();
    let (mut read, mut parameters, mut new) = (String::new(), String::new(), String::new());
    let mut given = Vec::new();
    for field in &item.fields {
        let Some(ident) = &field.ident else { continue };
        let member = member(field, &ident.to_string())?;
        let need = needs.iter().find(|need| {
            let (Need::Discriminator(name) | Need::Holder(name)) = need;
            *name == member
        });
        let (function, then) = match need {
            Some(Need::Discriminator(_)) => ("discriminator", "?"),
            Some(Need::Holder(_)) => ("required", "?"),
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
        let _ = writeln!(
            out,
            "impl {name} {{\n/// With {} alone; the other members are absent.\n#[must_use]\n\
             pub fn new({parameters}) -> Self {{\nSelf {{\n{new}}}\n}}\n}}",
            given.join(" and "),
        );
    }
    Ok(out)
}

fn of_enum(item: &ItemEnum, schemas: &Schemas) -> Result<String, Fault> {
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
    let body = if let Some(property) = schema.pointer("/discriminator/propertyName") {
        let property = property.as_str().unwrap_or_default();
        let mut arms = String::new();
        let mut of_leaves = variants.iter();
        for reference in branch_references(union) {
            let values = schema["discriminator"]["mapping"]
                .as_object()
                .into_iter()
                .flatten();
            let values: Vec<String> = values
                .filter(|(_, target)| *target == reference)
                .map(|(value, _)| format!("{value:?}"))
                .collect();
            let branch = schema_name(reference).unwrap_or_default();
            let read = by_presence(schemas, branch, &mut of_leaves).ok_or_else(unknown)?;
            let _ = writeln!(arms, "{} => {read},", values.join(" | "));
        }
        format!(
            "let members = {LENIENT}::object(value)?;\n\
             match {LENIENT}::status(members, {property:?})? {{\n{arms}\
             _ => {LENIENT}::no_branch(\"a shape\", value),\n}}"
        )
    } else if union.contains_key("x-branch-when-present") {
        let read = by_presence(schemas, union_name, &mut variants.iter()).ok_or_else(unknown)?;
        format!("let members = {LENIENT}::object(value)?;\n{read}")
    } else {
        by_type(schemas, union, &variants, &Pointer::schema(union_name))?
    };
    Ok(readable(&name, &body, false))
}

/// Reads a branch of a union, or a union within it whose branches are told by their members.
fn by_presence<'a>(
    schemas: &Schemas,
    name: &str,
    variants: &mut impl Iterator<Item = &'a String>,
) -> Option<String> {
    let variant =
        |variant: &String| format!("{LENIENT}::FromValue::from_value(value).map(Self::{variant})");
    let schema = schemas.by_name.get(name)?.as_object()?;
    let Some(conditions) = schema.get("x-branch-when-present") else {
        return variants.next().map(variant);
    };
    let mut out = String::new();
    let mut otherwise = None;
    for reference in branch_references(schema) {
        let read = by_presence(schemas, schema_name(reference)?, variants)?;
        match conditions.get(reference).and_then(Value::as_array) {
            Some(pointers) => {
                let pointers: Vec<&str> = pointers.iter().filter_map(Value::as_str).collect();
                let _ = write!(
                    out,
                    "if {LENIENT}::has_any(members, &{pointers:?}) {{ {read} }} else "
                );
            }
            None => otherwise = Some(read),
        }
    }
    let _ = write!(out, "{{ {} }}", otherwise?);
    Some(out)
}

/// Reads a union whose branches are told by their JSON types, objects by a member of their own.
fn by_type(
    schemas: &Schemas,
    union: &Map<String, Value>,
    variants: &[String],
    at: &Pointer,
) -> Result<String, Fault> {
    let branches = branches_by_type(schemas, union, Reading::Contract, at)?;
    if branches.len() != variants.len() {
        return Err(Fault::at(at, "the client has not one type for each branch"));
    }
    let mut out = String::new();
    for (branch, variant) in branches.iter().zip(variants) {
        let condition = match branch.own_member {
            Some((name, json_type)) => {
                let is_type =
                    json_type.map_or("!own.is_null()".into(), |kind| is_type("own", kind));
                format!("value.get({name:?}).is_some_and(|own| {is_type})")
            }
            None => is_type("value", branch.json_type),
        };
        let _ = writeln!(
            out,
            "if {condition} {{ return {LENIENT}::FromValue::from_value(value).map(Self::{variant}); }}"
        );
    }
    let mut types: Vec<&str> = branches.iter().map(|branch| branch.json_type).collect();
    types.dedup();
    let _ = writeln!(out, "{LENIENT}::no_branch({:?}, value)", types.join(" or "));
    Ok(out)
}

fn is_type(variable: &str, json_type: &str) -> String {
    let json_type = match json_type {
        "integer" => "number",
        "string" => "string",
        other => other,
    };
    format!("{variable}.is_{json_type}()")
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
fn member(field: &Field, name: &str) -> Result<String, Fault> {
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
    matches!(kind, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}
