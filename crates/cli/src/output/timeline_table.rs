//! The timelines of tasks as tables.

use std::{
    io::{self, Write},
    time::Duration,
};

use comfy_table::Table;
use seedance_query::redact::terminal;
use seedance_traffic::{Summary, TaskTimeline};

use super::{
    table::{align_numbers, table},
    units::{digits, grouped, span},
};

/// Maximum number of timelines printed.
const MAX_TIMELINE_ROWS: usize = 100;

/// Prints the states of each task.
pub(super) fn print(out: &mut impl Write, summary: &Summary, width: u16) -> io::Result<()> {
    for life in summary.lives.iter().take(MAX_TIMELINE_ROWS) {
        let text = format!("{}\n{}\n", life.task_id, timeline(life, width).trim_fmt());
        writeln!(out, "{}", terminal(&text))?;
    }
    let more = summary.lives.len().saturating_sub(MAX_TIMELINE_ROWS) as u64;
    if more > 0 {
        let more = grouped(more, "more task");
        writeln!(out, "and {more}; --format json --summary lists all\n")?;
    }
    Ok(())
}

fn timeline(life: &TaskTimeline, width: u16) -> Table {
    let header = [
        "  status",
        "progress",
        "polls",
        "since",
        "for",
        "first seen in",
        "",
    ];
    let mut table = table(&header, width);
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
    align_numbers(&mut table, &[2]);
    table
}
