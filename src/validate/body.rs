//! The two bodies that the operation can send, and the schemas that judge them.

use std::sync::LazyLock;

use jsonschema::ErrorIterator;
use serde_json::Value;

use super::readings::{contract, documentation};

/// The two bodies that the operation can send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    /// The answer to a query.
    Response,
    /// An error in one of the two envelopes.
    Error,
}

impl Body {
    /// Whether the body is as documented; compiled code, which builds nothing.
    pub fn is_documented(self, value: &Value) -> bool {
        match self {
            Self::Response => documentation::Response::is_valid(value),
            Self::Error => documentation::ErrorBody::is_valid(value),
        }
    }

    pub(super) fn contract(self, value: &Value) -> ErrorIterator<'_> {
        match self {
            Self::Response => contract::Response::iter_errors(value),
            Self::Error => contract::ErrorBody::iter_errors(value),
        }
    }

    pub(super) fn documentation(self, value: &Value) -> ErrorIterator<'_> {
        match self {
            Self::Response => documentation::Response::iter_errors(value),
            Self::Error => documentation::ErrorBody::iter_errors(value),
        }
    }

    /// The documentation reading as JSON.
    pub(super) fn schema(self) -> &'static Value {
        static RESPONSE: LazyLock<Value> = LazyLock::new(|| parsed(documentation::RESPONSE_SCHEMA));
        static ERROR: LazyLock<Value> = LazyLock::new(|| parsed(documentation::ERRORBODY_SCHEMA));
        match self {
            Self::Response => &RESPONSE,
            Self::Error => &ERROR,
        }
    }
}

/// The build has written the text from a JSON value; should it be damaged, findings lack their
/// place in the spec and nothing else.
fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap_or_default()
}
