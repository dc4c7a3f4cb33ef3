//! The changes between two documents, as they are found.

use serde_json::Value;

use super::{audience::Side, change::Change, change_kind::ChangeKind, spec::Spec};
use seedance_spec::{Positions, pointer::Pointer};

/// The changes between two documents, as they are found.
pub(super) struct ChangeLog<'a> {
    pub old: &'a Spec,
    pub new: &'a Spec,
    old_positions: Positions<'a>,
    new_positions: Positions<'a>,
    pub changes: Vec<Change>,
}

/// A position in the calls and bodies.
#[derive(Clone, Default)]
pub(super) struct Position {
    /// The operation, if a document has several.
    pub operation: Option<String>,
    /// Whose words.
    pub side: Side,
    /// What comes before a message: which parameter it is about.
    pub subject: String,
    /// Where in a body.
    pub pointer: Pointer,
    /// The shapes of the bodies that have it.
    pub shapes: Vec<String>,
}

impl Position {
    pub(super) fn below(&self, member: &str) -> Self {
        Self {
            pointer: self.pointer.join(member),
            ..self.clone()
        }
    }

    pub(super) fn of_shapes(&self, shapes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            shapes: shapes.into_iter().map(Into::into).collect(),
            ..self.clone()
        }
    }
}

impl<'a> ChangeLog<'a> {
    pub(super) fn new(old: &'a Spec, new: &'a Spec) -> Self {
        Self {
            old_positions: old.positions(),
            new_positions: new.positions(),
            old,
            new,
            changes: Vec::new(),
        }
    }

    /// Both documents as JSON.
    pub(super) fn documents(&self) -> (&'a Value, &'a Value) {
        (&self.old.json, &self.new.json)
    }

    /// Adds a change; the places are in the old and in the new document.
    pub(super) fn add(
        &mut self,
        kind: ChangeKind,
        position: &Position,
        message: impl AsRef<str>,
        old: Option<&Pointer>,
        new: Option<&Pointer>,
    ) {
        let old = old.and_then(|pointer| self.old.location(&self.old_positions, pointer));
        let new = new.and_then(|pointer| self.new.location(&self.new_positions, pointer));
        self.changes.push(Change {
            kind,
            operation: position.operation.clone(),
            side: position.side,
            pointer: position.pointer.to_string(),
            shapes: position.shapes.clone(),
            message: format!("{}{}", position.subject, message.as_ref()),
            old,
            new,
            is_every_task: false,
        });
    }
}
