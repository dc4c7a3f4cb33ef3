//! The identity of a finding across responses and runs.

use super::summary::DistinctFinding;
use seedance_query::validate::{Finding, Rule};

/// A rule, a JSON Pointer and, for rules about values, the value.
///
/// It is the same in every run, so that a baseline can list it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint {
    /// The rule.
    pub rule: Rule,
    /// With `*` in place of the index of an array.
    pub pointer: String,
    /// The value, of rules that tell findings apart by it.
    pub value: Option<String>,
}

impl Fingerprint {
    /// The identity of a finding.
    #[must_use]
    pub fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.rule,
            pointer: without_indices(&finding.pointer),
            value: value_of(finding).map(str::to_owned),
        }
    }

    /// The identity of a distinct finding.
    #[must_use]
    pub fn of_distinct(finding: &DistinctFinding) -> Self {
        Self {
            rule: finding.rule,
            pointer: finding.pointer.clone(),
            value: finding.value.clone(),
        }
    }
}

/// The pointer with `*` for each array index, so that all items have the same one.
fn without_indices(pointer: &str) -> String {
    let is_index = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    if !pointer.split('/').any(is_index) {
        return pointer.to_owned();
    }
    let names = pointer.split('/');
    let names: Vec<&str> = names
        .map(|name| if is_index(name) { "*" } else { name })
        .collect();
    names.join("/")
}

/// The value, of rules that report each value once.
fn value_of(finding: &Finding) -> Option<&str> {
    match finding.rule {
        Rule::UnknownStatus | Rule::UndocumentedValue | Rule::UndocumentedHttpStatus => {
            finding.found.as_deref()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::without_indices;

    #[test]
    fn array_indices_are_replaced() {
        for (given, expected) in [
            ("", ""),
            ("/data/progress", "/data/progress"),
            ("/data/0/a", "/data/*/a"),
            ("/0/10", "/*/*"),
            ("/a1/2b/", "/a1/2b/"),
        ] {
            assert_eq!(without_indices(given), expected);
        }
    }
}
