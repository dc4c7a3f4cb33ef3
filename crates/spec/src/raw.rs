//! A document as it is written, OpenAPI 3.0 or 3.1, with nothing checked but its references.

use serde_json::Value;

use super::{
    note::Note, openapi31, pointer::Pointer, problem::Problem, references::check_targets, version,
    yaml,
};

/// A document as it is written; one of OpenAPI 3.1 is lowered to 3.0.
pub struct Raw {
    /// The document.
    pub json: Value,
    /// What was lost in lowering it.
    pub notes: Vec<Note>,
}

/// Reads a document that may say more than [`read`](super::read) understands.
///
/// # Errors
///
/// If the text is not YAML, not OpenAPI 3.0 or 3.1, or has a reference that leads nowhere.
pub fn read_raw(source: &str) -> Result<Raw, Problem> {
    let mut json = yaml::parse(source)?;
    let notes = if openapi31::is_31(&json) {
        openapi31::lower(&mut json)
    } else {
        version::check(&json)?;
        Vec::new()
    };
    check_targets(&json, &json, &Pointer::root())?;
    Ok(Raw { json, notes })
}
