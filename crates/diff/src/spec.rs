//! A document that has been read, and what its two readings say of a body.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::{change::Location, difference::DiffNote, notes, operation::Operation};
use seedance_query::validate::{Body, Finding, findings_of, subject};
use seedance_spec::{
    self as spec, Error, Note, Positions, Problem, Reading,
    operation_role::{TASK_QUERY, TASK_QUERY_ID},
    pointer::Pointer,
};

/// An OpenAPI document of the task query.
///
/// # Examples
///
/// ```
/// use seedance_query::{OPENAPI, Rule};
/// use seedance_diff::Spec;
///
/// let spec = Spec::parse("spec.yaml", OPENAPI)?;
/// let body = br#"{"code":"success","message":"","data":{"status":"QUEUED"}}"#;
/// let findings = spec.findings(Some(200), body);
/// assert_eq!(findings[0].rule, Rule::MissingField);
/// assert_eq!(findings[0].pointer, "/data/task_id");
/// # Ok::<(), seedance_diff::SpecError>(())
/// ```
pub struct Spec {
    pub(super) name: String,
    source: String,
    /// The document; one of OpenAPI 3.1 is lowered to 3.0.
    pub(super) json: Value,
    notes: Vec<Note>,
    /// What the task query says of bodies, or why that cannot be checked; compiled when asked for.
    bodies: OnceLock<Result<Bodies, Problem>>,
}

/// The readings of both bodies of the task query.
struct Bodies {
    response: Readings,
    error: Readings,
    /// What is wrong with the examples, which is no reason not to check bodies.
    examples: Option<Problem>,
}

impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spec")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Both readings of a body, compiled.
struct Readings {
    contract: Validator,
    documentation: Validator,
}

impl Spec {
    /// Reads a document; `name` is what errors and places call it.
    ///
    /// It can be of OpenAPI 3.0 or 3.1, and may say more than the build of this crate understands:
    /// what is not compared is noted.
    ///
    /// # Errors
    ///
    /// If the text is not YAML, is of another version, has no operation, or has a reference that
    /// leads nowhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_diff::Spec;
    ///
    /// let error = Spec::parse("new.yaml", "openapi: 2.0.0\n").unwrap_err();
    /// assert!(error.to_string().starts_with("new.yaml:1:1: OpenAPI 2.0.0 is not supported"));
    /// ```
    pub fn parse(name: &str, source: &str) -> Result<Self, Error> {
        Self::read(name, source).map_err(|problem| Error::locate(problem, name, source))
    }

    fn read(name: &str, source: &str) -> Result<Self, Problem> {
        let spec::Raw { json, mut notes } = spec::read_raw(source)?;
        if Operation::all(&json).is_empty() {
            let at = Pointer::root().join("paths");
            return Err(Problem::at(&at, "the document has no operation"));
        }
        notes.extend(notes::notes(&json));
        Ok(Self {
            name: name.to_owned(),
            source: source.to_owned(),
            json,
            notes,
            bodies: OnceLock::new(),
        })
    }

    /// What is not compared.
    pub(super) fn notes(&self) -> Vec<DiffNote> {
        let positions = self.positions();
        let notes = self.notes.iter();
        notes
            .map(|note| DiffNote {
                message: note.message.clone(),
                location: self.location(&positions, &note.pointer),
            })
            .collect()
    }

    /// Why bodies cannot be checked against this document, if they cannot: its place and reason.
    #[must_use]
    pub fn unchecked(&self) -> Option<String> {
        let problem = self.bodies().as_ref().err()?;
        let problem = match problem {
            Problem::At { pointer, message } => Problem::at(pointer, message.clone()),
            Problem::Syntax {
                line,
                column,
                message,
            } => Problem::Syntax {
                line: *line,
                column: *column,
                message: message.clone(),
            },
        };
        Some(Error::locate(problem, &self.name, &self.source).to_string())
    }

