//! Submissions of a ledger as text.

use std::{io, path::Path};

use comfy_table::{Table, presets};
use seedance_fetch::{FetchSummary, SubmissionRecord, SubmissionState};
use seedance_query::TaskId;

use super::{
    batch_table::{counts, state},
    stream::{complain, print, say},
    units::count,
};

/// Prints what a ledger knows of its tasks and submissions.
pub(crate) fn print_ledger(
    submissions: &[SubmissionRecord],
    status: &FetchSummary,
) -> io::Result<()> {
    let mut out = String::new();
    if !status.tasks.is_empty() {
        let mut tasks = table(&["task", "state", "request id", "file or reason"]);
        for task in &status.tasks {
            let files = task.files.iter().map(|file| {
                let is_there = if file.is_there { "" } else { " (gone)" };
                format!("{}{is_there}", file.file.display())
            });
            let files = files.collect::<Vec<_>>().join(", ");
            tasks.add_row([
                task.task_id.to_string(),
                state(task.state).to_owned(),
                task.request_id.clone().unwrap_or_default(),
                if files.is_empty() {
                    task.reason.clone().unwrap_or_default()
                } else {
                    files
                },
            ]);
        }
        out.push_str(&format!("{}\n\n", tasks.trim_fmt()));
    }
    if !submissions.is_empty() {
        let mut rows = table(&[
            "submission",
            "time",
            "model",
            "request",
            "request id",
            "state",
        ]);
        for record in submissions {
            rows.add_row([
                record.number.to_string(),
                time(record),
                record.model.clone().unwrap_or_default(),
                record.digest.clone(),
                record.request_id.clone().unwrap_or_default(),
                outcome(record),
            ]);
        }
        out.push_str(&format!("{}\n\n", rows.trim_fmt()));
    }
    out.push_str(&match status.tasks.len() {
        0 => "no task".to_owned(),
        _ => counts(status, "`fetch` continues"),
    });
    if !submissions.is_empty() {
        out.push_str(&format!("; {}", count(submissions.len(), "submission")));
    }
    print(&out)
}

/// Says which submissions have perhaps begun a task, and what to do about it.
pub(crate) fn print_perhaps_submitted(records: &[SubmissionRecord], directory: &Path) {
    for record in records {
        let what = match record.state {
            SubmissionState::Accepted => "accepted, but its task is not known",
            _ => "perhaps submitted",
        };
        complain(&format!("{what}: {}", describe(record)));
        if let Some(problem) = &record.problem {
            say(&format!("  {problem}"));
        }
    }
    if let Some(record) = records.last() {
        let number = record.number;
        let task_id = record.task_id.as_ref().map_or("TASK_ID", TaskId::as_str);
        say(&format!(
            "  Look for it in the gateway's task list or log, by request id or time. Then: \
             seedance-query ledger {} --submitted {number}={task_id}, or --not-submitted {number} \
             if there is none",
            directory.display(),
        ));
    }
}

/// What tells a submission from others.
fn describe(record: &SubmissionRecord) -> String {
    let mut text = format!("submission {} of {}", record.number, time(record));
    if let Some(model) = &record.model {
        text.push_str(&format!(", model {model}"));
    }
    text.push_str(&format!(", request {}", record.digest));
    if let Some(request_id) = &record.request_id {
        text.push_str(&format!(", request id {request_id}"));
    }
    if let Some(gateway) = &record.gateway {
        text.push_str(&format!(", to {gateway}"));
    }
    text
}

fn outcome(record: &SubmissionRecord) -> String {
    match (record.state, &record.task_id) {
        (SubmissionState::Sending, _) => "being sent".to_owned(),
        (SubmissionState::Accepted, Some(task_id)) => task_id.to_string(),
        (SubmissionState::Accepted, None) => "accepted, task not known".to_owned(),
        (SubmissionState::NotAccepted, _) => match &record.problem {
            Some(problem) => format!("not accepted: {problem}"),
            None => "not accepted".to_owned(),
        },
        _ => "perhaps submitted".to_owned(),
    }
}

fn time(record: &SubmissionRecord) -> String {
    let time = i64::try_from(record.began_at).ok();
    let time = time.and_then(|time| jiff::Timestamp::from_second(time).ok());
    time.map_or_else(String::new, |time| time.to_string())
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header.iter().copied());
    table
}
