//! One change, and where it stands.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{
    audience::{Audience, Side},
    change_kind::{ChangeKind, Impact},
    semver::Semver,
};

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

/// Something that the two documents say differently.
///
/// Serializes as `{"kind","impact","breaks","semver","operation","side","pointer","shapes","message",
/// "consequence","old","new"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What has changed.
    pub kind: ChangeKind,
    /// The operation that it belongs to, such as `GET /v1/tasks/{id}`, if a document has several.
    pub operation: Option<String>,
    /// Whose words it concerns.
    pub side: Side,
    /// Where in a body: a JSON Pointer, with `*` for any element of a list; `""` is the whole
    /// body, or what no body holds.
    pub pointer: String,
    /// The shapes of the bodies that it concerns; empty if it concerns none, or bodies without one.
    pub shapes: Vec<String>,
    /// What exactly, for a person.
    pub message: String,
    /// Where the old document says so.
    pub old: Option<Location>,
    /// Where the new document says so.
    pub new: Option<Location>,
    /// Whether these are all shapes that a task can have.
    pub(super) is_every_task: bool,
}

impl Change {
    /// Whether it breaks anyone.
    #[must_use]
    pub fn impact(&self) -> Impact {
        self.kind.impact_on(self.side)
    }

    /// Whom it breaks.
    #[must_use]
    pub fn breaks(&self) -> &'static [Audience] {
        self.kind.breaks(self.side)
    }

    /// Which part of a version number it is worth.
    #[must_use]
    pub fn semver(&self) -> Semver {
        self.kind.semver(self.side)
    }

    /// What it means.
    #[must_use]
    pub fn consequence(&self) -> &'static str {
        match (self.side, self.impact()) {
            (Side::Response, _) => self.kind.consequence(),
            (Side::Request, Impact::Breaking) => {
                "the new contract rejects requests that the old one accepts"
            }
            (Side::Request, Impact::Compatible) => {
                "requests of a client built from the old spec are accepted as before"
            }
        }
    }

    /// The bodies that it concerns, for a person: `normal, failure`, `every task`.
    #[must_use]
    pub fn concerns(&self) -> String {
        if self.is_every_task {
            return "every task".to_owned();
        }
        self.shapes.join(", ")
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
        if let Some(operation) = &self.operation {
            write!(f, "{operation} ")?;
        }
        if !self.pointer.is_empty() {
            write!(f, "{} ", self.pointer)?;
        }
        if !self.shapes.is_empty() {
            write!(f, "({}) ", self.concerns())?;
        }
        write!(f, "{}: {}", self.message, self.consequence())
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("Change", 12)?;
        change.serialize_field("kind", &self.kind)?;
        change.serialize_field("impact", &self.impact())?;
        change.serialize_field("breaks", self.breaks())?;
        change.serialize_field("semver", &self.semver())?;
        change.serialize_field("operation", &self.operation)?;
        change.serialize_field("side", &self.side)?;
        change.serialize_field("pointer", &self.pointer)?;
        change.serialize_field("shapes", &self.shapes)?;
        change.serialize_field("message", &self.message)?;
        change.serialize_field("consequence", self.consequence())?;
        change.serialize_field("old", &self.old)?;
        change.serialize_field("new", &self.new)?;
        change.end()
    }
}
