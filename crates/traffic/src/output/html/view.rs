//! The data of the page, in its order.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    chart::{Chart, LegendEntry, draw, legend},
    excerpt::{ExcerptLine, lines},
};
use crate::report::{DistinctFinding, FieldCount, RuleCount, Summary};
use seedance_query::validate::{Rule, Severity};

/// Maximum number of errors that are open initially.
const MAX_OPEN: usize = 30;

#[derive(Serialize)]
pub(super) struct View<'a> {
    style: &'a str,
    style_hash: &'a str,
    version: &'static str,
    summary: &'a Summary,
    /// An extra sentence at the top.
    pub(super) note: Option<&'a str>,
    rules: Vec<RuleRow<'a>>,
    /// The highest count of a rule.
    most_findings: u64,
    quiet_rules: usize,
    groups: Vec<Group<'a>>,
    legend: Vec<LegendEntry>,
    charts: Vec<Chart>,
    more_timelines: usize,
    missing: Vec<&'a FieldCount>,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    #[serde(flatten)]
    count: &'a RuleCount,
    meaning: &'static str,
    /// Whether a finding of it is shown below.
    is_shown: bool,
}

/// The findings of a severity.
#[derive(Serialize)]
struct Group<'a> {
    severity: Severity,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    drift: &'a DistinctFinding,
    meaning: &'static str,
    action: &'static str,
    help: String,
    /// Whether it is the first of its rule, the target of links.
    is_first: bool,
    is_open: bool,
    lines: Vec<ExcerptLine<'a>>,
}

impl<'a> View<'a> {
    pub(super) fn of(summary: &'a Summary, style: &'a str, style_hash: &'a str) -> Self {
        let rules = summary.rules.iter().map(|count| RuleRow {
            meaning: count.rule.meaning(),
            is_shown: summary.drifts.iter().any(|drift| drift.rule == count.rule),
            count,
        });
        let (charts, more_timelines) = draw(&summary.lives);
        let severities = [Severity::Error, Severity::Warning, Severity::Info];
        let groups = severities.map(|severity| group(summary, severity));
        Self {
            style,
            style_hash,
            version: env!("CARGO_PKG_VERSION"),
            summary,
            note: None,
            rules: rules.collect(),
            most_findings: summary
                .rules
                .iter()
                .map(|rule| rule.count)
                .max()
                .unwrap_or(0),
            quiet_rules: Rule::ALL.len().saturating_sub(summary.rules.len()),
            groups: groups
                .into_iter()
                .filter(|group| !group.findings.is_empty())
                .collect(),
            legend: legend(&charts),
            charts,
            more_timelines,
            missing: summary
                .fields
                .iter()
                .filter(|field| field.count == 0)
                .collect(),
        }
    }
}

fn group(summary: &Summary, severity: Severity) -> Group<'_> {
    let mut seen = BTreeSet::new();
    let drifts = summary
        .drifts
        .iter()
        .filter(|drift| drift.severity == severity);
    let findings = drifts.enumerate().map(|(index, drift)| Finding {
        drift,
        meaning: drift.rule.meaning(),
        action: drift.rule.action(),
        help: drift.rule.help_url(),
        is_first: seen.insert(drift.rule),
        is_open: severity == Severity::Error && index < MAX_OPEN,
        lines: lines(drift),
    });
    Group {
        severity,
        findings: findings.collect(),
    }
}
