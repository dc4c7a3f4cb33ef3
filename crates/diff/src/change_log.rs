//! The changes between two documents, as they are found.

use super::{change::Change, change_kind::ChangeKind, spec::Spec};
use seedance_query::model::Shape;
use seedance_spec::{Positions, pointer::Pointer};

/// The changes between two documents, as they are found.
pub(super) struct ChangeLog<'a> {
    pub old: &'a Spec,
    pub new: &'a Spec,
    old_positions: Positions<'a>,
    new_positions: Positions<'a>,
    pub changes: Vec<Change>,
}

/// A position in the bodies.
#[derive(Clone)]
pub(super) struct Position {
    /// Where in a body.
    pub pointer: Pointer,
    /// The shapes of the bodies that have it.
    pub shapes: Vec<Shape>,
}

impl Position {
    pub(super) fn below(&self, member: &str) -> Self {
        Self {
            pointer: self.pointer.join(member),
            shapes: self.shapes.clone(),
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

    /// Adds a change; the places are in the old and in the new document.
    pub(super) fn add(
        &mut self,
        kind: ChangeKind,
        position: &Position,
        message: impl Into<String>,
        old: Option<&Pointer>,
        new: Option<&Pointer>,
    ) {
        let old = old.and_then(|pointer| self.old.location(&self.old_positions, pointer));
        let new = new.and_then(|pointer| self.new.location(&self.new_positions, pointer));
        self.changes.push(Change {
            kind,
            pointer: position.pointer.to_string(),
            shapes: position.shapes.clone(),
            message: message.into(),
            old,
            new,
        });
    }
}
