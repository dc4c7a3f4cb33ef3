//! The summary of many responses as text.

use std::io::{self, Write};

use comfy_table::Table;
use seedance_query::redact::terminal;
use seedance_traffic::{Count, DistinctFinding, DocumentCoverage, Share, Summary, ValueSet};

use super::{
    table::{align_numbers, table},
    units::{digits, grouped},
};
use crate::arguments::SummaryExtent;

/// Maximum number of distinct findings in a short summary.
const MAX_SHORT_ROWS: usize = 20;

/// The counts in one line.
pub(crate) fn counts_line(summary: &Summary) -> String {
    let (verdicts, severities) = (summary.verdicts, summary.severities);
    let mut line = format!(
        "{}: {} conform, {} drift, {} violate ({}, {}, {})",
        grouped(summary.responses, "response"),
        digits(verdicts.conforms),
        digits(verdicts.drifts),
        digits(verdicts.violates),
        grouped(severities.errors, "error"),
        grouped(severities.warnings, "warning"),
        grouped(severities.infos, "info"),
    );
    if summary.ignored > 0 {
        let ignored = grouped(summary.ignored, "finding");
        line.push_str(&format!("; {ignored} ignored"));
    }
    if summary.skipped > 0 {
        let skipped = grouped(summary.skipped, "exchange");
        line.push_str(&format!("; {skipped} of other operations skipped"));
    }
    for Count { name, count } in &summary.skipped_by_reason {
        if name != OTHER_OPERATION {
            line.push_str(&format!("; {} skipped ({name})", digits(*count)));
        }
    }
    if summary.unreadable_count > 0 {
        let unreadable = grouped(summary.unreadable_count, "input");
        line.push_str(&format!("; {unreadable} unreadable"));
    }
    line
}

/// What was read, if it is more than bodies in files of their own: `4 responses at .http.body of 1,240
/// lines`.
pub(super) fn recognised_line(summary: &Summary) -> Option<String> {
    let of: Vec<String> = summary
        .items
        .iter()
        .filter(|items| items.name != INPUT)
        .map(|items| grouped(items.count, &items.name))
        .collect();
    let is_plain = of.is_empty() && summary.recorded_as.iter().all(|form| form.name == "body");
    if is_plain || summary.recorded_as.is_empty() {
        return None;
    }
    let found = summary.recorded_as.iter().map(|Count { name, count }| {
        let responses = grouped(*count, "response");
        match name.as_str() {
            "body" => responses,
            name if summary.items.iter().any(|items| items.name == name) => responses,
            name if name.starts_with("at ") || name.starts_with("in ") => {
                format!("{responses} {name}")
            }
            name => format!("{responses} as {name}"),
        }
    });
    let found: Vec<String> = found.collect();
    let mut line = found.join(", ");
    if !of.is_empty() {
        line.push_str(&format!(" of {}", of.join(", ")));
    }
    Some(line)
}

/// The kind of an input that is one body.
const INPUT: &str = "input";

/// How the reason is called that the line gives in its own words.
const OTHER_OPERATION: &str = "other operation";

/// How much is told, and how wide tables are.
#[derive(Clone, Copy)]
pub(crate) struct SummaryText {
    pub extent: SummaryExtent,
    pub width: u16,
}

impl SummaryText {
    /// Prints the summary; names and values are those of the traffic.
    pub fn print(self, out: &mut impl Write, summary: &Summary) -> io::Result<()> {
        let mut text = Vec::new();
        self.write(&mut text, summary)?;
        out.write_all(terminal(&String::from_utf8_lossy(&text)).as_bytes())
    }

    fn write(self, out: &mut impl Write, summary: &Summary) -> io::Result<()> {
        let tasks = grouped(summary.tasks, "task");
        let inputs = grouped(summary.inputs, "input");
        writeln!(out, "{tasks} in {inputs}")?;
        if summary.tasks_left_out > 0 {
            let left_out = grouped(summary.tasks_left_out, "task");
            writeln!(
                out,
                "{left_out} (estimated): polls compared within each input only, not across inputs"
            )?;
        }
        let is_full = self.extent == SummaryExtent::Full;
        self.counts(out, "shape", &summary.shapes)?;
        if is_full {
            self.counts(out, "form", &summary.forms)?;
            self.rules(out, summary)?;
        }
        self.findings(out, summary)?;
        if is_full {
            additions(out, &summary.drifts)?;
            self.values(out, &summary.values)?;
            unseen_fields(out, summary)?;
        }
        coverage(out, &summary.coverage)?;
        if !is_full {
            writeln!(
                out,
                "--summary=full lists rules, values, fields and YAML for the spec"
            )?;
        }
        writeln!(out)
    }

    fn counts(self, out: &mut impl Write, title: &str, counts: &[Count]) -> io::Result<()> {
        let mut table = table(&[title, "responses"], self.width);
        for count in counts {
            table.add_row([count.name.clone(), digits(count.count)]);
        }
        print_table(out, table, &[1])
    }

