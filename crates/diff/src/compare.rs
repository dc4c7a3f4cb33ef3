//! Two documents, compared.

use super::{
    calls,
    change_log::ChangeLog,
    difference::{Diff, DiffNote},
    shapes::all_shapes,
    spec::Spec,
    version_note,
};

/// Compares two documents.
///
/// # Examples
///
/// ```
/// use seedance_query::OPENAPI;
/// use seedance_diff::{Semver, Spec, compare};
///
/// let spec = Spec::parse("spec.yaml", OPENAPI)?;
/// let diff = compare(&spec, &spec);
/// assert!(diff.is_empty());
/// assert_eq!(diff.semver(), Semver::None);
/// # Ok::<(), seedance_diff::SpecError>(())
/// ```
#[must_use]
pub fn compare(old: &Spec, new: &Spec) -> Diff {
    let mut log = ChangeLog::new(old, new);
    calls::compare(&mut log);
    let mut shapes = all_shapes(&old.json);
    let more = all_shapes(&new.json);
    shapes.extend(
        more.into_iter()
            .filter(|shape| !shapes.contains(shape))
            .collect::<Vec<_>>(),
    );
    let mut notes: Vec<DiffNote> = old.notes();
    notes.extend(
        new.notes()
            .into_iter()
            .filter(|note| !notes.contains(note))
            .collect::<Vec<_>>(),
    );
    let changes = Diff::new(log.changes, notes, &shapes);
    version_note::add(changes, old, new)
}
