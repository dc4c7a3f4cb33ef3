//! Reads a union by what selects its branches.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use seedance_spec::{
    Problem, Reading, branch_references,
    branch_types::branches_by_type,
    compose::Schemas,
    pointer::{Pointer, schema_name},
};

/// What the generated code reads with.
pub const LENIENT: &str = "super::lenient";

/// Reads a union that has a discriminator; none if its branches and the variants differ. A task's
/// is read from other words, too.
pub fn by_discriminator(
    schemas: &Schemas,
    union: &Map<String, Value>,
    variants: &[String],
    is_task: bool,
) -> Option<String> {
    let discriminator = union.get("discriminator")?;
    let property = discriminator.get("propertyName")?;
    let mut arms = String::new();
    let mut variants = variants.iter();
    for reference in branch_references(union) {
        let mapping = discriminator.get("mapping")?.as_object()?.iter();
        let values: Vec<String> = mapping
            .filter(|(_, target)| *target == reference)
            .map(|(value, _)| format!("{value:?}"))
            .collect();
        let read = by_presence(schemas, schema_name(reference)?, &mut variants)?;
        let _ = writeln!(arms, "{} => {read},", values.join(" | "));
    }
    let word = if is_task {
        format!("{LENIENT}::status(members, {property})?")
    } else {
        format!("{LENIENT}::required::<String>(members, {property})?.as_str()")
    };
    Some(format!(
        "let members = {LENIENT}::object(value)?;\n\
         match {word} {{\n{arms}\
         _ => {LENIENT}::no_branch(\"a documented shape\", value),\n}}"
    ))
}

/// Reads a branch of a union, or a union within it whose branches are told by their members.
pub fn by_presence<'a>(
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
pub fn by_type(
    schemas: &Schemas,
    union: &Map<String, Value>,
    variants: &[String],
    at: &Pointer,
) -> Result<String, Problem> {
    let branches = branches_by_type(schemas, union, Reading::Contract, at)?;
    if branches.len() != variants.len() {
        return Err(Problem::at(
            at,
            "the generated client does not have one type for each branch",
        ));
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