    /// The rules by weight.
    fn rules(self, out: &mut impl Write, summary: &Summary) -> io::Result<()> {
        let mut table = table(&["severity", "rule", "findings"], self.width);
        for rule in &summary.rules {
            table.add_row([
                rule.severity.to_string(),
                rule.rule.to_string(),
                digits(rule.count),
            ]);
        }
        print_table(out, table, &[2])
    }

    /// Each distinct finding, how often it occurred, and where first and, if there is room, last.
    fn findings(self, out: &mut impl Write, summary: &Summary) -> io::Result<()> {
        if summary.drifts.is_empty() {
            return Ok(());
        }
        let header = [
            "severity",
            "rule",
            "place",
            "times",
            "responses",
            "first",
            "last",
        ];
        let (max_rows, columns) = match self.extent {
            SummaryExtent::Short => (MAX_SHORT_ROWS, header.len() - 1),
            SummaryExtent::Full => (usize::MAX, header.len()),
        };
        let mut table = table(&header[..columns], self.width);
        for drift in summary.drifts.iter().take(max_rows) {
            let place = match (drift.pointer.as_str(), &drift.value) {
                ("", None) => "the body".to_owned(),
                (pointer, None) => pointer.to_owned(),
                (pointer, Some(value)) => format!("{pointer} = {value}"),
            };
            let last = if drift.last == drift.first {
                String::new()
            } else {
                drift.last.to_string()
            };
            let row = [
                drift.severity.to_string(),
                drift.rule.to_string(),
                place,
                digits(drift.count),
                share_of_responses(summary, drift),
                drift.first.to_string(),
                last,
            ];
            table.add_row(&row[..columns]);
        }
        print_table(out, table, &[3])?;
        let unlisted = summary.drifts.len().saturating_sub(max_rows) as u64;
        if unlisted > 0 {
            let more = grouped(unlisted, "distinct finding");
            writeln!(out, "and {more} more; --summary=full lists all")?;
        }
        if summary.more_drifts > 0 {
            let more = grouped(summary.more_drifts, "finding");
            writeln!(out, "and {more} more, too many to be listed")?;
        }
        Ok(())
    }

    /// The documented values with how often each occurred, and the other ones.
    fn values(self, out: &mut impl Write, sets: &[ValueSet]) -> io::Result<()> {
        let mut table = table(&["field", "documented values", "others"], self.width);
        let list = |counts: &[Count]| {
            let counts = counts.iter().map(|value| match value.count {
                0 => format!("{} (never)", value.name),
                times => format!("{} ×{}", value.name, digits(times)),
            });
            counts.collect::<Vec<_>>().join(", ")
        };
        for set in sets {
            table.add_row([
                set.pointer.clone(),
                list(&set.documented),
                list(&set.undocumented),
            ]);
        }
        print_table(out, table, &[])
    }
}

/// Who has a finding, such as `all 24`, `all 24 video_object` or `3 of 24`.
fn share_of_responses(summary: &Summary, drift: &DistinctFinding) -> String {
    if let Some(common) = summary.common(drift)
        && common.forms.len() == drift.forms.len()
    {
        let all = digits(common.responses());
        return match common.forms.as_slice() {
            [form] if !common.is_in_all => format!("all {all} {}", form.name),
            _ => format!("all {all}"),
        };
    }
    let has_it = |form: &&Count| drift.forms.iter().any(|with| with.name == form.name);
    let of: u64 = summary
        .forms
        .iter()
        .filter(has_it)
        .map(|form| form.count)
        .sum();
    let with: u64 = drift.forms.iter().map(|form| form.count).sum();
    format!("{} of {}", digits(with), digits(of))
}

fn print_table(out: &mut impl Write, mut table: Table, numbers: &[usize]) -> io::Result<()> {
    align_numbers(&mut table, numbers);
    writeln!(out, "\n{}", table.trim_fmt())
}

/// What to add to the spec.
fn additions(out: &mut impl Write, drifts: &[DistinctFinding]) -> io::Result<()> {
    let additions = drifts.iter().filter_map(|drift| drift.yaml.as_deref());
    let additions: Vec<&str> = additions.collect();
    if additions.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nto document what was found, add to the spec:\n")?;
    for line in additions.iter().flat_map(|addition| addition.lines()) {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

fn unseen_fields(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let unseen = summary.fields.iter().filter(|field| field.count == 0);
    let unseen: Vec<&str> = unseen.map(|field| field.pointer.as_str()).collect();
    if !unseen.is_empty() {
        writeln!(out, "\ndocumented fields that never occurred:")?;
        for pointer in unseen {
            writeln!(out, "  {pointer}")?;
        }
    }
    Ok(())
}

/// How much of the document the responses exercise.
fn coverage(out: &mut impl Write, coverage: &DocumentCoverage) -> io::Result<()> {
    let share = |share: &Share| format!("{} of {}", digits(share.seen), digits(share.of));
    writeln!(
        out,
        "\ncoverage: {} fields, {} values and {} shapes occurred; {} rules found something",
        share(&coverage.fields),
        share(&coverage.values),
        share(&coverage.shapes),
        share(&coverage.rules),
    )
}
