//! A document that can be used: checked, and its schemas composed.

use serde_json::Value;

use super::{
    compose::{self, Schemas},
    examples, lint, lower,
    metadata::Metadata,
    problem::Problem,
    reading::Reading,
    version, yaml,
};

/// A document that can be used.
pub struct Document {
    /// The document as it is written.
    pub json: Value,
    /// The schemas of its bodies.
    pub schemas: Schemas,
    /// What it says outside of its schemas.
    pub metadata: Metadata,
}

/// Reads a document.
///
/// # Errors
///
/// If the text is not YAML or not OpenAPI 3.0, or says something that nothing would check.
pub fn read(source: &str) -> Result<Document, Problem> {
    let json = yaml::parse(source)?;
    version::check(&json)?;
    lint::check(&json)?;
    let schemas = compose::flatten(&json)?;
    let metadata = Metadata::read(&json, &schemas)?;
    Ok(Document {
        json,
        schemas,
        metadata,
    })
}

/// Reads a document that is JSON already, and does not look for what nothing would check.
///
/// # Errors
///
/// If its schemas cannot be composed, or it says too little of the task query.
pub fn read_unchecked(json: &Value) -> Result<Document, Problem> {
    let schemas = compose::flatten(json)?;
    let metadata = Metadata::read(json, &schemas)?;
    Ok(Document {
        json: json.clone(),
        schemas,
        metadata,
    })
}

impl Document {
    /// A reading of the body of a success, as a schema that has the body of an error beside it.
    ///
    /// # Errors
    ///
    /// If the document has a union whose branches cannot be told apart.
    pub fn success(&self, reading: Reading) -> Result<Value, Problem> {
        let Schemas { success, error, .. } = &self.schemas;
        lower::lower(&self.schemas, reading, success, Some(error))
    }

    /// A reading of the body of an error, as a schema.
    ///
    /// # Errors
    ///
    /// As for [`success`](Self::success).
    pub fn error(&self, reading: Reading) -> Result<Value, Problem> {
        lower::lower(&self.schemas, reading, &self.schemas.error, None)
    }

    /// Makes sure that the examples are as the document says.
    ///
    /// # Errors
    ///
    /// If one does not validate; the problem is at the value in the example.
    pub fn check_examples(&self) -> Result<(), Problem> {
        examples::check(&self.json, &self.schemas)
    }
}
