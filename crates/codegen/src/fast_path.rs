//! Types that accept the bytes of a documented success, and nothing that is not documented.
//!
//! At each place of the body the alternatives that can stand there (the shapes of a task, say) are
//! merged into one struct with all of their members, so that one pass over the bytes suffices
//! whatever their order. Then each alternative is a check: its members are there and fit, those of
//! the others are not there.

use std::{collections::BTreeSet, fmt::Write as _};

use serde_json::{Map, Value};

use super::{
    conditions::{self, Conditions},
    coverage, json_reading,
    merged_struct::{FieldType, MergedField, MergedStruct},
    names::{identifier, pascal},
    property::{Property, component},
};
use seedance_spec::{Problem, compose::Schemas, pointer::Pointer, union_ends::ends};

/// The struct for the whole body.
const ROOT: &str = "Response";

/// Whether the module has something else of this name.
fn name_is_taken(name: &str) -> bool {
    matches!(
        name,
        "Cow" | "Field" | "FieldCounter" | "LazyLock" | "Option" | "Regex" | "Shape"
    )
}

/// Generates the types and the table of fields.
pub fn generate(schemas: &Schemas) -> Result<String, Problem> {
    let mut generator = Generator {
        schemas,
        merged: Vec::new(),
        structs: String::new(),
        conditions: Conditions {
            schemas,
            patterns: Vec::new(),
        },
        done: BTreeSet::new(),
        under_way: Vec::new(),
    };
    generator.merge(ROOT, &[schemas.success.as_str()])?;
    let coverage = coverage::generate(ROOT, &generator.merged);
    let mut out = String::from(
        "use std::{borrow::Cow, sync::LazyLock};\n\
         use regex::Regex;\n",
    );
    for (index, pattern) in generator.conditions.patterns.iter().enumerate() {
        let _ = writeln!(
            out,
            "static PATTERN_{index}: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new({pattern:?}).ok());"
        );
    }
    out.push_str(&generator.structs);
    out.push_str(&coverage);
    Ok(out)
}

struct Generator<'a> {
    schemas: &'a Schemas,
    merged: Vec<MergedStruct>,
    structs: String,
    conditions: Conditions<'a>,
    done: BTreeSet<String>,
    /// The structs being written, outermost first.
    under_way: Vec<String>,
}

