//! The summary of many responses as text.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use seedance_query::redact::terminal;
use seedance_traffic::{Count, DistinctFinding, Summary, ValueSet};

use super::units::{digits, grouped};

/// Maximum number of distinct findings listed.
const MAX_FINDING_ROWS: usize = 60;

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

/// Counts, distinct findings, fields and values; names and values are those of the traffic.
pub(super) fn print(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let mut text = Vec::new();
    write(&mut text, summary)?;
    out.write_all(terminal(&String::from_utf8_lossy(&text)).as_bytes())
}

fn write(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
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
    counts(out, "shape", &summary.shapes)?;
    drifts(out, summary)?;
    additions(out, &summary.drifts)?;
    values(out, &summary.values)?;
    let unseen: Vec<&str> = summary
        .fields
        .iter()
        .filter(|field| field.count == 0)
        .map(|field| field.pointer.as_str())
        .collect();
    if !unseen.is_empty() {
        writeln!(out, "\ndocumented fields that never occurred:")?;
        for pointer in unseen {
            writeln!(out, "  {pointer}")?;
        }
    }
    writeln!(out)
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table
}

/// Aligns the numbers of one column to the right.
fn print_table(out: &mut impl Write, mut table: Table, numbers: usize) -> io::Result<()> {
    if let Some(column) = table.column_mut(numbers) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    writeln!(out, "\n{}", table.trim_fmt())
}

fn counts(out: &mut impl Write, title: &str, counts: &[Count]) -> io::Result<()> {
    let mut table = table([title, "responses"]);
    for count in counts {
        table.add_row([count.name.clone(), digits(count.count)]);
    }
    print_table(out, table, 1)
}

/// Each distinct finding, how often it occurred, and where first and last.
fn drifts(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    if summary.drifts.is_empty() {
        return Ok(());
    }
    let mut table = table(["severity", "rule", "place", "times", "first", "last"]);
    for drift in summary.drifts.iter().take(MAX_FINDING_ROWS) {
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
        table.add_row([
            drift.severity.to_string(),
            drift.rule.to_string(),
            place,
            digits(drift.count),
            drift.first.to_string(),
            last,
        ]);
    }
    print_table(out, table, 3)?;
    let more = summary.more_drifts + summary.drifts.len().saturating_sub(MAX_FINDING_ROWS) as u64;
    if more > 0 {
        writeln!(out, "and {more} more; --format json lists all")?;
    }
    Ok(())
}

/// What to add to the spec.
fn additions(out: &mut impl Write, drifts: &[DistinctFinding]) -> io::Result<()> {
    let additions: Vec<&str> = drifts
        .iter()
        .filter_map(|drift| drift.yaml.as_deref())
        .take(MAX_FINDING_ROWS)
        .collect();
    if additions.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nto document what was found, add to the spec:\n")?;
    for addition in additions {
        for line in addition.lines() {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// The documented values with how often each occurred, and the other ones.
fn values(out: &mut impl Write, sets: &[ValueSet]) -> io::Result<()> {
    let mut table = table(["field", "documented values", "others"]);
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
    writeln!(out, "\n{}", table.trim_fmt())
}
