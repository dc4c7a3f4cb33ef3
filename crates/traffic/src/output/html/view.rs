//! The data of the page, in its order.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    chart::{Chart, LegendEntry, draw, legend},
    excerpt::{ExcerptLine, lines},
    occasion::Occasion,
    task_trend::{TaskPeriod, task_trend},
    verdict_trend::{VerdictPeriod, verdict_trend},
};
use crate::report::{DistinctFinding, FieldCount, RuleCount, Summary};
use seedance_query::validate::{Rule, Severity};

/// Maximum number of errors that are open initially.
const MAX_OPEN: usize = 30;
/// Number of findings that are shown at once; further ones are behind a line to open.
const PAGE: usize = 50;
/// Maximum number of findings whose body is shown, by severity.
const MAX_EXCERPTS: usize = 500;

#[derive(Serialize)]
pub(super) struct View<'a> {
    style: &'a str,
    style_hash: &'a str,
    version: &'static str,
    summary: &'a Summary,
    occasion: Occasion<'a>,
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
    verdict_periods: Vec<VerdictPeriod>,
    /// The highest number of responses in a period.
    most_responses: u64,
    task_periods: Vec<TaskPeriod>,
    /// The highest number of tasks in a period.
    most_tasks: u64,
    missing: Vec<&'a FieldCount>,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    #[serde(flatten)]
    count: &'a RuleCount,
    meaning: &'static str,
    help: String,
    /// Whether a finding of it is shown below.
    is_shown: bool,
}

/// The findings of a severity.
#[derive(Serialize)]
struct Group<'a> {
    severity: Severity,
    count: usize,
    pages: Vec<Page<'a>>,
}

/// Some findings, the first and last of which have these numbers.
#[derive(Serialize)]
struct Page<'a> {
    first: usize,
    last: usize,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    drift: &'a DistinctFinding,
    meaning: &'static str,
    action: &'static str,
    help: String,
    /// Who has it because all have it.
    common: Vec<Common<'a>>,
    /// Whether it is the first of its rule, the target of links.
    is_first: bool,
    is_open: bool,
    lines: Vec<ExcerptLine<'a>>,
    /// Whether its body is not shown for want of room.
    is_cut: bool,
}

/// All responses of these forms, or of any.
#[derive(Serialize)]
struct Common<'a> {
    responses: u64,
    forms: Vec<&'a str>,
    is_in_all: bool,
}

impl<'a> View<'a> {
    pub(super) fn of(summary: &'a Summary, style: &'a str, style_hash: &'a str) -> Self {
        let rules = summary.rules.iter().map(|count| RuleRow {
            meaning: count.rule.meaning(),
            help: count.rule.help_url(),
            is_shown: summary.drifts.iter().any(|drift| drift.rule == count.rule),
            count,
        });
        let verdict_periods = verdict_trend(&summary.hours);
        let task_periods = task_trend(&summary.lives);
        let (charts, more_timelines) = draw(&summary.lives);
        let severities = [Severity::Error, Severity::Warning, Severity::Info];
        let groups = severities.map(|severity| group(summary, severity));
        Self {
            style,
            style_hash,
            version: env!("CARGO_PKG_VERSION"),
            summary,
            occasion: Occasion::of(summary),
            note: None,
            rules: rules.collect(),
            most_findings: most(summary.rules.iter().map(|rule| rule.count)),
            quiet_rules: Rule::ALL.len().saturating_sub(summary.rules.len()),
            groups: groups.into_iter().filter(|group| group.count > 0).collect(),
            legend: legend(&charts),
            charts,
            more_timelines,
            most_responses: most(verdict_periods.iter().map(|period| period.responses)),
            verdict_periods,
            most_tasks: most(task_periods.iter().map(|period| period.tasks)),
            task_periods,
            missing: summary
                .fields
                .iter()
                .filter(|field| field.count == 0)
                .collect(),
        }
    }
}

fn most(counts: impl Iterator<Item = u64>) -> u64 {
    counts.max().unwrap_or(0)
}

fn group(summary: &Summary, severity: Severity) -> Group<'_> {
    let mut seen = BTreeSet::new();
    let drifts = summary
        .drifts
        .iter()
        .filter(|drift| drift.severity == severity);
    let findings = drifts.enumerate().map(|(index, drift)| {
        let lines = lines(drift);
        let is_cut = index >= MAX_EXCERPTS && !lines.is_empty();
        Finding {
            drift,
            meaning: drift.rule.meaning(),
            action: drift.rule.action(),
            help: drift.rule.help_url(),
            common: common(summary, drift),
            is_first: seen.insert(drift.rule),
            is_open: severity == Severity::Error && index < MAX_OPEN,
            lines: if is_cut { Vec::new() } else { lines },
            is_cut,
        }
    });
    let mut findings = findings.peekable();
    let (mut pages, mut count) = (Vec::new(), 0);
    while findings.peek().is_some() {
        let page: Vec<Finding<'_>> = findings.by_ref().take(PAGE).collect();
        let first = count + 1;
        count += page.len();
        pages.push(Page {
            first,
            last: count,
            findings: page,
        });
    }
    Group {
        severity,
        count,
        pages,
    }
}

fn common<'a>(summary: &'a Summary, drift: &'a DistinctFinding) -> Vec<Common<'a>> {
    let common = summary.common(drift).into_iter();
    let common = common.map(|common| Common {
        responses: common.responses(),
        forms: common.forms.iter().map(|form| form.name.as_str()).collect(),
        is_in_all: common.is_in_all,
    });
    common.collect()
}
