//! What makes two findings the same, wherever they come up.

use std::borrow::Cow;

use crate::{Finding, Rule};

/// The pointer with `*` for the index of an array, so that it is the same for all of its items.
pub(crate) fn pointer(pointer: &str) -> Cow<'_, str> {
    let is_index = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    if !pointer.split('/').any(is_index) {
        return Cow::Borrowed(pointer);
    }
    let names = pointer.split('/');
    let names: Vec<&str> = names
        .map(|name| if is_index(name) { "*" } else { name })
        .collect();
    Cow::Owned(names.join("/"))
}

/// The value, of rules for which another one is something else to document.
pub(crate) fn value(finding: &Finding) -> Option<&str> {
    match finding.rule {
        Rule::UnknownStatus | Rule::UndocumentedValue | Rule::UndocumentedHttpStatus => {
            finding.found.as_deref()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::pointer;

    #[test]
    fn items_of_an_array_are_alike() {
        for (given, expected) in [
            ("", ""),
            ("/data/progress", "/data/progress"),
            ("/data/0/a", "/data/*/a"),
            ("/0/10", "/*/*"),
            ("/a1/2b/", "/a1/2b/"),
        ] {
            assert_eq!(pointer(given), expected);
        }
    }
}
