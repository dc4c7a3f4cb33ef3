//! The OpenAPI document: read, checked, composed and lowered.
//!
//! The build generates everything from it, and [`diff`](seedance_diff) compares two of them: so this
//! is a module of the build script, and of the library where that is asked for.
//!
//! ```text
//! YAML text ──document──▶ JSON value ──keywords──▶ checked ──compose──▶ schemas without `allOf`
//!                                                                        │
//!                         what is said outside of schemas ◀──facts───────┤
//!                                contract / documentation ◀──lower───────┘
//! ```

pub mod branch_types;
pub mod compose;
mod document;
mod error;
mod examples;
mod facts;
mod lint;
mod lower;
pub mod pointer;
pub mod union;
mod union_checks;

use serde_json::Value;

use self::compose::Schemas;
pub use self::{
    document::Places,
    error::{Error, Fault},
    facts::{Facts, Status},
    lint::branch_references,
    lower::Reading,
};

/// A document that can be used.
pub struct Spec {
    pub document: Value,
    pub schemas: Schemas,
    pub facts: Facts,
}

/// Reads a document.
pub fn read(source: &str) -> Result<Spec, Fault> {
    let document = document::parse(source)?;
    lint::check(&document)?;
    let schemas = compose::flatten(&document)?;
    let facts = Facts::read(&document, &schemas)?;
    Ok(Spec {
        document,
        schemas,
        facts,
    })
}

impl Spec {
    /// A reading of the body of a success, as a schema that has the body of an error beside it.
    pub fn success(&self, reading: Reading) -> Result<Value, Fault> {
        let Schemas { success, error, .. } = &self.schemas;
        lower::lower(&self.schemas, reading, success, Some(error))
    }

    /// A reading of the body of an error, as a schema.
    pub fn error(&self, reading: Reading) -> Result<Value, Fault> {
        lower::lower(&self.schemas, reading, &self.schemas.error, None)
    }

    /// Makes sure that the examples are as the document says.
    pub fn check_examples(&self) -> Result<(), Fault> {
        examples::check(&self.document, &self.schemas)
    }
}
