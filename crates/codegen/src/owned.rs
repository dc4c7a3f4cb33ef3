//! Turns what `documented` has read into the client's types, so that a documented body is read once.
//!
//! Which members there are is the schema's to say; what holds each of them is read from the source
//! of the client, which alone knows how its types are called.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::Value;
use syn::{Fields, Item, LitStr};

use super::{
    generator_error::internal,
    merged_struct::{FieldType as Kind, MergedField as Slot, MergedStruct as Place},
    names::{identifier, shape_variant, snake},
};
use seedance_spec::{
    Problem,
    compose::Schemas,
    pointer::{Pointer, schema_name},
    union_ends::ends,
};

/// A type of the client, and its fields by the members that they hold.
struct Type {
    name: String,
    fields: BTreeMap<String, Field>,
}

struct Field {
    name: String,
    is_optional: bool,
    has_default: bool,
}

/// The types by their schemas' names in lower case: a schema `URL` has a type `Url`.
type Types = BTreeMap<String, Type>;

/// Generates the conversions at all places; `client` is the source that has the types.
pub fn generate(schemas: &Schemas, places: &[Place], client: &str) -> Result<String, Problem> {
    let types = types(client)?;
    let mut out = String::from(
        "/// Turns what was read as documented into the client's types.\n\
         mod owned {\n\
         use super::{documented, types};\n\
         use crate::{model::Shape, validate::de::{optional, required}};\n",
    );
    for place in places {
        let lifetime = if place.borrows { "<'_>" } else { "" };
        let _ = writeln!(out, "impl documented::{}{lifetime} {{", place.name);
        for candidate in &place.candidates {
            if !place.alternatives.contains(candidate) {
                out.push_str(&of_union(schemas, candidate));
            }
        }
        for alternative in &place.alternatives {
            out.push_str(&of_object(schemas, place, alternative, &types)?);
        }
        out.push_str("}\n");
    }
    out.push_str("}\n");
    Ok(out)
}

/// The conversion to a union, whose shape has been told before.
fn of_union(schemas: &Schemas, name: &str) -> String {
    let mut arms = String::new();
    for (end, schema) in ends(schemas, name) {
        let shape = schema.get("x-shape").and_then(Value::as_str);
        if let Some(variant) = shape.map(shape_variant) {
            let _ = writeln!(
                arms,
                "{variant} => self.into_{}(shape)?.into(),",
                snake(end)
            );
        }
    }
    format!(
        "pub fn into_{}(self, shape: Shape) -> Option<types::{name}> {{\n\
         Some(match shape {{\n{arms}_ => return None,\n}})\n}}\n",
        snake(name)
    )
}

/// The conversion to one of the objects that can stand at a place.
fn of_object(
    schemas: &Schemas,
    place: &Place,
    name: &str,
    types: &Types,
) -> Result<String, Problem> {
    let no_type = |what: &str| {
        let message = format!("the client has no {what} that a documented body can be put into");
        Problem::at(&Pointer::schema(name), message)
    };
    let own = types
        .get(&name.to_ascii_lowercase())
        .ok_or_else(|| no_type("type"))?;
    let properties = schemas
        .by_name
        .get(name)
        .and_then(|schema| schema.get("properties"));
    let properties = properties.and_then(Value::as_object);
    let mut fields = String::new();
    let mut has_objects = false;
    for Slot {
        name: member,
        field_type: kind,
        ..
    } in &place.fields
    {
        let Some(property) = properties.and_then(|properties| properties.get(member)) else {
            continue;
        };
        let field = own
            .fields
            .get(member)
            .ok_or_else(|| no_type(&format!("field for `{member}`")))?;
        has_objects |= matches!(kind, Kind::Object(_));
        let value = value(member, kind, property, field);
        let _ = writeln!(fields, "{}: {value},", field.name);
    }
    Ok(format!(
        "pub fn into_{}(self, {}: Shape) -> Option<types::{own}> {{\n\
         Some(types::{own} {{\n{fields}}})\n}}\n",
        snake(name),
        if has_objects { "shape" } else { "_" },
        own = own.name,
    ))
}

/// What a field gets: nothing that a member did not have, and no field that has to have a value.
fn value(member: &str, kind: &Kind, property: &Value, field: &Field) -> String {
    let from = format!("self.{}", identifier(member));
    match kind {
        Kind::Text if field.is_optional => format!("optional({from})?"),
        Kind::Text => format!("required({from})?"),
        Kind::Integer | Kind::Boolean if field.is_optional => from,
        Kind::Integer | Kind::Boolean => format!("{from}?"),
        Kind::Object(_) => {
            let target = property.get("$ref").and_then(Value::as_str);
            let target = target.and_then(schema_name).unwrap_or_default();
            let into = format!("into_{}(shape)?", snake(target));
            if field.is_optional {
                format!("match {from} {{ Some(inner) => Some(inner.{into}), None => None }}")
            } else {
                format!("{from}?.{into}")
            }
        }
        // Where such a member is there, nothing is read as documented.
        Kind::Free if field.is_optional || field.has_default => "Default::default()".to_owned(),
        Kind::Free => "None?".to_owned(),
    }
}

/// The structs in the client's module of types.
fn types(client: &str) -> Result<Types, Problem> {
    let file = syn::parse_file(client).map_err(internal)?;
    let modules = file.items.into_iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content,
        _ => None,
    });
    let mut types = Types::new();
    for item in modules.flat_map(|(_, items)| items) {
        if let Item::Struct(item) = item {
            let name = item.ident.to_string();
            let fields = fields(&item.fields)?;
            types.insert(name.to_ascii_lowercase(), Type { name, fields });
        }
    }
    Ok(types)
}

fn fields(fields: &Fields) -> Result<BTreeMap<String, Field>, Problem> {
    let mut by_member = BTreeMap::new();
    for field in fields {
        let Some(name) = field.ident.as_ref().map(ToString::to_string) else {
            continue;
        };
        let mut member = name.trim_start_matches("r#").to_owned();
        let mut has_default = false;
        for attribute in &field.attrs {
            if !attribute.path().is_ident("serde") {
                continue;
            }
            let parsed = attribute.parse_nested_meta(|meta| {
                has_default |= meta.path.is_ident("default");
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
        let is_optional = matches!(&field.ty, syn::Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "Option"));
        let field = Field {
            name,
            is_optional,
            has_default,
        };
        by_member.insert(member, field);
    }
    Ok(by_member)
}
