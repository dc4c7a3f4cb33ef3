//! Names of the document as names in Rust.

use seedance_spec::{operation::Operation, operation_role::TASK_QUERY_ID};

/// A member's name as a field; names that are no identifiers get a trailing underscore.
pub fn identifier(name: &str) -> String {
    let mut identifier: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if syn::parse_str::<syn::Ident>(&identifier).is_err() {
        identifier = format!("_{identifier}_");
    }
    identifier
}

/// What the client calls the method of an operation, as far as letters go: the task query has one
/// name, whatever its id, and an operation without an id is called by its method and path.
pub fn method_name(operation: &Operation) -> String {
    if operation.is_task_query {
        TASK_QUERY_ID.to_owned()
    } else if let Some(id) = &operation.id {
        id.clone()
    } else {
        snake(&format!("{}{}", operation.method, operation.path))
    }
}

pub fn pascal(name: &str) -> String {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .map(|word| {
            let (head, tail) = word.split_at(word.len().min(1));
            head.to_ascii_uppercase() + tail
        })
        .collect()
}

pub fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in identifier(name).chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The library's name of a shape.
pub fn shape_variant(shape: &str) -> String {
    format!("Shape::{}", pascal(shape))
}
