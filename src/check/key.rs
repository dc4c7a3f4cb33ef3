//! What makes two findings the same.

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
            pointer: without_indices(&finding.pointer),
            value: match finding.rule {
                Rule::UndocumentedValue | Rule::UnknownStatus | Rule::UndocumentedHttpStatus => {
                    finding.found.clone()
                }
                _ => None,
            },
        }
    }
}

/// A pointer that is the same for each item of an array.
fn without_indices(pointer: &str) -> String {
    let is_index = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    if !pointer.split('/').any(is_index) {
        return pointer.to_owned();
    }
    let names = pointer
        .split('/')
        .map(|name| if is_index(name) { "*" } else { name });
    names.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::without_indices;

    #[test]
    fn items_are_alike() {
        assert_eq!(without_indices("/data/tools/0/x1"), "/data/tools/*/x1");
        assert_eq!(without_indices(""), "");
    }
}
