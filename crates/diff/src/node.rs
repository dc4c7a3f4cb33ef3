//! A schema as written in a document, and the schemas that it is composed of.

use serde_json::Value;

use seedance_spec::pointer::Pointer;

/// How far references and compositions are followed.
const MAX_DEPTH: usize = 32;

/// Keywords that say what a value is; the others say something about it.
const DESCRIBING: [&str; 9] = [
    "$ref",
    "allOf",
    "anyOf",
    "enum",
    "items",
    "oneOf",
    "properties",
    "required",
    "type",
];

/// A schema, and where it stands.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub schema: &'a Value,
    pub at: Pointer,
}

impl<'a> Node<'a> {
    pub(super) fn new(schema: &'a Value, at: Pointer) -> Self {
        Self { schema, at }
    }

    /// What the node refers to, or the node itself.
    pub(super) fn resolved(&self, document: &'a Value) -> Self {
        let mut node = self.clone();
        for _ in 0..MAX_DEPTH {
            let reference = node.schema.get("$ref").and_then(Value::as_str);
            let Some(local) = reference.and_then(|reference| reference.strip_prefix('#')) else {
                break;
            };
            let Some(target) = document.pointer(local) else {
                break;
            };
            node = Self::new(target, Pointer::parse(local));
        }
        node
    }

    /// The value of a keyword, and where it stands.
    pub(super) fn child(&self, keyword: &str) -> Option<Self> {
        let schema = self.schema.get(keyword)?;
        Some(Self::new(schema, self.at.join(keyword)))
    }

    /// The elements of a keyword whose value is a list.
    pub(super) fn children(&self, keyword: &str) -> Vec<Self> {
        let at = self.at.join(keyword);
        let items = self.schema.get(keyword).and_then(Value::as_array);
        let items = items.into_iter().flatten().enumerate();
        items
            .map(|(index, item)| Self::new(item, at.join(index)))
            .collect()
    }

    /// The members of a keyword whose value is a map.
    pub(super) fn members(&self, keyword: &str) -> Vec<(&'a str, Self)> {
        let at = self.at.join(keyword);
        let members = self.schema.get(keyword).and_then(Value::as_object);
        let members = members.into_iter().flatten();
        members
            .map(|(name, schema)| (name.as_str(), Self::new(schema, at.join(name))))
            .collect()
    }

    pub(super) fn text(&self, keyword: &str) -> Option<&'a str> {
        self.schema.get(keyword)?.as_str()
    }

    pub(super) fn says(&self, keyword: &str) -> bool {
        self.schema.get(keyword).is_some_and(|value| value == true)
    }

    pub(super) fn is_observed(&self) -> bool {
        self.text("x-source") == Some("observed")
    }

    pub(super) fn is_union(&self) -> bool {
        ["oneOf", "anyOf"]
            .iter()
            .any(|keyword| self.schema.get(*keyword).is_some())
    }

    fn describes(&self) -> bool {
        DESCRIBING
            .iter()
            .any(|keyword| self.schema.get(*keyword).is_some())
    }
}

/// The schemas that all apply to a value, the general ones first: references are followed, and
/// compositions taken apart.
pub(super) fn parts<'a>(document: &'a Value, node: &Node<'a>) -> Vec<Node<'a>> {
    let mut parts = Vec::new();
    collect(document, node, &mut parts, MAX_DEPTH);
    parts
}

fn collect<'a>(document: &'a Value, node: &Node<'a>, parts: &mut Vec<Node<'a>>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    let node = node.resolved(document);
    for part in node.children("allOf") {
        collect(document, &part, parts, depth);
    }
    parts.push(node);
}

/// Where it is said what a value is: the most specific of some schemas that says so.
pub(super) fn main_place(nodes: &[Node<'_>]) -> Pointer {
    let main = nodes
        .iter()
        .rfind(|node| node.describes())
        .or(nodes.first());
    main.map_or_else(Pointer::root, |node| node.at.clone())
}
