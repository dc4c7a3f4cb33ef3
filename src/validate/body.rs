//! The bodies that operations send and answer, and the schemas that judge them.

use std::sync::LazyLock;

use serde_json::Value;

use super::{
    body_schema::{BodySchema, Errors},
    readings::{contract, documentation},
};

/// A body that the document has a schema for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    /// The answer to a query.
    Response,
    /// An error in one of the two envelopes.
    Error,
    /// What only another operation, or another HTTP status, sends or answers.
    Other(&'static BodySchema),
}

impl Body {
    /// Whether the body is as documented; compiled code, which builds nothing.
    pub fn is_documented(self, value: &Value) -> bool {
        match self {
            Self::Response => documentation::Response::is_valid(value),
            Self::Error => documentation::ErrorBody::is_valid(value),
            Self::Other(schema) => schema.is_documented(value),
        }
    }

    pub(super) fn contract(self, value: &Value) -> Errors<'_> {
        match self {
            Self::Response => Box::new(contract::Response::iter_errors(value)),
            Self::Error => Box::new(contract::ErrorBody::iter_errors(value)),
            Self::Other(schema) => schema.contract(value),
        }
    }

    pub(super) fn documentation(self, value: &Value) -> Errors<'_> {
        match self {
            Self::Response => Box::new(documentation::Response::iter_errors(value)),
            Self::Error => Box::new(documentation::ErrorBody::iter_errors(value)),
            Self::Other(schema) => schema.documentation(value),
        }
    }

    /// The documentation reading as JSON.
    pub(super) fn schema(self) -> &'static Value {
        static RESPONSE: LazyLock<Value> = LazyLock::new(|| parsed(documentation::RESPONSE_SCHEMA));
        static ERROR: LazyLock<Value> = LazyLock::new(|| parsed(documentation::ERRORBODY_SCHEMA));
        match self {
            Self::Response => &RESPONSE,
            Self::Error => &ERROR,
            Self::Other(schema) => schema.json(),
        }
    }
}

/// The build has written the text from a JSON value; should it be damaged, findings lack their
/// place in the spec and nothing else.
fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap_or_default()
}
