//! What all responses have, in words.

use seedance_query::redact::terminal;
use seedance_traffic::{CommonFinding, Summary};

use super::units::grouped;

/// Who has a finding, such as `in all 24 responses`.
pub(super) fn in_all(common: &CommonFinding<'_>) -> String {
    let responses = grouped(common.responses(), "response");
    if common.is_in_all {
        return format!("in all {responses}");
    }
    let forms: Vec<String> = common
        .forms
        .iter()
        .map(|form| format!("`{}`", form.name))
        .collect();
    let noun = if forms.len() == 1 { "form" } else { "forms" };
    format!("in all {responses} of the {noun} {}", forms.join(" and "))
}

/// A line for each finding that all responses have.
pub(crate) fn common_lines(summary: &Summary) -> impl Iterator<Item = String> {
    summary.common_findings().map(|common| {
        let line = format!("{}: {}", in_all(&common), common.finding.example);
        terminal(&line).into_owned()
    })
}
