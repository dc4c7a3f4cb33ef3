//! Whether the HTTP status of a response is documented, and fits its body.

use serde_json::Value;

use super::{http::is_success, operations::Operation, report::Finding, rule::Rule};
use crate::model::Shape;

/// What the status adds to the findings of the body.
pub(crate) fn status_findings(
    operation: &Operation,
    status: u16,
    shape: Option<Shape>,
    findings: &[Finding],
) -> Vec<Finding> {
    let mut more = Vec::new();
    // A proxy's page is one fact, and names the status already.
    let is_foreign = findings
        .iter()
        .any(|finding| finding.rule == Rule::ForeignError);
    if !is_foreign && !is_documented(operation, status) {
        let documented: Vec<&str> = operation.statuses().collect();
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
        finding.spec = Some(operation.place_of_responses());
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

/// Whether a status is documented by its code or its range.
fn is_documented(operation: &Operation, status: u16) -> bool {
    let mut statuses = operation.statuses();
    statuses.any(|documented| match documented.as_bytes() {
        [class, b'X' | b'x', b'X' | b'x'] => u16::from(*class) == u16::from(b'0') + status / 100,
        _ => documented.parse() == Ok(status),
    })
}
