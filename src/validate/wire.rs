//! Findings and reports as they are serialized; their JSON Schema follows from the same types.

use serde::{Serialize, Serializer};

use super::{
    report::{Finding, Report, Verdict},
    rule::{Rule, Severity},
};
use crate::model::{Shape, Source};

/// Something about a body that its documentation does not lead to expect.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "Finding", deny_unknown_fields)]
struct FindingWire<'a> {
    /// The id of what was found.
    rule: Rule,
    /// How bad it is.
    severity: Severity,
    /// The JSON Pointer to the value, or to where a missing one would stand; empty for the whole
    /// body.
    pointer: &'a str,
    /// One sentence for a person, secrets masked.
    message: &'a str,
    /// The JSON Pointer to the other place that this is about, such as where a renamed or moved value
    /// is documented; null if there is none.
    related: Option<&'a str>,
    /// What the spec leads to expect, if that can be said.
    expected: Option<&'a str>,
    /// What is there instead, as JSON; long values are cut and secrets masked.
    found: Option<&'a str>,
    /// The JSON Pointer into the OpenAPI document to what says so.
    spec: Option<&'a str>,
    /// The earlier poll of the same task that this one contradicts.
    earlier: Option<&'a Source>,
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wire = FindingWire {
            rule: self.rule,
            severity: self.severity(),
            pointer: &self.pointer,
            message: &self.message,
            related: self.related.as_deref(),
            expected: self.expected.as_deref(),
            found: self.found.as_deref(),
            spec: self.spec.as_deref(),
            earlier: self.earlier.as_deref(),
        };
        wire.serialize(serializer)
    }
}

/// What was found in a body.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "Report", deny_unknown_fields)]
struct ReportWire<'a> {
    /// What the body is; null if even that cannot be told.
    shape: Option<Shape>,
    /// Whether the body keeps the contract, and its documentation.
    verdict: Verdict,
    /// All that was found, errors first, each once.
    findings: &'a [Finding],
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wire = ReportWire {
            shape: self.shape(),
            verdict: self.verdict(),
            findings: self.findings(),
        };
        wire.serialize(serializer)
    }
}

mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::{Finding, FindingWire, Report, ReportWire, Rule, Source};

    impl JsonSchema for Finding {
        fn schema_name() -> Cow<'static, str> {
            FindingWire::schema_name()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            FindingWire::json_schema(generator)
        }
    }

    impl JsonSchema for Report {
        fn schema_name() -> Cow<'static, str> {
            ReportWire::schema_name()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            ReportWire::json_schema(generator)
        }
    }

    impl JsonSchema for Rule {
        fn schema_name() -> Cow<'static, str> {
            "Rule".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            let rule =
                |rule: &Rule| json_schema!({"const": rule.id(), "description": rule.meaning()});
            json_schema!({
                "description": "The id of what was found; none is ever given another meaning.",
                "oneOf": Rule::ALL.iter().map(rule).collect::<Vec<_>>(),
            })
        }
    }

    impl JsonSchema for Source {
        fn schema_name() -> Cow<'static, str> {
            "Source".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "description": "Where a response comes from: an input, then `:` and a line or `#` and \
                                the number of an item if the input has more than one response.",
                "type": "string",
            })
        }
    }
}
