//! A document that has been read, and what its two readings say of a body.

use jsonschema::Validator;
use serde_json::Value;

use super::change::Location;
use seedance_query::validate::{Body, Finding, findings_of, subject};
use seedance_spec::{self as spec, Error, Positions, Problem, Reading, pointer::Pointer};

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
    pub(super) parsed: spec::Document,
    response: Readings,
    error: Readings,
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
    /// # Errors
    ///
    /// If the document cannot be used: what the build of this crate would say, with the place. What
    /// only the generated client could not express is no error here.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_diff::Spec;
    ///
    /// let error = Spec::parse("new.yaml", "openapi: 3.1.0\n").unwrap_err();
    /// assert!(error.to_string().starts_with("new.yaml:1:1: OpenAPI 3.1.0 is not supported"));
    /// ```
    pub fn parse(name: &str, source: &str) -> Result<Self, Error> {
        Self::read(name, source).map_err(|problem| Error::locate(problem, name, source))
    }

    fn read(name: &str, source: &str) -> Result<Self, Problem> {
        let parsed = spec::read(source)?;
        let [contract, documentation] = Reading::ALL;
        let response = Readings {
            contract: compile(&parsed.success(contract)?)?,
            documentation: compile(&parsed.success(documentation)?)?,
        };
        let error = Readings {
            contract: compile(&parsed.error(contract)?)?,
            documentation: compile(&parsed.error(documentation)?)?,
        };
        parsed.check_examples()?;
        Ok(Self {
            name: name.to_owned(),
            source: source.to_owned(),
            parsed,
            response,
            error,
        })
    }

    /// What the two readings of this document find in a body: errors are breaches of the contract,
    /// the others departures from the documentation.
    ///
    /// Which of its bodies is meant follows from the members of the body and from the HTTP status,
    /// as [`validate_response`](seedance_query::validate::validate_response) has it. What is neither a task nor an
    /// error has no findings: no document says anything of it.
    #[must_use]
    pub fn findings(&self, status: Option<u16>, body: &[u8]) -> Vec<Finding> {
        let Some((body, value)) = subject(status, body) else {
            return Vec::new();
        };
        let readings = match body {
            Body::Response => &self.response,
            Body::Error => &self.error,
        };
        findings_of(
            readings.contract.iter_errors(&value),
            readings.documentation.iter_errors(&value),
        )
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
        let mut node = &self.parsed.json;
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

fn compile(schema: &Value) -> Result<Validator, Problem> {
    jsonschema::validator_for(schema).map_err(|error| {
        let message = format!("the lowered schema is not valid: {error}");
        Problem::at(&Pointer::root(), message)
    })
}