impl<'a> Generator<'a> {
    /// Writes the struct for a place where any of these schemas can stand.
    fn merge(&mut self, name: &str, candidates: &[&'a str]) -> Result<(), Problem> {
        self.check_name(name, candidates)?;
        self.under_way.push(name.to_owned());
        let alternatives: Vec<&str> = candidates
            .iter()
            .flat_map(|candidate| ends(self.schemas, candidate))
            .map(|(name, _)| name)
            .collect();
        let mut names = BTreeSet::new();
        for alternative in &alternatives {
            let schema = component(self.schemas, alternative);
            let properties = schema.and_then(|schema| schema.get("properties")?.as_object());
            names.extend(properties.into_iter().flat_map(Map::keys));
        }
        let mut source = String::new();
        let mut fields: Vec<MergedField> = Vec::new();
        for member in names {
            if fields
                .iter()
                .any(|field| identifier(&field.name) == identifier(member))
            {
                let message = format!("`{member}` has the same name in Rust as another member");
                return Err(Problem::at(&Pointer::schema(name), message));
            }
            let properties = Property::of_all(self.schemas, &alternatives, member);
            let field_type = self.field_type(name, member, &properties)?;
            source.push_str(&self.field(member, &field_type, &properties));
            fields.push(MergedField {
                name: member.clone(),
                field_type,
                values: documented_values(&properties),
                is_observed: properties.iter().any(|property| property.is_observed),
            });
        }
        let borrows = fields
            .iter()
            .any(|field| matches!(field.field_type, FieldType::Text | FieldType::Object(_)));
        let (lifetime, anonymous) = if borrows { ("<'a>", "<'_>") } else { ("", "") };
        let reading = json_reading::method(&fields);
        let methods = self.conditions.methods(&alternatives, &fields);
        let _ = write!(
            self.structs,
            "#[derive(serde::Deserialize)]\n#[serde(deny_unknown_fields)]\n\
             pub struct {name}{lifetime} {{\n{source}}}\n\
             impl {name}{anonymous} {{\n{methods}}}\n\
             impl<'a> {name}{lifetime} {{\n{reading}}}\n"
        );
        self.merged.push(MergedStruct {
            name: name.to_owned(),
            fields,
        });
        self.under_way.pop();
        Ok(())
    }

    fn check_name(&mut self, name: &str, candidates: &[&str]) -> Result<(), Problem> {
        if !self.done.insert(name.to_owned()) {
            return Err(Problem::at(
                &Pointer::schema(name),
                "a schema that contains itself is not supported",
            ));
        }
        let is_derived = !candidates.contains(&name);
        if name_is_taken(name) || (is_derived && self.schemas.by_name.contains_key(name)) {
            let message =
                format!("the name `{name}` is used in the generated code; choose another");
            return Err(Problem::at(&Pointer::schema(name), message));
        }
        Ok(())
    }

    fn field_type(
        &mut self,
        place: &str,
        name: &str,
        properties: &[Property<'a>],
    ) -> Result<FieldType, Problem> {
        let mut kinds = BTreeSet::new();
        let mut targets: Vec<&str> = Vec::new();
        for property in properties {
            // Of unions, only the one that tells shapes is checked here.
            let has_members = property.schema.contains_key("properties")
                || property.schema.contains_key("discriminator");
            let kind = match property.schema.get("type").and_then(Value::as_str) {
                _ if !conditions::can_check(property.schema) => "free",
                _ if has_members => "object",
                Some("object" | "array") | None => "free",
                Some(kind) => kind,
            };
            kinds.insert(kind);
            if let Some(target) = property.target.filter(|target| !targets.contains(target)) {
                targets.push(target);
            }
        }
        let mut kinds = kinds.into_iter();
        Ok(match (kinds.next(), kinds.next()) {
            (Some("string"), None) => FieldType::Text,
            (Some("integer"), None) => FieldType::Integer,
            (Some("boolean"), None) => FieldType::Boolean,
            (Some("object"), None) if !targets.is_empty() => {
                let object = match targets.as_slice() {
                    [one] => (*one).to_owned(),
                    _ => format!("{place}{}", pascal(name)),
                };
                if self.under_way.contains(&object) {
                    let message = "a schema that contains itself is not supported";
                    return Err(Problem::at(&Pointer::schema(&object), message));
                }
                if !self.done.contains(&object) || targets.len() > 1 {
                    self.merge(&object, &targets)?;
                }
                FieldType::Object(object)
            }
            _ => FieldType::Free,
        })
    }

    fn field(&self, name: &str, field_type: &FieldType, properties: &[Property<'_>]) -> String {
        let (kind, attribute) = match field_type {
            FieldType::Text => (
                "Option<Cow<'a, str>>".to_owned(),
                "borrow, default, deserialize_with = \"text\"",
            ),
            FieldType::Integer => (
                "Option<i64>".to_owned(),
                "default, deserialize_with = \"integer\"",
            ),
            FieldType::Boolean => (
                "Option<bool>".to_owned(),
                "default, deserialize_with = \"boolean\"",
            ),
            FieldType::Free => (
                "Option<()>".to_owned(),
                "default, deserialize_with = \"reject\"",
            ),
            FieldType::Object(object) => {
                let borrows = self.structs.contains(&format!("pub struct {object}<'a>"));
                let nullable = properties.iter().all(Property::is_nullable);
                let attribute = match (borrows, nullable) {
                    (true, true) => "borrow, default, deserialize_with = \"nullable\"",
                    (true, false) => "borrow, default, deserialize_with = \"some\"",
                    (false, true) => "default, deserialize_with = \"nullable\"",
                    (false, false) => "default, deserialize_with = \"some\"",
                };
                let lifetime = if borrows { "<'a>" } else { "" };
                (format!("Option<{object}{lifetime}>"), attribute)
            }
        };
        format!(
            "#[serde(rename = {name:?}, {attribute})]\npub {}: {kind},\n",
            identifier(name)
        )
    }
}

/// The documented values of a member in any of the alternatives, in the order of the spec.
fn documented_values(properties: &[Property<'_>]) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in properties.iter().flat_map(Property::documented_values) {
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    values
}
