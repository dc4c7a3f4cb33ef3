//! The timelines of tasks as tables.

use std::{
    io::{self, Write},
    time::Duration,
};

use comfy_table::{CellAlignment, Table, presets};
use seedance_query::redact::terminal;
use seedance_traffic::{Summary, TaskTimeline};

use super::units::{digits, span};

/// Maximum number of timelines printed.
const MAX_TIMELINE_ROWS: usize = 100;

/// Prints the states of each task.
pub(super) fn print(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    for life in summary.lives.iter().take(MAX_TIMELINE_ROWS) {
        let text = format!("{}\n{}\n", life.task_id, table(life).trim_fmt());
        writeln!(out, "{}", terminal(&text))?;
    }
    let more = summary.lives.len().saturating_sub(MAX_TIMELINE_ROWS);
    if more > 0 {
        writeln!(out, "and {more} more tasks; --format json lists all\n")?;
    }
    Ok(())
}

fn table(life: &TaskTimeline) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([
        "  status",
        "progress",
        "polls",
        "since",
        "for",
        "first seen in",
        "",
    ]);
    for observed in &life.observed {
        let since = observed
            .since
            .and_then(|time| jiff::Timestamp::from_second(time).ok());
        let lasted = observed
            .seconds
            .and_then(|seconds| u64::try_from(seconds).ok());
        let rules: Vec<&str> = observed.rules.iter().map(|rule| rule.id()).collect();
        table.add_row([
            format!("  {}", observed.status),
            observed.progress.clone().unwrap_or_default(),
            digits(observed.polls),
            since.map_or_else(|| "-".to_owned(), |time| time.to_string()),
            lasted.map_or_else(
                || "-".to_owned(),
                |lasted| span(Duration::from_secs(lasted)),
            ),
            observed.first.to_string(),
            rules.join(", "),
        ]);
    }
    if let Some(column) = table.column_mut(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
