//! Errors as text: what went wrong, from the outermost to the innermost cause, and what to do.

use std::error::Error as StdError;

use seedance_query::{Error, Report, WaitError};

use super::stream::{complain, say};

/// An error and all of its causes in one line.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut message = error.to_string();
    let mut last = message.clone();
    let mut cause = error.source();
    while let Some(inner) = cause {
        // Many errors repeat their cause.
        let inner_message = inner.to_string();
        if !message.contains(&inner_message) && !inner_message.ends_with(last.as_str()) {
            message.push_str(&format!(": {inner_message}"));
        }
        last = inner_message;
        cause = inner.source();
    }
    message
}

pub(crate) fn print_query_error(error: &Error) {
    complain(&chain(error));
    hints(error);
}

pub(crate) fn print_wait_error(error: &WaitError) {
    complain(&format!("{}: {}", error.task_id(), chain(error)));
    match error.answer() {
        Ok(response) => print_findings(response.report()),
        Err(error) => hints(error),
    }
    if let Some(url) = error.result_url() {
        complain(&format!("the last body has a URL for the video: {url}"));
    }
}

/// Prints a line for each finding.
pub(crate) fn print_findings(report: &Report) {
    for finding in report.findings() {
        say(&finding.to_string());
    }
}

fn hints(error: &Error) {
    if let Some(wait) = error.retry_after() {
        complain(&format!("the gateway asks to wait {} s", wait.as_secs()));
    } else if error.is_unauthorized() {
        complain("check SEEDANCE_API_KEY");
    } else if error.is_unknown_task() {
        complain("a task can be unknown for a few seconds after it was submitted");
    } else if error.is_retryable() {
        complain("the task is not lost: the same query may succeed later");
    }
    if error.is_not_understood() {
        error.report().into_iter().for_each(print_findings);
    }
}
