//! The two readings of a body that are compiled when the first one comes.

use std::{
    hash::{Hash, Hasher},
    sync::OnceLock,
};

use jsonschema::{ValidationError, Validator, validator_for};
use serde_json::Value;

/// What a reading finds in a body.
pub(super) type Errors<'a> = Box<dyn Iterator<Item = ValidationError<'a>> + 'a>;

/// Both readings of a body as text, and compiled when they are needed.
pub struct BodySchema {
    name: &'static str,
    contract: Reading,
    documentation: Reading,
}

struct Reading {
    text: &'static str,
    json: OnceLock<Value>,
    compiled: OnceLock<Option<Validator>>,
}

impl BodySchema {
    /// The schema of a name in the document; the texts are JSON Schema 2020-12.
    #[must_use]
    pub const fn new(
        name: &'static str,
        contract: &'static str,
        documentation: &'static str,
    ) -> Self {
        Self {
            name,
            contract: Reading::new(contract),
            documentation: Reading::new(documentation),
        }
    }

    /// What the document calls the schema.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn is_documented(&self, value: &Value) -> bool {
        let compiled = self.documentation.compiled();
        compiled.is_none_or(|compiled| compiled.is_valid(value))
    }

    pub(super) fn contract<'a>(&'a self, value: &'a Value) -> Errors<'a> {
        self.contract.errors(value)
    }

    pub(super) fn documentation<'a>(&'a self, value: &'a Value) -> Errors<'a> {
        self.documentation.errors(value)
    }

    /// The documentation reading as JSON.
    pub(super) fn json(&self) -> &Value {
        self.documentation.json()
    }
}

impl Reading {
    const fn new(text: &'static str) -> Self {
        Self {
            text,
            json: OnceLock::new(),
            compiled: OnceLock::new(),
        }
    }

    /// The build has written the text from a JSON value.
    fn json(&self) -> &Value {
        self.json
            .get_or_init(|| serde_json::from_str(self.text).unwrap_or_default())
    }

    /// None only for a text that the build did not write: a test compiles all of them.
    fn compiled(&self) -> Option<&Validator> {
        let compiled = self
            .compiled
            .get_or_init(|| validator_for(self.json()).ok());
        compiled.as_ref()
    }

    fn errors<'a>(&'a self, value: &'a Value) -> Errors<'a> {
        let compiled = self.compiled().into_iter();
        Box::new(compiled.flat_map(move |compiled| compiled.iter_errors(value)))
    }
}

impl PartialEq for BodySchema {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for BodySchema {}

impl Hash for BodySchema {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl std::fmt::Debug for BodySchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("BodySchema").field(&self.name).finish()
    }
}
