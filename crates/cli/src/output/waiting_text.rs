//! What a run is waiting for, in a line.

use std::time::{Duration, Instant};

use indicatif::DecimalBytes;
use seedance_query::TaskId;

use super::{
    batch_facts::{BatchFacts, TaskFacts},
    units::{count, span},
};

/// What is waited for, if anything is: of one task in detail, of more in numbers.
pub(crate) fn waiting_text(facts: &BatchFacts) -> Option<String> {
    let mut open = facts.open();
    let (id, task) = open.next()?;
    if open.next().is_none() {
        return Some(format!("{id}  {}", task_text(task)));
    }
    let statuses = facts.statuses();
    let mut parts: Vec<String> = statuses
        .iter()
        .map(|(status, number)| format!("{number} {status}"))
        .collect();
    let downloads: Vec<_> = facts
        .open()
        .filter_map(|(_, task)| task.downloading)
        .collect();
    if !downloads.is_empty() {
        let bytes = downloads.iter().map(|(bytes, _)| bytes).sum();
        parts.push(format!(
            "{} ({} so far)",
            count(downloads.len(), "download"),
            DecimalBytes(bytes)
        ));
    }
    let mut text = format!(
        "waiting for {} after {}: {}",
        count(facts.open().count(), "task"),
        span(facts.elapsed()),
        parts.join(", ")
    );
    if let Some((changed, id)) = last_change(facts) {
        let ago = span(changed.elapsed());
        text.push_str(&format!("; last change {ago} ago ({id})"));
    }
    let next = facts.open().filter_map(|(_, task)| task.next_poll).min();
    if let Some(next) = next {
        text.push_str(&format!("; next query in {}", span(until(next))));
    }
    let waits = facts.open().filter_map(|(_, task)| download_wait(task));
    if let Some((resumes, reason)) = waits.min() {
        let resumes = span(until(*resumes));
        text.push_str(&format!("; next download in {resumes}: {reason}"));
    }
    Some(text)
}

/// Where a single task stands.
pub(crate) fn task_text(task: &TaskFacts) -> String {
    if let Some((bytes, total)) = task.downloading {
        let mut text = format!("downloading: {}", DecimalBytes(bytes));
        if let Some(total) = total {
            text.push_str(&format!(" of {}", DecimalBytes(total)));
        }
        if let Some((resumes, reason)) = download_wait(task) {
            text.push_str(&format!(
                ", next request in {}: {reason}",
                span(until(*resumes))
            ));
        }
        return text;
    }
    let mut text = match &task.status {
        Some((status, since)) => {
            let progress = task.progress.as_deref().filter(|text| !text.is_empty());
            let progress = progress.map_or_else(String::new, |progress| format!(" {progress}"));
            format!("{status}{progress} for {}", span(since.elapsed()))
        }
        None => "no status yet".to_owned(),
    };
    if let Some(began) = task.began {
        text.push_str(&format!(", {} in all", span(began.elapsed())));
    }
    if let Some(next) = task.next_poll {
        text.push_str(&format!(", next query in {}", span(until(next))));
    }
    text
}

/// When the download of a task goes on, and why it waits; none if a request is under way.
fn download_wait(task: &TaskFacts) -> Option<&(Instant, String)> {
    let wait = task.download_wait.as_ref();
    wait.filter(|(resumes, _)| *resumes > Instant::now())
}

fn last_change(facts: &BatchFacts) -> Option<(Instant, &TaskId)> {
    let changes = facts.open().filter_map(|(id, task)| {
        let (_, since) = task.status.as_ref()?;
        Some((*since, id))
    });
    changes.max()
}

/// The time that is left, rounded up: at 0 s it would be due.
fn until(moment: Instant) -> Duration {
    let left = moment.saturating_duration_since(Instant::now());
    Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0))
}
