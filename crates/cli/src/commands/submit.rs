//! `submit`: begins a task, and perhaps waits for its video.

use std::io;

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
    output::{chain, complain, print, print_findings, say},
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
    runtime()?.block_on(submit(&client, &submission, arguments))
}

async fn submit(
    client: &Client,
    submission: &Submission,
    arguments: &SubmitArguments,
) -> io::Result<ExitStatus> {
    let stop = stopped()?;
    let outcome = tokio::select! {
        () = stop => {
            complain(&format!("stopped: {}", Acceptance::Unknown.advice()));
            return Ok(ExitStatus::PerhapsSubmitted);
        }
        outcome = client.submit(submission) => outcome,
    };
    let submitted = match outcome {
        Ok(submitted) => submitted,
        Err(error) => return print_error(&error, arguments.json),
    };
    print_submitted(&submitted, arguments.json)?;
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
        return download(client, id, &destination).await;
    }
    if arguments.wait {
        return wait(client, id, &arguments.waiting, arguments.json).await;
    }
    Ok(ExitStatus::Done)
}

fn print_submitted(submitted: &Submitted, json: bool) -> io::Result<()> {
    let (id, request_id) = (submitted.task_id(), submitted.request_id());
    if json {
        return print(&json!({
            "event": "submitted",
            "task_id": id,
            "request_id": request_id,
        }));
    }
    print(id)?;
    if let Some(request_id) = request_id {
        say(&format!(
            "request id {request_id}, which names the charge in the gateway's log"
        ));
    }
    Ok(())
}

fn print_error(error: &SubmitError, json: bool) -> io::Result<ExitStatus> {
    if json {
        print(&json!({
            "event": "not_submitted",
            "acceptance": error.acceptance().to_string(),
            "task_id": error.task_id(),
            "request_id": error.request_id(),
            "problem": chain(error.cause()),
        }))?;
    }
    complain(&chain(error));
    Ok(match error.acceptance() {
        Acceptance::No if error.cause().is_input() => ExitStatus::Usage,
        Acceptance::No => ExitStatus::Unavailable,
        _ => ExitStatus::PerhapsSubmitted,
    })
}
