//! The version of OpenAPI that a document is of.

use serde_json::Value;

use super::{pointer::Pointer, problem::Problem};

/// Makes sure that the document is OpenAPI 3.0.
pub fn check(document: &Value) -> Result<(), Problem> {
    let version = document.get("openapi").and_then(Value::as_str);
    match version {
        Some(version) if version == "3.0" || version.starts_with("3.0.") => Ok(()),
        Some(version) => Err(Problem::at(
            &Pointer::root().join("openapi"),
            format!("OpenAPI {version} is not supported; the document must be OpenAPI 3.0"),
        )),
        None => Err(Problem::at(
            &Pointer::root(),
            "this is not an OpenAPI document: it has no top-level `openapi: 3.0.x`",
        )),
    }
}
