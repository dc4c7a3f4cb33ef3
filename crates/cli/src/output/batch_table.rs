//! The end of a batch as a table.

use std::{io, time::Duration};

use comfy_table::Table;
use indicatif::DecimalBytes;
use seedance_fetch::{FetchState, FetchSummary, FetchedTask};
use seedance_query::Verdict;

use super::{
    batch_facts::BatchFacts,
    fleet_text::fleet_line,
    stream::print,
    table::{align_numbers, stdout_width, table},
    units::{count, span},
};

/// Maximum number of rows; a longer table shows only what has not arrived.
const MAX_TASK_ROWS: usize = 40;

/// Prints the outcome of each task of this run, and the counts of all.
pub(crate) fn print_batch(summary: &FetchSummary, facts: &BatchFacts) -> io::Result<()> {
    let mut rows: Vec<&FetchedTask> = summary.tasks.iter().collect();
    rows.retain(|task| task.state == FetchState::Left || facts.of(&task.task_id).is_some());
    if rows.len() > MAX_TASK_ROWS {
        rows.retain(|task| task.state != FetchState::Arrived);
    }
    let more = rows.len().saturating_sub(MAX_TASK_ROWS);
    rows.truncate(MAX_TASK_ROWS);
    let mut out = String::new();
    if !rows.is_empty() {
        out.push_str(&format!("{}\n", batch(&rows, facts)));
    }
    for task in &rows {
        if let Some(reason) = &task.reason {
            out.push_str(&format!("{}: {reason}\n", task.task_id));
        }
    }
    if more > 0 {
        out.push_str(&format!(
            "and {more} more that have not arrived; --json lists all\n"
        ));
    }
    let files = summary.tasks.iter().flat_map(|task| &task.files);
    let gone = files.filter(|file| !file.is_there).count();
    if gone > 0 {
        let files = count(gone, "file");
        out.push_str(&format!(
            "{files} of earlier runs missing or changed; pass their task ids to fetch them again\n"
        ));
    }
    if !(summary.fleet.is_some() && summary.tasks.is_empty()) {
        out.push_str(&counts(summary, "run again to continue"));
    }
    if let Some(fleet) = &summary.fleet {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&fleet_line(fleet));
    }
    print(&out)
}

fn batch(rows: &[&FetchedTask], facts: &BatchFacts) -> Table {
    let header = [
        "task",
        "shape",
        "state",
        "queries",
        "waited",
        "download",
        "size",
        "tokens",
        "expires in",
        "findings",
    ];
    let mut table = table(&header, stdout_width());
    for task in rows {
        let seen = facts.of(&task.task_id).cloned().unwrap_or_default();
        let short = |duration: Option<Duration>| {
            duration.map_or_else(String::new, |time| format!("{:.1} s", time.as_secs_f64()))
        };
        let sizes = task
            .files
            .iter()
            .map(|file| DecimalBytes(file.bytes).to_string());
        table.add_row([
            task.task_id.to_string(),
            task.shape.clone().unwrap_or_default(),
            state(task.state).to_owned(),
            Some(seen.polls)
                .filter(|polls| *polls > 0)
                .map_or_else(String::new, |polls| polls.to_string()),
            short(seen.waited),
            short(seen.downloaded),
            sizes.collect::<Vec<_>>().join(" + "),
            task.billed_tokens
                .map_or_else(String::new, |tokens| tokens.to_string()),
            seen.expires_in.map_or_else(String::new, span),
            findings(seen.verdict, seen.findings),
        ]);
    }
    align_numbers(&mut table, &[3, 4, 5, 6, 7]);
    table
}

pub(super) fn state(state: FetchState) -> &'static str {
    match state {
        FetchState::Arrived => "arrived",
        FetchState::Failed => "failed",
        FetchState::Unavailable => "no video",
        _ => "left",
    }
}

fn findings(verdict: Option<Verdict>, count: usize) -> String {
    match (verdict, count) {
        (None, _) => String::new(),
        (Some(verdict), 0) => verdict.to_string(),
        (Some(verdict), count) => format!("{verdict} ({count})"),
    }
}

/// The counts, with what continues the tasks that are left.
pub(super) fn counts(summary: &FetchSummary, next: &str) -> String {
    let all = summary.tasks.len();
    let mut text = match (all, summary.count(FetchState::Arrived)) {
        (0, _) => return "nothing to fetch: name task ids".to_owned(),
        (1, 1) => "the video has arrived".to_owned(),
        (_, arrived) if arrived == all => format!("all {all} videos have arrived"),
        (_, arrived) => format!("{arrived} of {all} videos have arrived"),
    };
    match summary.count(FetchState::Failed) {
        0 => {}
        failed => text.push_str(&format!(", {failed} failed and refunded by the platform")),
    }
    match summary.count(FetchState::Unavailable) {
        0 => {}
        missing => text.push_str(&format!(", {missing} without an available video")),
    }
    match summary.count(FetchState::Left) {
        0 => {}
        left => text.push_str(&format!(", {left} left: {next}")),
    }
    text
}
