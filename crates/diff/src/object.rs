//! One object that a value can be, and its members.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::node::{Node, main_place};
use seedance_spec::pointer::Pointer;

/// One object that a value can be.
pub(super) struct Object<'a> {
    pub at: Pointer,
    pub shape: Option<&'a str>,
    /// What the shape means.
    pub outcome: Option<&'a str>,
    pub is_observed: bool,
    /// Whether members that are not listed are documented, too.
    pub is_free: bool,
    /// Where members that are not listed are forbidden.
    pub closed: Option<Pointer>,
    /// What members that are not listed can be.
    pub others: Option<Node<'a>>,
    pub fields: BTreeMap<&'a str, Field<'a>>,
}

/// One member of an object.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a document says each of them for itself"
)]
pub(super) struct Field<'a> {
    pub at: Pointer,
    /// The schemas that all apply to it, the general ones first.
    pub nodes: Vec<Node<'a>>,
    pub is_required: bool,
    /// Whether the documentation promises it, required or not.
    pub is_promised: bool,
    /// Whether it is only observed.
    pub is_observed: bool,
    pub is_deprecated: bool,
    pub valid_for: Option<u64>,
}

impl<'a> Object<'a> {
    pub(super) fn of(parts: &[Node<'a>], is_observed: bool) -> Self {
        let mut nodes: BTreeMap<&str, Vec<Node<'a>>> = BTreeMap::new();
        let mut required = BTreeSet::new();
        let (mut is_free, mut closed, mut others) = (false, None, None);
        for part in parts {
            let names = part.schema.get("required").and_then(Value::as_array);
            required.extend(names.into_iter().flatten().filter_map(Value::as_str));
            for (name, node) in part.members("properties") {
                nodes.entry(name).or_default().push(node);
            }
            if let Some(more) = part.child("additionalProperties") {
                closed = (*more.schema == json!(false)).then(|| more.at.clone());
                is_free |= closed.is_none();
                others = more.schema.is_object().then_some(more);
            }
        }
        let fields: BTreeMap<&str, Field<'a>> = nodes
            .into_iter()
            .map(|(name, nodes)| (name, Field::of(nodes, required.contains(name))))
            .collect();
        Self {
            at: main_place(parts),
            shape: parts.iter().rev().find_map(|part| part.text("x-shape")),
            outcome: parts.iter().rev().find_map(|part| part.text("x-outcome")),
            is_observed,
            is_free: is_free || (fields.is_empty() && closed.is_none()),
            closed,
            others,
            fields,
        }
    }

    /// The required members that none of the other objects has: they tell it from those.
    pub(super) fn own_members(&self, others: &[Self]) -> BTreeSet<&'a str> {
        let required = self.fields.iter().filter(|(_, field)| field.is_required);
        let names = required.map(|(name, _)| *name);
        names
            .filter(|name| {
                let mut others = others.iter().filter(|other| !std::ptr::eq(*other, self));
                others.all(|other| !other.fields.contains_key(name))
            })
            .collect()
    }
}

impl<'a> Field<'a> {
    fn of(nodes: Vec<Node<'a>>, is_required: bool) -> Self {
        let last = |keyword: &str| nodes.iter().rev().find_map(|node| node.schema.get(keyword));
        Self {
            at: main_place(&nodes),
            is_required,
            is_promised: last("x-presence").is_some(),
            is_observed: last("x-source").is_some_and(|source| source == "observed"),
            is_deprecated: last("deprecated").is_some_and(|value| value == true),
            valid_for: last("x-valid-for-seconds").and_then(Value::as_u64),
            nodes,
        }
    }
}
