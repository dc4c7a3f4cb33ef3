//! One change, and what two documents differ in.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::change_kind::{ChangeKind, Impact};
use seedance_query::model::Shape;

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct Location {
    /// What the document is called.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// A JSON Pointer into the document.
    pub pointer: String,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Something about responses that the two documents say differently.
///
/// Serializes as `{"kind","impact","pointer","shapes","message","consequence","old","new"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What has changed.
    pub kind: ChangeKind,
    /// Where in a body: a JSON Pointer, with `*` for any element of a list; `""` is the whole
    /// body, or what no body holds.
    pub pointer: String,
    /// The bodies that it concerns; empty if it concerns none.
    pub shapes: Vec<Shape>,
    /// What exactly, for a person.
    pub message: String,
    /// Where the old document says so.
    pub old: Option<Location>,
    /// Where the new document says so.
    pub new: Option<Location>,
}

impl Change {
    /// What it means to a client that was built from the old document.
    #[must_use]
    pub fn impact(&self) -> Impact {
        self.kind.impact()
    }

    /// The bodies that it concerns, for a person: `normal, failure`, `every task`.
    #[must_use]
    pub fn concerns(&self) -> String {
        if Shape::TASKS.iter().all(|shape| self.shapes.contains(shape)) {
            return "every task".to_owned();
        }
        let names: Vec<&str> = self.shapes.iter().map(|shape| shape.name()).collect();
        names.join(", ")
    }

    /// Where the new document says so, or the old one if only that does.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.new.as_ref().or(self.old.as_ref())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}] ", self.impact(), self.kind)?;
        if !self.pointer.is_empty() {
            write!(f, "{} ", self.pointer)?;
        }
        if !self.shapes.is_empty() {
            write!(f, "({}) ", self.concerns())?;
        }
        write!(f, "{}: {}", self.message, self.kind.consequence())
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("Change", 8)?;
        change.serialize_field("kind", &self.kind)?;
        change.serialize_field("impact", &self.impact())?;
        change.serialize_field("pointer", &self.pointer)?;
        change.serialize_field("shapes", &self.shapes)?;
        change.serialize_field("message", &self.message)?;
        change.serialize_field("consequence", self.kind.consequence())?;
        change.serialize_field("old", &self.old)?;
        change.serialize_field("new", &self.new)?;
        change.end()
    }
}

/// What two documents differ in, breaking changes first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Diff {
    changes: Vec<Change>,
}

impl Diff {
    /// Puts changes in order, and those that differ in their shape alone together.
    pub(super) fn new(found: Vec<Change>) -> Self {
        let mut changes: Vec<Change> = Vec::new();
        for change in found {
            let same = changes.iter_mut().find(|known| {
                let alike = (known.kind, &known.pointer, &known.message)
                    == (change.kind, &change.pointer, &change.message);
                alike && known.old == change.old && known.new == change.new
            });
            match same {
                Some(known) => {
                    for shape in change.shapes {
                        if !known.shapes.contains(&shape) {
                            known.shapes.push(shape);
                        }
                    }
                }
                None => changes.push(change),
            }
        }
        for change in &mut changes {
            change.shapes.sort_unstable();
        }
        changes.sort_by(|a, b| {
            let key = |change: &Change| (change.impact(), change.pointer.clone(), change.kind);
            key(a).cmp(&key(b))
        });
        Self { changes }
    }

    /// Every change: the breaking ones first, then by their place in a body.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether the two documents say the same of responses.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether any change is breaking.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        let mut changes = self.changes.iter();
        changes.any(|change| change.impact() == Impact::Breaking)
    }
}
