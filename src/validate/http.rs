//! What the HTTP status of a response says about its body.

use serde_json::Value;

use super::{
    malformed::title,
    readings::contract,
    report::{Finding, shown},
    rule::Rule,
};
use crate::model::{Shape, pointer::join, tables};

pub(crate) fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// The finding for an error that has neither JSON envelope, if the contract allows such a thing.
pub(crate) fn foreign_error(status: u16, body: &[u8]) -> Option<Finding> {
    let text = String::from_utf8_lossy(body);
    let page = title(body.trim_ascii());
    let what = match (text.trim(), page) {
        ("", _) => "without a body".to_owned(),
        (_, Some(title)) => format!("with the page \"{title}\""),
        (text, None) => {
            let head: String = text.chars().take(400).collect();
            let words: Vec<&str> = head.split_whitespace().collect();
            format!("with the text \"{}\"", shown(&words.join(" ")))
        }
    };
    if !contract::ErrorBody::is_valid(&Value::String(text.into_owned())) {
        return None;
    }
    let message = format!("HTTP {status} comes {what} instead of a JSON error");
    Some(Finding::new(Rule::ForeignError, "", message))
}

/// What the status adds to the findings of the body.
pub(crate) fn status_findings(
    status: u16,
    shape: Option<Shape>,
    findings: &[Finding],
) -> Vec<Finding> {
    let mut more = Vec::new();
    // A proxy's page is one fact, and names the status already.
    let is_foreign = findings
        .iter()
        .any(|finding| finding.rule == Rule::ForeignError);
    if !is_foreign && !tables::DOCUMENTED_STATUS_CODES.contains(&status) {
        let documented: Vec<String> = tables::DOCUMENTED_STATUS_CODES
            .iter()
            .map(u16::to_string)
            .collect();
        let passing = findings
            .iter()
            .any(|finding| finding.rule == Rule::RetryableError);
        let message = if passing {
            format!("HTTP {status} is not documented; here it stands for a condition that passes")
        } else {
            format!("HTTP {status} is not documented for this operation")
        };
        let mut finding = Finding::new(Rule::UndocumentedHttpStatus, "", message)
            .expected(format!("one of {}", documented.join(", ")))
            .found(&Value::from(status));
        finding.spec = Some(join("/paths", tables::PATH) + "/get/responses");
        more.push(finding);
    }
    let contradiction = match shape {
        Some(Shape::Error) if is_success(status) => Some("an error"),
        Some(shape) if shape != Shape::Error && !is_success(status) => Some("a task"),
        _ => None,
    };
    if let Some(what) = contradiction {
        let message = format!("HTTP {status} comes with {what} as its body");
        more.push(Finding::new(Rule::HttpStatusMismatch, "", message));
    }
    more
}
