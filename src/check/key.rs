//! What makes two findings the same.

use super::identity;
use crate::{Finding, Rule};

/// A rule, a place, and the value where the value is what was not expected.
///
/// It is the same in every run, so that it can be listed as known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub rule: Rule,
    /// With `*` in place of the index of an array.
    pub pointer: String,
    pub value: Option<String>,
}

impl Key {
    pub fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.rule,
            pointer: identity::pointer(&finding.pointer).into_owned(),
            value: identity::value(finding).map(str::to_owned),
        }
    }
}
