//! What two documents differ in.

use serde::Serialize;

use super::{
    change::{Change, Location},
    change_kind::Impact,
    semver::Semver,
};

/// Something in one of the documents that was not compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DiffNote {
    /// What was not compared, and why.
    pub message: String,
    /// Where it stands.
    pub location: Option<Location>,
}

/// What two documents differ in, breaking changes first.
///
/// Serializes as the list of changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Diff {
    changes: Vec<Change>,
    #[serde(skip)]
    notes: Vec<DiffNote>,
}

impl Diff {
    /// Puts changes in order, and those that differ in their shape alone together; `shapes` are
    /// all that a task can have, in order.
    pub(super) fn new(found: Vec<Change>, notes: Vec<DiffNote>, shapes: &[String]) -> Self {
        let mut changes: Vec<Change> = Vec::new();
        for change in found {
            let same = changes.iter_mut().find(|known| is_alike(known, &change));
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
        let rank = |shape: &String| shapes.iter().position(|known| known == shape);
        for change in &mut changes {
            // What is none of a task comes last.
            change
                .shapes
                .sort_by_key(|shape| rank(shape).unwrap_or(usize::MAX));
            let has = |shape| change.shapes.contains(shape);
            change.is_every_task = !shapes.is_empty() && shapes.iter().all(has);
        }
        changes.sort_by(|a, b| {
            let key = |change: &Change| {
                let place = (change.operation.clone(), change.pointer.clone());
                (change.impact(), place, change.kind)
            };
            key(a).cmp(&key(b))
        });
        Self { changes, notes }
    }

    /// Every change: the breaking ones first, then by their place in a body.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What was not compared.
    #[must_use]
    pub fn notes(&self) -> &[DiffNote] {
        &self.notes
    }

    pub(super) fn with_note(mut self, note: DiffNote) -> Self {
        self.notes.push(note);
        self
    }

    /// Whether the two documents say the same of calls and responses.
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

    /// Which part of its version number the new document has to raise.
    #[must_use]
    pub fn semver(&self) -> Semver {
        let levels = self.changes.iter().map(Change::semver);
        levels.max().unwrap_or(Semver::None)
    }
}

fn is_alike(one: &Change, other: &Change) -> bool {
    let key = |change: &Change| {
        (
            change.kind,
            change.side,
            change.old.clone(),
            change.new.clone(),
        )
    };
    key(one) == key(other)
        && (&one.operation, &one.pointer, &one.message)
            == (&other.operation, &other.pointer, &other.message)
}
