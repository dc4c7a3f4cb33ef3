//! What a value can be, whatever the schemas that say so are called and made of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    discriminator::Discriminator,
    node::{Node, main_place, parts},
    object::Object,
};
use seedance_spec::pointer::Pointer;

/// The JSON types; `null` is told apart.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Keywords that bound a value beside its type.
const CONSTRAINTS: [&str; 9] = [
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minProperties",
    "minimum",
    "pattern",
    "uniqueItems",
];

/// Unions within unions are followed so far.
const MAX_DEPTH: usize = 16;

/// A set of values, and where it stands.
pub(super) type Values = (BTreeSet<String>, Pointer);

/// Everything that a schema says about a value.
#[derive(Default)]
pub(super) struct View<'a> {
    /// Where the schema stands.
    pub at: Pointer,
    pub types: BTreeSet<&'a str>,
    /// The types without those that were only observed.
    pub documented_types: BTreeSet<&'a str>,
    pub nullable: bool,
    /// The objects that it can be, told apart by their members.
    pub objects: Vec<Object<'a>>,
    /// The member that tells the objects' shape.
    pub discriminator: Option<Discriminator<'a>>,
    /// Members that select an object, with the shape of that if it has one.
    pub conditions: BTreeSet<(Option<&'a str>, &'a str)>,
    /// The closed set of values.
    pub values: Option<Values>,
    /// The documented values of an open set.
    pub open_values: Option<Values>,
    pub min_length: (u64, Pointer),
    pub documented_pattern: Option<(&'a str, Pointer)>,
    /// Other keywords that bound it.
    pub constraints: BTreeMap<&'static str, (&'a Value, Pointer)>,
    pub format: Option<(&'a str, Pointer)>,
    pub default: Option<(&'a Value, Pointer)>,
    /// What the elements of a list can be.
    pub items: Vec<Node<'a>>,
}

/// A schema that applies, and whether its branches do as well.
struct Part<'a> {
    node: Node<'a>,
    has_open_branches: bool,
}

