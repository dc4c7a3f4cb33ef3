//! Which documented names a literal has in it.

use std::collections::BTreeSet;

/// The names that a text has: as the whole of it, as a step of a path, or in quotation marks.
pub fn mentions<'a>(text: &'a str, documented: &BTreeSet<String>) -> BTreeSet<&'a str> {
    let mut parts: Vec<&str> = vec![text];
    if !text.contains(char::is_whitespace) {
        // What a placeholder stands for is not in the text.
        let steps = text.split('/').skip(1);
        parts.extend(steps.map(|step| step.split('{').next().unwrap_or(step)));
    }
    for mark in ['"', '`'] {
        parts.extend(text.split(mark).skip(1));
    }
    let is_name = |part: &&str| documented.contains(*part);
    parts.into_iter().filter(is_name).collect()
}
