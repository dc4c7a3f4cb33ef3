//! Two documents, compared.

use super::{bodies, change::Diff, change_log::ChangeLog, operation, spec::Spec};

/// Compares two documents.
///
/// # Examples
///
/// ```
/// use seedance_query::OPENAPI;
/// use seedance_diff::{Spec, compare};
///
/// let spec = Spec::parse("spec.yaml", OPENAPI)?;
/// assert!(compare(&spec, &spec).is_empty());
/// # Ok::<(), seedance_diff::SpecError>(())
/// ```
#[must_use]
pub fn compare(old: &Spec, new: &Spec) -> Diff {
    let mut log = ChangeLog::new(old, new);
    operation::compare(&mut log);
    bodies::compare(&mut log);
    Diff::new(log.changes)
}
