//! Events of a batch as lines.

use std::time::Duration;

use indicatif::DecimalBytes;
use seedance_fetch::{FetchEvent, ObservedTask};

use crate::output::{count, span};

/// An event as a line for a person.
pub(super) fn event_text(event: &FetchEvent) -> Option<String> {
    Some(match event {
        FetchEvent::Started {
            tasks,
            done_before: 0,
        } => format!("{} to fetch", count(*tasks, "task")),
        FetchEvent::Started { tasks, done_before } => {
            format!(
                "{} to fetch, {done_before} already done",
                count(*tasks, "task")
            )
        }
        FetchEvent::Added { tasks } => format!("{} added", count(*tasks, "task")),
        FetchEvent::Observed(seen) => observed_text(seen),
        FetchEvent::Ended {
            task_id,
            reason: Some(reason),
            ..
        } => {
            format!("{task_id}  failed: {reason}")
        }
        FetchEvent::Ended {
            task_id,
            shape,
            billed_tokens,
            expires_in,
            ..
        } => {
            let mut text = format!("{task_id}  {}", shape.as_deref().unwrap_or("finished"));
            if let Some(tokens) = billed_tokens {
                text.push_str(&format!(", {tokens} tokens"));
            }
            if let Some(left) = expires_in.and_then(|left| Duration::try_from_secs_f64(left).ok()) {
                text.push_str(&format!(", can be downloaded for {}", span(left)));
            }
            text
        }
        FetchEvent::Arrived {
            task_id,
            file,
            bytes,
            was_there,
            ..
        } => {
            let what = if *was_there {
                "already there"
            } else {
                "arrived"
            };
            format!(
                "{task_id}  {what}: {} ({})",
                file.display(),
                DecimalBytes(*bytes)
            )
        }
        FetchEvent::DownloadWaiting {
            task_id,
            next_in,
            reason,
            ..
        } => format!("{task_id}  download paused for {next_in:.0} s: {reason}"),
        FetchEvent::Unavailable { task_id, reason } => {
            format!("{task_id}  no video available: {reason}")
        }
        FetchEvent::Warned { task_id, problem } => format!("{task_id}  {problem}"),
        FetchEvent::TakenOver { task_id } => {
            format!("{task_id}  another worker has taken it over")
        }
        FetchEvent::LedgerAway { problem } => {
            format!("{problem}; what is in hand is kept, and it is asked again")
        }
        FetchEvent::LedgerBack { after } => {
            format!("the ledger is there again, after {after:.1} s")
        }
        FetchEvent::Left { task_id, problem } => format!("{task_id}  not finished: {problem}"),
        _ => return None,
    })
}

fn observed_text(seen: &ObservedTask) -> String {
    let what = match (&seen.status, &seen.error) {
        (Some(status), _) => {
            let progress = seen.progress.as_deref().filter(|text| !text.is_empty());
            progress.map_or_else(|| status.clone(), |progress| format!("{status} {progress}"))
        }
        (None, Some(error)) => error.clone(),
        (None, None) => "no answer".to_owned(),
    };
    let asked = seen.retry_after.as_ref();
    let asked = asked.map_or_else(String::new, |asked| format!("; {asked}"));
    let ObservedTask {
        task_id,
        poll,
        next_in,
        ..
    } = seen;
    format!("{task_id}  {what}  (query {poll}, next in {next_in:.1} s{asked})")
}