impl<'a> View<'a> {
    /// Looks at the schemas that all apply to a value, the general ones first.
    pub(super) fn of(document: &'a Value, nodes: &[Node<'a>]) -> Self {
        let parts: Vec<Node<'a>> = nodes
            .iter()
            .flat_map(|node| parts(document, node))
            .collect();
        let mut view = Self {
            at: main_place(&parts),
            ..Self::default()
        };
        view.min_length.1 = view.at.join("minLength");
        let parts = parts.into_iter().map(|node| Part {
            has_open_branches: node.is_union(),
            node,
        });
        view.add(document, &parts.collect::<Vec<_>>(), Context::default());
        if view.types.is_empty() {
            view.types.extend(TYPES);
            view.documented_types.extend(TYPES);
            view.nullable = true;
        }
        view
    }

    /// The member whose value tells the objects' shape.
    pub(super) fn told_by(&self) -> Option<&'a str> {
        self.discriminator.as_ref().map(|it| it.property)
    }

    fn add(&mut self, document: &'a Value, parts: &[Part<'a>], context: Context) {
        let Some(union) = parts.iter().position(|part| part.has_open_branches) else {
            let nodes: Vec<Node<'a>> = parts.iter().map(|part| part.node.clone()).collect();
            self.leaf(&nodes, context);
            return;
        };
        if context.depth == MAX_DEPTH {
            return;
        }
        let node = &parts[union].node;
        if let Some(discriminator) = Discriminator::of(node) {
            self.discriminator = Some(discriminator);
        }
        let conditions = node.schema.get("x-branch-when-present");
        // Where its members tell the branch, a null is for the union to allow.
        let is_told = conditions.is_some() || node.schema.get("discriminator").is_some();
        self.nullable |= node.says("nullable");
        for branch in [node.children("oneOf"), node.children("anyOf")].concat() {
            let target = branch.resolved(document);
            let reference = branch.text("$ref");
            let pointers = conditions
                .zip(reference)
                .and_then(|(all, name)| all.get(name));
            let shape = target.text("x-shape");
            let pointers = pointers.and_then(Value::as_array).into_iter().flatten();
            let pointers = pointers.filter_map(Value::as_str);
            self.conditions
                .extend(pointers.map(|pointer| (shape, pointer)));
            let base = parts.iter().enumerate().map(|(index, part)| Part {
                node: part.node.clone(),
                has_open_branches: part.has_open_branches && index != union,
            });
            let own = super::node::parts(document, &branch)
                .into_iter()
                .map(|node| Part {
                    has_open_branches: node.is_union(),
                    node,
                });
            let context = Context {
                depth: context.depth + 1,
                is_told: context.is_told || is_told,
                // Only where types tell the branches is an observed one not documented.
                is_observed: context.is_observed || (!is_told && target.is_observed()),
            };
            self.add(document, &base.chain(own).collect::<Vec<_>>(), context);
        }
    }

    /// One thing that the value can be.
    fn leaf(&mut self, parts: &[Node<'a>], context: Context) {
        if !context.is_told {
            self.nullable |= is_nullable(parts);
        }
        let Some(kind) = kind_of(parts) else {
            return;
        };
        self.types.insert(kind);
        if !context.is_observed {
            self.documented_types.insert(kind);
        }
        match kind {
            "object" => self.objects.push(Object::of(parts, context.is_observed)),
            "array" => {
                let items: Vec<Node<'a>> = parts
                    .iter()
                    .filter_map(|part| part.child("items"))
                    .collect();
                if !items.is_empty() {
                    self.items = items;
                }
            }
            _ => {}
        }
        for part in parts {
            self.restrict(part);
        }
    }

    fn restrict(&mut self, part: &Node<'a>) {
        let at = |keyword: &str| part.at.join(keyword);
        let schema = part.schema;
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            self.values = Some((values.iter().map(value_text).collect(), at("enum")));
        }
        if let Some(values) = schema.get("x-extensible-enum").and_then(Value::as_array) {
            let values = values.iter().map(value_text).collect();
            self.open_values = Some((values, at("x-extensible-enum")));
        }
        if let Some(length) = schema.get("minLength").and_then(Value::as_u64) {
            self.min_length = (length, at("minLength"));
        }
        if let Some(pattern) = part.text("x-documented-pattern") {
            self.documented_pattern = Some((pattern, at("x-documented-pattern")));
        }
        if let Some(format) = part.text("format") {
            self.format = Some((format, at("format")));
        }
        if let Some(default) = schema.get("default") {
            self.default = Some((default, at("default")));
        }
        for keyword in CONSTRAINTS {
            if let Some(value) = schema.get(keyword) {
                self.constraints.insert(keyword, (value, at(keyword)));
            }
        }
    }

    /// The types for a person.
    pub(super) fn described(&self) -> String {
        described(&self.types)
    }
}

/// How a branch was come to.
#[derive(Clone, Copy, Default)]
struct Context {
    depth: usize,
    is_told: bool,
    is_observed: bool,
}

/// The type that the parts agree on: the most specific one, or what their keywords imply.
fn kind_of<'a>(parts: &[Node<'a>]) -> Option<&'a str> {
    let typed = parts.iter().rev().find_map(|part| part.text("type"));
    typed.or_else(|| {
        let has = |keyword: &str| parts.iter().any(|part| part.schema.get(keyword).is_some());
        if has("properties") || has("additionalProperties") {
            return Some("object");
        }
        if has("items") {
            return Some("array");
        }
        let values = parts
            .iter()
            .rev()
            .find_map(|part| part.schema.get("enum")?.as_array())?;
        values.iter().all(Value::is_string).then_some("string")
    })
}

/// Whether null is allowed: by every part that has a type, or by one that only adds to them.
fn is_nullable(parts: &[Node<'_>]) -> bool {
    let mut typed = parts
        .iter()
        .filter(|part| part.schema.get("type").is_some())
        .peekable();
    let by_types = typed.peek().is_some() && typed.all(|part| part.says("nullable"));
    let mut others = parts
        .iter()
        .filter(|part| part.schema.get("type").is_none());
    by_types || others.any(|part| part.says("nullable"))
}

fn value_text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Types for a person.
pub(super) fn described(types: &BTreeSet<&str>) -> String {
    match types.len() {
        0 => "nothing".to_owned(),
        6 => "anything".to_owned(),
        _ => types.iter().copied().collect::<Vec<_>>().join(" or "),
    }
}
