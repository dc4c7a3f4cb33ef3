//! Whether the documents' own version numbers say what the comparison says.

use serde_json::Value;

use super::{
    difference::{Diff, DiffNote},
    semver::Semver,
    spec::Spec,
};
use seedance_spec::pointer::Pointer;

/// Adds a note if the version of the new document is lower than the changes are worth.
pub(super) fn add(diff: Diff, old: &Spec, new: &Spec) -> Diff {
    let version = |spec: &Spec| {
        let version = spec.json.pointer("/info/version").and_then(Value::as_str)?;
        Some((version.to_owned(), numbers(version)?))
    };
    let (Some((was, before)), Some((is, after))) = (version(old), version(new)) else {
        return diff;
    };
    let raised = match after.iter().zip(before).position(|(is, was)| *is > was) {
        Some(0) => Semver::Major,
        Some(1) => Semver::Minor,
        Some(_) => Semver::Patch,
        None => Semver::None,
    };
    if raised >= diff.semver() {
        return diff;
    }
    let at = Pointer::root().join("info").join("version");
    let message = if was == is {
        format!(
            "`info.version` is still {is}; the changes are {}",
            diff.semver()
        )
    } else {
        format!(
            "`info.version` went from {was} to {is}; the changes are {}",
            diff.semver()
        )
    };
    diff.with_note(DiffNote {
        message,
        location: new.location(&new.positions(), &at),
    })
}

fn numbers(version: &str) -> Option<[u64; 3]> {
    let core = version.trim_start_matches('v').split(['-', '+']).next()?;
    let mut numbers = core.split('.').map(|number| number.parse().ok());
    let mut next = || numbers.next().unwrap_or(Some(0));
    Some([next()?, next()?, next()?])
}
