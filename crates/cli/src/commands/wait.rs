//! `wait`: queries until a task has ended.

use std::io;

use seedance_fetch::FetchEvent;
use seedance_query::{Outcome, Wait, WaitError, WaitEvent};
use serde_json::json;

use crate::{
    arguments::WaitArguments,
    exit_status::ExitStatus,
    output::{
        complain, is_read, print, print_findings, print_outcome_json, print_task, print_wait_error,
    },
    session::{client_or_complain, id_or_complain, policy, runtime, stopped},
    terminal::Progress,
};

pub(super) fn run(arguments: &WaitArguments) -> io::Result<ExitStatus> {
    let Some(task_id) = id_or_complain(&arguments.task_id) else {
        return Ok(ExitStatus::Usage);
    };
    let Some(client) = client_or_complain(&arguments.gateway) else {
        return Ok(ExitStatus::Usage);
    };
    let wait = client.wait(&task_id).policy(policy(&arguments.waiting));
    runtime()?.block_on(async {
        let mut progress = Progress::new(arguments.json);
        let stop = stopped()?;
        let outcome = tokio::select! {
            () = stop => None,
            outcome = ended(wait, &mut progress) => Some(outcome?),
        };
        progress.clear();
        match outcome {
            Some(outcome) if arguments.json => {
                print_outcome_json(&outcome)?;
                Ok(status(&outcome))
            }
            Some(outcome) => print_outcome(&outcome),
            None => {
                if arguments.json {
                    let line = json!({ "event": "stopped", "task_id": task_id });
                    print(&line)?;
                }
                complain(&format!(
                    "stopped; {task_id} goes on, and can be waited for again"
                ));
                Ok(ExitStatus::Unfinished)
            }
        }
    })
}

/// Waits with its progress shown.
pub(super) async fn ended(
    wait: Wait,
    progress: &mut Progress,
) -> io::Result<Result<Outcome, WaitError>> {
    let mut events = wait.observe();
    while let Some(event) = events.next().await {
        match event {
            WaitEvent::Observed(seen) => progress.show(&FetchEvent::from(&seen))?,
            WaitEvent::Ended(outcome) => return Ok(outcome),
        }
    }
    Err(io::Error::other("waiting came to no end"))
}

fn print_outcome(outcome: &Result<Outcome, WaitError>) -> io::Result<ExitStatus> {
    match outcome {
        Ok(Outcome::Succeeded(task)) => {
            is_read(print_task(task.response()))?;
            print_findings(task.response().report());
        }
        Ok(Outcome::Failed(task)) => {
            is_read(print_task(task.response()))?;
            print_findings(task.response().report());
            complain(&format!("there is no video: {task}"));
        }
        Ok(Outcome::TimedOut(task)) => complain(&format!("{task}; wait again to go on")),
        Ok(_) => {}
        Err(error) => print_wait_error(error),
    }
    Ok(status(outcome))
}

/// How waiting ended, as an exit status.
pub(super) fn status(outcome: &Result<Outcome, WaitError>) -> ExitStatus {
    match outcome {
        Ok(Outcome::Succeeded(_)) => ExitStatus::Done,
        Ok(Outcome::TimedOut(_)) => ExitStatus::Unfinished,
        Err(error) if error.query_error().is_input() => ExitStatus::Usage,
        _ => ExitStatus::Violated,
    }
}
