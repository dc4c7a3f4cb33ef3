//! The checks of the fast path: which alternative a merged struct holds, and whether it fits.

use std::fmt::Write as _;

use serde_json::Value;

use super::{
    merged_struct::{FieldType, MergedField},
    names::{identifier, shape_variant, snake},
    property::{Property, component},
};
use seedance_spec::compose::Schemas;

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
                FieldType::Integer => conditions.extend(bounds(&field, &property)),
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
        if let Some(pattern) = schema.get("x-documented-pattern").and_then(Value::as_str) {
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

/// The checks of an integer's documented bounds.
fn bounds(field: &str, property: &Property<'_>) -> Vec<String> {
    let bounds = [("x-documented-min", ">="), ("x-documented-max", "<=")];
    let bounds = bounds.into_iter().filter_map(|(keyword, operator)| {
        let bound = property.schema.get(keyword)?.as_i64()?;
        Some(format!(
            "{field}.is_none_or(|number| number {operator} {bound})"
        ))
    });
    bounds.collect()
}
