//! A document that can be used: checked, and its schemas composed.

use serde_json::{Value, json};

use super::{
    compose::{self, Schemas},
    examples, lint, lower,
    metadata::Metadata,
    operation::{Operation, operations},
    problem::Problem,
    reading::Reading,
    version, yaml,
};

/// A document that can be used.
pub struct Document {
    /// The document as it is written.
    pub json: Value,
    /// Its operations; one of them is the task query.
    pub operations: Vec<Operation>,
    /// The schemas of their bodies.
    pub schemas: Schemas,
    /// What it says of the task query outside of its schemas.
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
    let operations = operations(&json)?;
    lint::check_operations(&json, &operations)?;
    let schemas = compose::flatten(&json, &operations)?;
    let metadata = Metadata::read(&json, &operations, &schemas)?;
    Ok(Document {
        json,
        operations,
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
    let operations = operations(json)?;
    let schemas = compose::flatten(json, &operations)?;
    let metadata = Metadata::read(json, &operations, &schemas)?;
    Ok(Document {
        json: json.clone(),
        operations,
        schemas,
        metadata,
    })
}

impl Document {
    /// A reading of the body of a success of the task query, as a schema that has the body of an
    /// error beside it.
    ///
    /// # Errors
    ///
    /// If the document has a union whose branches cannot be told apart.
    pub fn success(&self, reading: Reading) -> Result<Value, Problem> {
        let Schemas { success, error, .. } = &self.schemas;
        lower::lower(&self.schemas, reading, success, error.as_deref())
    }

    /// A reading of the body of an error of the task query, as a schema; any body fits it if the
    /// document says nothing of errors.
    ///
    /// # Errors
    ///
    /// As for [`success`](Self::success).
    pub fn error(&self, reading: Reading) -> Result<Value, Problem> {
        match &self.schemas.error {
            Some(error) => self.body(error, reading),
            None => Ok(json!({})),
        }
    }

    /// A reading of a component schema, such as the body of any operation.
    ///
    /// # Errors
    ///
    /// As for [`success`](Self::success).
    pub fn body(&self, name: &str, reading: Reading) -> Result<Value, Problem> {
        lower::lower(&self.schemas, reading, name, None)
    }

    /// Makes sure that the examples are as the document says.
    ///
    /// # Errors
    ///
    /// If one does not validate; the problem is at the value in the example.
    pub fn check_examples(&self) -> Result<(), Problem> {
        examples::check(&self.json, &self.operations, &self.schemas)
    }
}
