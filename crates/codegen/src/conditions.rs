//! The checks of the fast path: which alternative a merged struct holds, and whether it fits.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{
    merged_struct::{FieldType, MergedField},
    names::{identifier, shape_variant, snake},
    property::{Property, component},
};
use seedance_spec::compose::Schemas;

/// Whether the fast path checks all that a schema says of a value; what it does not check is left
/// to the schemas.
pub fn can_check(schema: &Map<String, Value>) -> bool {
    let kind = schema
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    schema
        .iter()
        .all(|(keyword, value)| match (keyword.as_str(), kind) {
            ("pattern", _) => value.as_str().is_some_and(|text| !text.contains('\\')),
            ("minimum" | "maximum" | "enum", "integer") => {
                let mut values = value
                    .as_array()
                    .map_or(std::slice::from_ref(value), Vec::as_slice)
                    .iter();
                values.all(Value::is_i64)
            }
            ("format", "integer") => value == "int64" || value == "int32",
            ("format", "number" | "boolean") => true,
            ("additionalProperties", _) => value.is_boolean(),
            (
                "format" | "multipleOf" | "minItems" | "maxItems" | "uniqueItems" | "minProperties"
                | "maxProperties" | "minimum" | "maximum",
                _,
            ) => false,
            _ => true,
        })
}

/// The bounds and values of an integer.
fn bounds(field: &str, schema: &Map<String, Value>) -> Vec<String> {
    let mut conditions = Vec::new();
    let mut within = |test: String| {
        conditions.push(format!("{field}.is_none_or(|number| {test})"));
    };
    let is_exclusive = |keyword: &str| schema.get(keyword).is_some_and(|value| value == true);
    if let Some(limit) = schema.get("minimum").and_then(Value::as_i64) {
        let sign = if is_exclusive("exclusiveMinimum") {
            ">"
        } else {
            ">="
        };
        within(format!("number {sign} {limit}"));
    }
    if let Some(limit) = schema.get("maximum").and_then(Value::as_i64) {
        let sign = if is_exclusive("exclusiveMaximum") {
            "<"
        } else {
            "<="
        };
        within(format!("number {sign} {limit}"));
    }
    for (keyword, sign) in [("x-documented-min", ">="), ("x-documented-max", "<=")] {
        if let Some(limit) = schema.get(keyword).and_then(Value::as_i64) {
            within(format!("number {sign} {limit}"));
        }
    }
    if schema.get("format").is_some_and(|format| format == "int32") {
        within("i32::try_from(number).is_ok()".to_owned());
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values: Vec<String> = values.iter().map(Value::to_string).collect();
        within(format!("matches!(number, {})", values.join(" | ")));
    }
    conditions
}

/// Generates checks, and collects the patterns that they need.
pub struct Conditions<'a> {
    pub schemas: &'a Schemas,
    pub patterns: Vec<String>,
}

impl Conditions<'_> {
    /// The methods of a merged struct.
    pub fn methods(&mut self, alternatives: &[&str], fields: &[MergedField]) -> String {
        let mut methods = String::new();
        for alternative in alternatives {
            methods.push_str(&self.check(alternative, fields));
        }
        methods + &self.shape(alternatives, fields)
    }

    /// The check for one alternative.
    fn check(&mut self, alternative: &str, fields: &[MergedField]) -> String {
        let mut conditions = Vec::new();
        for MergedField {
            name, field_type, ..
        } in fields
        {
            let field = format!("self.{}", identifier(name));
            let Some(property) = Property::of(self.schemas, alternative, name) else {
                conditions.push(format!("{field}.is_none()"));
                continue;
            };
            if property.is_promised {
                conditions.push(format!("{field}.is_some()"));
            }
            match field_type {
                FieldType::Text => conditions.extend(self.text_conditions(&field, &property)),
                // The shape of what is inside is what `shape` returns, so it is checked there.
                FieldType::Object(_) if property.schema.contains_key("discriminator") => {}
                FieldType::Object(_) => conditions.extend(property.target.map(|target| {
                    format!(
                        "{field}.as_ref().is_none_or(|inner| inner.is_{}())",
                        snake(target)
                    )
                })),
                FieldType::Integer => conditions.extend(bounds(&field, property.schema)),
                FieldType::Boolean | FieldType::Free => {}
            }
        }
        // The costliest conditions come last: they seldom tell alternatives apart.
        conditions.sort_by_key(|condition| condition.contains("PATTERN_"));
        format!(
            "fn is_{}(&self) -> bool {{\n{}\n}}\n",
            snake(alternative),
            if conditions.is_empty() {
                "true".to_owned()
            } else {
                conditions.join("\n&& ")
            }
        )
    }

    fn text_conditions(&mut self, field: &str, property: &Property<'_>) -> Vec<String> {
        let mut conditions = Vec::new();
        let values: Vec<String> = property
            .documented_values()
            .map(|value| format!("{value:?}"))
            .collect();
        let schema = property.schema;
        if !values.is_empty() {
            conditions.push(format!(
                "{field}.as_ref().is_none_or(|text| matches!(text.as_ref(), {}))",
                values.join(" | ")
            ));
        }
        let lengths = ["minLength", "x-documented-min-length"];
        let lengths = lengths
            .iter()
            .filter_map(|keyword| schema.get(*keyword)?.as_u64());
        if let Some(length) = lengths.max() {
            conditions.push(format!(
                "{field}.as_ref().is_none_or(|text| text.chars().count() >= {length})"
            ));
        }
        if let Some(length) = schema.get("maxLength").and_then(Value::as_u64) {
            conditions.push(format!(
                "{field}.as_ref().is_none_or(|text| text.chars().count() <= {length})"
            ));
        }
        let patterns = ["x-documented-pattern", "pattern"].into_iter();
        for pattern in patterns.filter_map(|keyword| schema.get(keyword)?.as_str()) {
            let index = self.patterns.iter().position(|known| known == pattern);
            let index = index.unwrap_or_else(|| {
                self.patterns.push(pattern.to_owned());
                self.patterns.len() - 1
            });
            conditions.push(format!(
                "{field}.as_ref().is_none_or(|text| \
                 PATTERN_{index}.as_ref().is_some_and(|pattern| pattern.is_match(text)))"
            ));
        }
        conditions
    }

    /// Tells the shape, where the alternatives are shapes or hold what has one.
    fn shape(&self, alternatives: &[&str], fields: &[MergedField]) -> String {
        let mut body = String::new();
        for alternative in alternatives {
            let schema = component(self.schemas, alternative);
            let shape = schema.and_then(|schema| schema.get("x-shape")?.as_str());
            if let Some(variant) = shape.map(shape_variant) {
                let _ = writeln!(
                    body,
                    "if self.is_{}() {{ return Some({variant}); }}",
                    snake(alternative)
                );
            }
        }
        if !body.is_empty() {
            return format!(
                "/// The shape, if the task is as documented.\n\
                 pub fn shape(&self) -> Option<Shape> {{\n{body}None\n}}\n"
            );
        }
        let [alternative] = alternatives else {
            return String::new();
        };
        let inner = fields.iter().find(|field| {
            let property = Property::of(self.schemas, alternative, &field.name);
            property.is_some_and(|property| property.schema.contains_key("discriminator"))
        });
        inner.map_or_else(String::new, |inner| {
            format!(
                "/// The shape of the task, if the whole body is as documented.\n\
                 pub fn shape(&self) -> Option<Shape> {{\n\
                 if !self.is_{}() {{ return None; }}\nself.{}.as_ref()?.shape()\n}}\n",
                snake(alternative),
                identifier(&inner.name)
            )
        })
    }
}
