//! A document that can be used: checked, and its schemas composed.

use serde_json::{Value, json};

use super::{
    compose::{self, Schemas},
    examples,
    hoist::{Hoisted, hoist},
    lint, lower,
    metadata::Metadata,
    note::Note,
    openapi31,
    operation::Operation,
    pointer::Pointer,
    problem::Problem,
    read_operations::operations,
    reading::Reading,
    references::check_references,
    version, yaml,
};

/// A document that can be used.
pub struct Document {
    /// The document as it is written.
    pub json: Value,
    /// The same as OpenAPI 3.0, with inline schemas among the components.
    pub lowered: Value,
    /// Which schemas of that have been given a name.
    hoisted: Hoisted,
    /// What has no effect, with its place.
    pub notes: Vec<Note>,
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
    let mut lowered = json.clone();
    let mut notes = Vec::new();
    if openapi31::is_31(&json) {
        notes.extend(openapi31::lower(&mut lowered));
    } else {
        version::check(&json)?;
    }
    check_references(&lowered, &lowered, &Pointer::root())?;
    let hoisted = hoist(&mut lowered);
    match compose(&lowered, Some(&mut notes)) {
        Err(problem) => Err(hoisted.restore(problem)),
        Ok((operations, schemas, metadata)) => {
            for note in &mut notes {
                note.pointer = hoisted.written(&note.pointer);
            }
            Ok(Document {
                json,
                lowered,
                hoisted,
                notes,
                operations,
                schemas,
                metadata,
            })
        }
    }
}

/// Composes a lowered document; it is checked where there are notes to take.
fn compose(
    lowered: &Value,
    notes: Option<&mut Vec<Note>>,
) -> Result<(Vec<Operation>, Schemas, Metadata), Problem> {
    let mut ignored = Vec::new();
    let is_checked = notes.is_some();
    let notes = notes.unwrap_or(&mut ignored);
    if is_checked {
        lint::check(lowered, notes)?;
    }
    let operations = operations(lowered)?;
    if is_checked {
        lint::check_operations(lowered, &operations, notes)?;
    }
    let schemas = compose::flatten(lowered, &operations)?;
    let metadata = Metadata::read(lowered, &operations, &schemas)?;
    Ok((operations, schemas, metadata))
}

/// Reads a document that is JSON already, and does not look for what nothing would check.
///
/// # Errors
///
/// If its schemas cannot be composed, or it says too little of the task query.
pub fn read_unchecked(json: &Value) -> Result<Document, Problem> {
    let mut lowered = json.clone();
    let hoisted = hoist(&mut lowered);
    match compose(&lowered, None) {
        Err(problem) => Err(hoisted.restore(problem)),
        Ok((operations, schemas, metadata)) => Ok(Document {
            json: json.clone(),
            lowered,
            hoisted,
            notes: Vec::new(),
            operations,
            schemas,
            metadata,
        }),
    }
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
        self.lowered(lower::lower(
            &self.schemas,
            reading,
            success,
            error.as_deref(),
        ))
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
        self.lowered(lower::lower(&self.schemas, reading, name, None))
    }

    fn lowered(&self, schema: Result<Value, Problem>) -> Result<Value, Problem> {
        let mut schema = schema.map_err(|problem| self.restore(problem))?;
        self.hoisted.restore_places(&mut schema);
        Ok(schema)
    }

    /// A problem with the schemas, at the place where the text has it.
    #[must_use]
    pub fn restore(&self, problem: Problem) -> Problem {
        self.hoisted.restore(problem)
    }

    /// Makes sure that the examples are as the document says.
    ///
    /// # Errors
    ///
    /// If one does not validate; the problem is at the value in the example.
    pub fn check_examples(&self) -> Result<(), Problem> {
        examples::check(&self.lowered, &self.operations, &self.schemas)
    }
}
