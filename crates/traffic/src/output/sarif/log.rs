//! The parts of a SARIF log, as JSON.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::{
    line_column::{LineColumn, Locator},
    tool,
    uri::uri,
};
use crate::report::Fingerprint;
use seedance_query::{
    model::Source,
    validate::{Finding, Rule, Severity},
};

/// The name and version of the fingerprint.
const FINGERPRINT: &str = "seedanceFinding/v1";

pub(super) fn driver() -> Value {
    let rules: Vec<Value> = Rule::ALL.iter().copied().map(rule).collect();
    json!({
        "name": tool::NAME,
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": tool::INFORMATION,
        "rules": rules,
    })
}

fn rule(rule: Rule) -> Value {
    json!({
        "id": rule.id(),
        "shortDescription": message(rule.meaning()),
        "help": { "text": rule.explanation(), "markdown": rule.explanation() },
        "helpUri": rule.help_url(),
        "defaultConfiguration": { "level": level(rule.severity()) },
    })
}

/// The result of a finding that occurred once.
pub(super) fn result(source: &Source, finding: &Finding, locator: &Locator<'_>) -> Value {
    let mut place = location(source, locator.find(&finding.pointer));
    if !finding.pointer.is_empty() {
        place["logicalLocations"] = json!([{ "fullyQualifiedName": finding.pointer }]);
    }
    let text = match &finding.expected {
        Some(expected) => format!("{} (expected {expected})", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.rule.id(),
        "level": level(finding.severity()),
        "message": message(&text),
        "locations": [place],
        "occurrenceCount": 1,
        "partialFingerprints": { FINGERPRINT: fingerprint(finding) },
    });
    if let Some(index) = Rule::ALL.iter().position(|rule| *rule == finding.rule) {
        result["ruleIndex"] = index.into();
    }
    let mut related_places = Vec::new();
    if let Some(related) = &finding.related {
        let mut related_place = location(source, locator.find(related));
        related_place["logicalLocations"] = json!([{ "fullyQualifiedName": related }]);
        related_place["message"] = message(&format!("the other place, {related}"));
        related_places.push(related_place);
    }
    if let Some(earlier) = &finding.earlier {
        let line_column = LineColumn {
            line: earlier.line,
            column: None,
        };
        let mut earlier_place = location(earlier, line_column);
        earlier_place["message"] = message(&format!("the earlier poll, {earlier}"));
        related_places.push(earlier_place);
    }
    if !related_places.is_empty() {
        result["relatedLocations"] = related_places.into();
    }
    result
}

/// Counts a further occurrence of a result.
pub(super) fn count(result: &mut Value) {
    let count = result["occurrenceCount"].as_u64().unwrap_or_default();
    result["occurrenceCount"] = (count + 1).into();
}

/// The identity of a finding, without its location.
fn fingerprint(finding: &Finding) -> String {
    let Fingerprint {
        rule,
        pointer,
        value,
    } = Fingerprint::of(finding);
    let text = format!("{rule}\n{pointer}\n{}", value.unwrap_or_default());
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

pub(super) fn location(source: &Source, line_column: LineColumn) -> Value {
    let mut region = json!({ "startLine": line_column.line });
    if let Some(column) = line_column.column {
        region["startColumn"] = column.into();
    }
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&source.input) },
            "region": region,
        },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

pub(super) fn message(text: &str) -> Value {
    json!({ "text": text })
}
