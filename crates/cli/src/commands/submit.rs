//! `submit`: begins a task, and perhaps waits for its video.

use std::io;

use seedance_fetch::{FetchError, RecordedSubmission, SubmissionLedger, SubmissionRecord};
use seedance_query::{Acceptance, Client, Submission, SubmitError, Submitted};
use serde_json::json;

use super::{
    download::{Destination, download},
    wait::wait,
};
use crate::{
    arguments::SubmitArguments,
    exit_status::ExitStatus,
    input::submit_request,
    output::{chain, complain, print, print_findings, print_perhaps_submitted, say},
    session::{client_or_complain, runtime, stopped},
};

pub(super) fn run(arguments: &SubmitArguments) -> io::Result<ExitStatus> {
    let json = match submit_request(&arguments.request) {
        Ok(json) => json,
        Err(problem) => {
            complain(&problem);
            return Ok(ExitStatus::Usage);
        }
    };
    let mut submission = match Submission::from_json(json) {
        Ok(submission) => submission,
        Err(invalid) => {
            complain("the request cannot be submitted, and was not sent:");
            match invalid.findings() {
                [] => complain(&invalid.to_string()),
                findings => findings
                    .iter()
                    .for_each(|finding| say(&finding.to_string())),
            }
            return Ok(ExitStatus::Usage);
        }
    };
    print_findings(submission.report());
    if arguments.dry_run {
        print(&String::from_utf8_lossy(submission.body()).trim_end())?;
        return Ok(ExitStatus::Done);
    }
    if let Some(timeout) = arguments.submit_timeout {
        submission = submission.with_timeout(timeout);
    }
    let Some(client) = client_or_complain(&arguments.gateway) else {
        return Ok(ExitStatus::Usage);
    };
    let directory = arguments.ledger.as_ref().or(arguments.into.as_ref());
    let ledger = match directory.map(SubmissionLedger::open).transpose() {
        Ok(ledger) => ledger,
        Err(error) => {
            complain(&format!("not submitted: {}", chain(&error)));
            return Ok(ExitStatus::Usage);
        }
    };
    runtime()?.block_on(run_submission(
        &client,
        &submission,
        ledger.as_ref(),
        arguments,
    ))
}

async fn run_submission(
    client: &Client,
    submission: &Submission,
    ledger: Option<&SubmissionLedger>,
    arguments: &SubmitArguments,
) -> io::Result<ExitStatus> {
    let stop = stopped()?;
    let sent = tokio::select! {
        () = stop => {
            complain(&format!("stopped: {}", Acceptance::Unknown.advice()));
            if let Some(ledger) = ledger {
                print_unsettled(ledger, |_| true);
            }
            return Ok(ExitStatus::PerhapsSubmitted);
        }
        sent = send(client, submission, ledger, arguments.again) => sent,
    };
    let (number, outcome) = match sent {
        Ok(sent) => sent,
        Err(error) => return print_not_sent(&error, ledger, arguments.json),
    };
    let submitted = match outcome {
        Ok(submitted) => submitted,
        Err(error) => {
            let status = print_error(&error, number, arguments.json)?;
            if let Some(ledger) = ledger {
                print_unsettled(ledger, |record| Some(record.number) == number);
            }
            return Ok(status);
        }
    };
    print_submitted(&submitted, number, arguments.json)?;
    print_findings(submitted.report());
    let id = submitted.task_id();
    if let Some(into) = &arguments.into {
        let destination = Destination {
            waiting: &arguments.waiting,
            downloading: &arguments.downloading,
            into,
            name: None,
            is_original: false,
            overwrite: false,
            json: arguments.json,
        };
        let end = download(client, id, &destination).await?;
        if let (Some(ledger), Some(video)) = (ledger, &end.video)
            && ledger.directory() == into
            && let Err(error) = ledger.arrived(id, video)
        {
            complain(&chain(&error));
        }
        return Ok(end.status);
    }
    if arguments.wait {
        return wait(client, id, &arguments.waiting, arguments.json).await;
    }
    Ok(ExitStatus::Done)
}

/// Submits once, noted in the ledger if there is one; the number is the one that it has there.
async fn send(
    client: &Client,
    submission: &Submission,
    ledger: Option<&SubmissionLedger>,
    again: bool,
) -> Result<(Option<u64>, Result<Submitted, SubmitError>), FetchError> {
    let Some(ledger) = ledger else {
        return Ok((None, client.submit(submission).await));
    };
    let RecordedSubmission {
        number,
        outcome,
        recorded,
        ..
    } = if again {
        ledger.submit_again(client, submission).await?
    } else {
        ledger.submit(client, submission).await?
    };
    if let Err(error) = recorded {
        complain(&format!(
            "the ledger does not know what became of submission {number}: {}",
            chain(&error)
        ));
    }
    Ok((Some(number), outcome))
}

/// Says which submissions of the ledger are not settled.
fn print_unsettled(ledger: &SubmissionLedger, is_shown: impl Fn(&SubmissionRecord) -> bool) {
    match ledger.submissions() {
        Ok(mut submissions) => {
            submissions.retain(|record| record.is_unsettled() && is_shown(record));
            print_perhaps_submitted(&submissions, ledger.directory());
        }
        Err(error) => complain(&chain(&error)),
    }
}

/// Says why nothing was sent.
fn print_not_sent(
    error: &FetchError,
    ledger: Option<&SubmissionLedger>,
    json: bool,
) -> io::Result<ExitStatus> {
    if json {
        print(&json!({
            "event": "not_submitted",
            "acceptance": Acceptance::No.to_string(),
            "problem": chain(error),
        }))?;
    }
    complain(&format!("not submitted: {}", chain(error)));
    if !error.is_perhaps_submitted() {
        return Ok(ExitStatus::Usage);
    }
    if let Some(ledger) = ledger {
        print_unsettled(ledger, |_| true);
    }
    say("  To submit it all the same, which can be a second task: --again");
    Ok(ExitStatus::PerhapsSubmitted)
}

fn print_submitted(submitted: &Submitted, number: Option<u64>, json: bool) -> io::Result<()> {
    let (id, request_id) = (submitted.task_id(), submitted.request_id());
    if json {
        let mut event = json!({
            "event": "submitted",
            "task_id": id,
            "request_id": request_id,
        });
        if let Some(number) = number {
            event["submission"] = number.into();
        }
        return print(&event);
    }
    print(id)?;
    if let Some(request_id) = request_id {
        say(&format!(
            "request id {request_id}, which names the charge in the gateway's log"
        ));
    }
    Ok(())
}

fn print_error(error: &SubmitError, number: Option<u64>, json: bool) -> io::Result<ExitStatus> {
    if json {
        let mut event = json!({
            "event": "not_submitted",
            "acceptance": error.acceptance().to_string(),
            "task_id": error.task_id(),
            "request_id": error.request_id(),
            "problem": chain(error.cause()),
        });
        if let Some(number) = number {
            event["submission"] = number.into();
        }
        print(&event)?;
    }
    // The causes stand before what to do.
    let cause = error.cause();
    complain(
        &error
            .to_string()
            .replacen(&cause.to_string(), &chain(cause), 1),
    );
    Ok(match error.acceptance() {
        Acceptance::No if error.cause().is_input() => ExitStatus::Usage,
        Acceptance::No => ExitStatus::Unavailable,
        _ => ExitStatus::PerhapsSubmitted,
    })
}