    /// What the two readings of this document find in a body: errors are breaches of the contract,
    /// the others departures from the documentation.
    ///
    /// Which of its bodies is meant follows from the members of the body and from the HTTP status,
    /// as [`validate_response`](seedance_query::validate::validate_response) has it. What is neither a task nor an
    /// error has no findings: no document says anything of it. Nor has anything if the bodies of this
    /// document are [`unchecked`](Self::unchecked).
    #[must_use]
    pub fn findings(&self, status: Option<u16>, body: &[u8]) -> Vec<Finding> {
        let (Some((body, value)), Ok(bodies)) = (subject(status, body), self.bodies()) else {
            return Vec::new();
        };
        let readings = match body {
            Body::Response => &bodies.response,
            Body::Error => &bodies.error,
            // Bodies of other operations are not compared with captures.
            Body::Other(_) => return Vec::new(),
        };
        findings_of(
            readings.contract.iter_errors(&value),
            readings.documentation.iter_errors(&value),
        )
    }

    /// An example that does not match its schema, with its place.
    #[must_use]
    pub fn faulty_example(&self) -> Option<DiffNote> {
        let problem = self.bodies().as_ref().ok()?.examples.as_ref()?;
        let Problem::At { pointer, message } = problem else {
            return None;
        };
        Some(DiffNote {
            message: message.clone(),
            location: self.location(&self.positions(), pointer),
        })
    }

    fn bodies(&self) -> &Result<Bodies, Problem> {
        self.bodies.get_or_init(|| Bodies::of(&self.json))
    }

    pub(super) fn positions(&self) -> Positions<'_> {
        Positions::of(&self.source)
    }

    /// A place of the document, or of what encloses it.
    pub(super) fn location(
        &self,
        positions: &Positions<'_>,
        pointer: &Pointer,
    ) -> Option<Location> {
        let (line, column) = positions.position(pointer)?;
        let mut existing = Pointer::root();
        let mut node = &self.json;
        for token in pointer.tokens() {
            let inner = match node {
                Value::Array(items) => token.parse().ok().and_then(|i: usize| items.get(i)),
                _ => node.get(&token),
            };
            let Some(inner) = inner else { break };
            existing = existing.join(token);
            node = inner;
        }
        Some(Location {
            file: self.name.clone(),
            line,
            column,
            pointer: existing.to_string(),
        })
    }
}

impl Bodies {
    fn of(json: &Value) -> Result<Self, Problem> {
        let document = spec::read_unchecked(&task_query_alone(json))?;
        let [contract, documentation] = Reading::ALL;
        Ok(Self {
            response: Readings {
                contract: compile(&document.success(contract)?)?,
                documentation: compile(&document.success(documentation)?)?,
            },
            error: Readings {
                contract: compile(&document.error(contract)?)?,
                documentation: compile(&document.error(documentation)?)?,
            },
            examples: document.check_examples().err(),
        })
    }
}

/// The document without its other operations. The task query is the one that is marked, else the one
/// with the usual id, else the first.
fn task_query_alone(json: &Value) -> Value {
    let operations = Operation::all(json);
    let is_marked = |operation: &&Operation<'_>| {
        let mark = operation.node.schema.get(TASK_QUERY);
        mark.is_some_and(|mark| mark == true)
    };
    let is_usual = |operation: &&Operation<'_>| operation.id() == Some(TASK_QUERY_ID);
    let query = operations.iter().find(is_marked);
    let query = query.or_else(|| operations.iter().find(is_usual));
    let Some(query) = query.or(operations.first()) else {
        return json.clone();
    };
    let mut alone = json.clone();
    let mut item = query.path_item.schema.clone();
    if let Some(item) = item.as_object_mut() {
        let others = operations.iter().map(|operation| operation.method);
        for method in others.filter(|method| *method != query.method) {
            item.remove(method);
        }
    }
    let mut paths = Map::new();
    paths.insert(query.path.to_owned(), item);
    alone["paths"] = Value::Object(paths);
    // What only the other operations show is not left behind as unused.
    let (whole, own) = (json["paths"].to_string(), alone["paths"].to_string());
    let examples = alone.pointer_mut("/components/examples");
    if let Some(examples) = examples.and_then(Value::as_object_mut) {
        examples.retain(|name, _| {
            let reference = format!("\"#/components/examples/{name}\"");
            own.contains(&reference) || !whole.contains(&reference)
        });
    }
    alone
}

fn compile(schema: &Value) -> Result<Validator, Problem> {
    jsonschema::validator_for(schema).map_err(|error| {
        let message = format!("the lowered schema is not valid: {error}");
        Problem::at(&Pointer::root(), message)
    })
}
