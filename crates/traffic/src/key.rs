//! What makes two findings the same.

use seedance_query::validate::{Finding, Rule};

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
            pointer: without_indices(&finding.pointer),
            value: value_of(finding).map(str::to_owned),
        }
    }
}

/// The pointer with `*` for the index of an array, so that it is the same for all of its items.
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

/// The value, of rules for which another one is something else to document.
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
    fn items_of_an_array_are_alike() {
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
