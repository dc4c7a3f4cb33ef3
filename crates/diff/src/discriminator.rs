//! The member whose value tells what an object is.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::node::{Node, parts};
use seedance_spec::pointer::{Pointer, schema_name};

/// A discriminator, and what each of its values means.
pub(super) struct Discriminator<'a> {
    pub property: &'a str,
    /// The values, each with what it is mapped to.
    pub mapping: BTreeMap<&'a str, &'a str>,
    /// Where it stands.
    pub at: Pointer,
    /// Other words for the values.
    pub words: Option<&'a Value>,
}

impl<'a> Discriminator<'a> {
    /// That of a union, if it has one.
    pub(super) fn of(union: &Node<'a>) -> Option<Self> {
        let node = union.child("discriminator")?;
        let mapping = node.schema.get("mapping").and_then(Value::as_object);
        let mut mapping: BTreeMap<&str, &str> = mapping
            .into_iter()
            .flat_map(Map::iter)
            .filter_map(|(value, target)| Some((value.as_str(), target.as_str()?)))
            .collect();
        // Without a mapping, the names of the schemas are the values.
        if mapping.is_empty() {
            let branches = [union.children("oneOf"), union.children("anyOf")].concat();
            let references = branches.iter().filter_map(|branch| branch.text("$ref"));
            mapping.extend(references.filter_map(|target| Some((schema_name(target)?, target))));
        }
        Some(Self {
            property: node.text("propertyName")?,
            mapping,
            at: node.at,
            words: union.schema.get("x-status-words"),
        })
    }

    /// The shapes, or the names of schemas without one, that a value can mean.
    pub(super) fn shapes(&self, document: &'a Value, value: &str) -> Vec<&'a str> {
        let mut shapes = Vec::new();
        if let Some(target) = self
            .mapping
            .get(value)
            .and_then(|target| target.strip_prefix('#'))
            && let Some(schema) = document.pointer(target)
        {
            let node = Node::new(schema, Pointer::parse(target));
            ends(document, &node, &mut shapes, 8);
        }
        shapes
    }

    /// Where a value is mapped.
    pub(super) fn place(&self, value: &str) -> Pointer {
        self.at.join("mapping").join(value)
    }
}

/// What a schema comes down to through unions.
fn ends<'a>(document: &'a Value, node: &Node<'a>, shapes: &mut Vec<&'a str>, depth: usize) {
    let parts = parts(document, node);
    let branches: Vec<Node<'a>> = parts
        .iter()
        .flat_map(|part| [part.children("oneOf"), part.children("anyOf")].concat())
        .collect();
    if branches.is_empty() || depth == 0 {
        shapes.extend(parts.iter().rev().find_map(|part| part.text("x-shape")));
        return;
    }
    for branch in branches {
        ends(document, &branch, shapes, depth - 1);
    }
}
