//! `ledger`: what a directory's ledger knows, and submissions settled by hand.

use std::{io, path::Path};

use seedance_fetch::{FetchError, FetchSummary, SubmissionLedger, SubmissionRecord, status};

use super::fleet::{is_shared, show};
use crate::{
    arguments::LedgerArguments,
    exit_status::ExitStatus,
    output::{chain, complain, print_event, print_ledger, print_perhaps_submitted},
};

pub(super) fn run(arguments: &LedgerArguments) -> io::Result<ExitStatus> {
    if let Some(url) = arguments.directory.to_str().filter(|text| is_shared(text)) {
        return show(url, arguments);
    }
    if arguments.metrics.is_some() {
        complain("there are metrics of a ledger that workers share: name its URL");
        return Ok(ExitStatus::Usage);
    }
    let read = settle(arguments).and_then(|submissions| {
        let status = status(&arguments.directory)?;
        Ok((submissions, status))
    });
    let (submissions, status) = match read {
        Ok(read) => read,
        Err(error) => {
            complain(&chain(&error));
            return Ok(ExitStatus::Usage);
        }
    };
    if arguments.json {
        print_json(&submissions, &status)?;
    } else {
        print_ledger(&submissions, &status)?;
    }
    print_perhaps_submitted(&status.perhaps_submitted, &arguments.directory);
    Ok(if status.perhaps_submitted.is_empty() {
        ExitStatus::Done
    } else {
        ExitStatus::PerhapsSubmitted
    })
}

/// Settles submissions, and returns all of them.
fn settle(arguments: &LedgerArguments) -> Result<Vec<SubmissionRecord>, FetchError> {
    let directory: &Path = &arguments.directory;
    let ledger = SubmissionLedger::open_existing(directory)?;
    for began in &arguments.submitted {
        ledger.settle(began.number, Some(began.task_id.clone()))?;
    }
    for number in &arguments.not_submitted {
        ledger.settle(*number, None)?;
    }
    ledger.submissions()
}

fn print_json(submissions: &[SubmissionRecord], status: &FetchSummary) -> io::Result<()> {
    for task in &status.tasks {
        print_event("task", task)?;
    }
    for submission in submissions {
        print_event("submission", submission)?;
    }
    Ok(())
}
