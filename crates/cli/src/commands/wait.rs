//! `wait`: polls until the task ends.

use std::io;

use seedance_query::{Client, Outcome, TaskId, WaitError};
use serde_json::json;

use super::{polling::ended, status};
use crate::{
    arguments::{WaitArguments, WaitingArguments},
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
    runtime()?.block_on(wait(&client, &task_id, &arguments.waiting, arguments.json))
}

/// Polls until a task ends, and prints the outcome.
pub(super) async fn wait(
    client: &Client,
    task_id: &TaskId,
    waiting: &WaitingArguments,
    json: bool,
) -> io::Result<ExitStatus> {
    let wait = client.wait(task_id).policy(policy(waiting));
    let mut progress = Progress::new(json, waiting.progress_every);
    let stop = stopped()?;
    let outcome = tokio::select! {
        () = stop => None,
        outcome = ended(wait, &mut progress) => Some(outcome?),
    };
    progress.clear();
    let Some(outcome) = outcome else {
        if json {
            print(&json!({ "event": "stopped", "task_id": task_id }))?;
        }
        complain(&format!(
            "stopped; the task continues: wait for {task_id} again"
        ));
        return Ok(ExitStatus::Unfinished);
    };
    if json {
        print_outcome_json(&outcome)?;
    } else {
        print_outcome(&outcome)?;
    }
    Ok(status::of_outcome(&outcome))
}

fn print_outcome(outcome: &Result<Outcome, WaitError>) -> io::Result<()> {
    match outcome {
        Ok(Outcome::Succeeded(task)) => {
            is_read(print_task(task.response()))?;
            print_findings(task.response().report());
        }
        Ok(Outcome::Failed(task)) => {
            is_read(print_task(task.response()))?;
            print_findings(task.response().report());
            complain(&format!("no video: {task}"));
        }
        Ok(Outcome::UpstreamEnded(task)) => complain(&task.to_string()),
        Ok(Outcome::TimedOut(task)) => complain(&format!("{task}; wait again to go on")),
        Ok(_) => {}
        Err(error) => print_wait_error(error),
    }
    Ok(())
}
