//! Reads the OpenAPI document: checked, composed and lowered to JSON Schema.
//!
//! The build generates everything from it, and `seedance-diff` compares two of them.
//!
//! ```text
//! text ──yaml──▶ JSON ──lint──▶ checked ──compose──▶ schemas without `allOf`
//!                                                        │
//!              what is said outside of schemas ◀─metadata┤
//!                 contract and documentation ◀───lower───┘
//! ```

pub mod branch_types;
pub mod compose;
mod discriminators;
mod error;
mod examples;
mod keywords;
mod lint;
mod lower;
mod metadata;
pub mod operation;
pub mod pointer;
mod positions;
mod problem;
mod reading;
pub mod references;
mod union;
mod union_checks;
pub mod union_ends;
mod version;
mod yaml;

use serde_json::Value;

use self::compose::Schemas;
pub use self::{
    error::Error,
    metadata::{MappedStatus, Metadata},
    positions::Positions,
    problem::Problem,
    reading::Reading,
    references::branch_references,
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
