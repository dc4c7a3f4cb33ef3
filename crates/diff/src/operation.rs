//! The operations of a document, and which of one document is which of the other.

use serde_json::Value;

use super::node::Node;
use seedance_spec::pointer::Pointer;

const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];

/// One operation.
#[derive(Clone)]
pub(super) struct Operation<'a> {
    pub method: &'a str,
    pub path: &'a str,
    /// What the path says of all its operations.
    pub path_item: Node<'a>,
    pub node: Node<'a>,
}

/// What becomes of the operations.
pub(super) struct Pairs<'a> {
    pub both: Vec<(Operation<'a>, Operation<'a>)>,
    pub gone: Vec<Operation<'a>>,
    pub come: Vec<Operation<'a>>,
}

impl<'a> Operation<'a> {
    /// Those of a document.
    pub(super) fn all(document: &'a Value) -> Vec<Self> {
        let mut operations = Vec::new();
        for (path, item) in Node::new(document, Pointer::root()).members("paths") {
            for method in METHODS {
                if let Some(node) = item.child(method).filter(|node| node.schema.is_object()) {
                    operations.push(Self {
                        method,
                        path,
                        path_item: item.clone(),
                        node,
                    });
                }
            }
        }
        operations
    }

    /// How a call of it begins.
    pub(super) fn call(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    pub(super) fn id(&self) -> Option<&'a str> {
        self.node.text("operationId")
    }

    /// The call without the names of the path's parameters, which no request has.
    pub(super) fn template(&self) -> String {
        let mut template = format!("{} ", self.method);
        for (index, piece) in self.path.split('{').enumerate() {
            let rest = piece.split_once('}').map_or(piece, |(_, rest)| rest);
            template.push_str(if index == 0 { "" } else { "{}" });
            template.push_str(rest);
        }
        template
    }

    /// The names of the path's parameters, in order.
    pub(super) fn path_parameters(&self) -> Vec<&'a str> {
        let pieces = self.path.split('{').skip(1);
        pieces
            .filter_map(|piece| Some(piece.split_once('}')?.0))
            .collect()
    }
}

/// Pairs operations: by what a call looks like, then by their names; the only ones of two
/// documents are the same.
pub(super) fn pair<'a>(old: Vec<Operation<'a>>, new: Vec<Operation<'a>>) -> Pairs<'a> {
    let are_single = old.len() == 1 && new.len() == 1;
    let mut pairs = Pairs {
        both: Vec::new(),
        gone: old,
        come: new,
    };
    pairs.matching(|old, new| old.template() == new.template());
    pairs.matching(|old, new| old.id().is_some() && old.id() == new.id());
    pairs.matching(|_, _| are_single);
    pairs
}

impl<'a> Pairs<'a> {
    fn matching(&mut self, is_same: impl Fn(&Operation<'a>, &Operation<'a>) -> bool) {
        for old in std::mem::take(&mut self.gone) {
            match self.come.iter().position(|new| is_same(&old, new)) {
                Some(index) => self.both.push((old, self.come.remove(index))),
                None => self.gone.push(old),
            }
        }
    }
}
