//! `wait`: queries until a task has ended.

use std::io;

use seedance_fetch::FetchEvent;
use seedance_query::{Outcome, QueryResponse, Wait, WaitError, WaitEvent};
use serde_json::{Value, json};

use super::{
    BAD, OK, UNFINISHED, UNUSABLE, arguments::WaitArguments, complain, explain, gateway, get,
    heard, progress::Progress,
};

pub(super) fn run(arguments: &WaitArguments) -> io::Result<u8> {
    let Some(task_id) = gateway::id_or_complain(&arguments.task_id) else {
        return Ok(UNUSABLE);
    };
    let Some(client) = gateway::client_or_complain(&arguments.gateway) else {
        return Ok(UNUSABLE);
    };
    let wait = client
        .wait(&task_id)
        .policy(gateway::policy(&arguments.waiting));
    gateway::runtime()?.block_on(async {
        let mut progress = Progress::new(arguments.json);
        let stop = gateway::stopped()?;
        let outcome = tokio::select! {
            () = stop => None,
            outcome = ended(wait, &mut progress) => Some(outcome?),
        };
        progress.clear();
        match outcome {
            Some(outcome) if arguments.json => print_json(&outcome),
            Some(outcome) => print(&outcome),
            None => {
                if arguments.json {
                    let line = json!({ "event": "stopped", "task_id": task_id });
                    super::print(&line)?;
                }
                complain(&format!(
                    "stopped; {task_id} goes on, and can be waited for again"
                ));
                Ok(UNFINISHED)
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

fn print(outcome: &Result<Outcome, WaitError>) -> io::Result<u8> {
    match outcome {
        Ok(Outcome::Succeeded(task)) => {
            heard(get::print(task.response()))?;
            explain::findings(task.response().report());
        }
        Ok(Outcome::Failed(task)) => {
            heard(get::print(task.response()))?;
            explain::findings(task.response().report());
            complain(&format!("there is no video: {task}"));
        }
        Ok(Outcome::TimedOut(task)) => complain(&format!("{task}; wait again to go on")),
        Ok(_) => {}
        Err(error) => explain::wait_error(error),
    }
    Ok(code(outcome))
}

/// How waiting ended, as an exit status.
pub(super) fn code(outcome: &Result<Outcome, WaitError>) -> u8 {
    match outcome {
        Ok(Outcome::Succeeded(_)) => OK,
        Ok(Outcome::TimedOut(_)) => UNFINISHED,
        Err(error) if error.query_error().is_input() => UNUSABLE,
        _ => BAD,
    }
}

/// The last line, the only one with signed URLs.
pub(super) fn print_json(outcome: &Result<Outcome, WaitError>) -> io::Result<u8> {
    let body = |response: &QueryResponse| serde_json::from_slice::<Value>(response.body()).ok();
    let line = match outcome {
        Ok(Outcome::Succeeded(task)) => json!({
            "event": "succeeded",
            "task_id": task.task_id(),
            "status": task.response().task().status(),
            "shape": task.response().task().shape(),
            "polls": task.polls(),
            "elapsed": task.elapsed().as_secs_f64(),
            "result_url": task.result_url().expose(),
            "expires_in": task.result_url()
                .expires_in(std::time::SystemTime::now())
                .map(|left| left.as_secs_f64()),
            "report": task.response().report(),
            "body": body(task.response()),
        }),
        Ok(Outcome::Failed(task)) => json!({
            "event": "failed",
            "task_id": task.task_id(),
            "status": task.response().task().status(),
            "polls": task.polls(),
            "elapsed": task.elapsed().as_secs_f64(),
            "reason": task.reason().map(ToString::to_string),
            "code": task.code(),
            "is_refunded": true,
            "report": task.response().report(),
            "body": body(task.response()),
        }),
        Ok(Outcome::TimedOut(task)) => json!({
            "event": "timed_out",
            "task_id": task.task_id(),
            "status": task.last().and_then(seedance_query::Observation::status),
            "polls": task.polls(),
            "elapsed": task.elapsed().as_secs_f64(),
        }),
        Ok(_) => Value::Null,
        Err(error) => json!({
            "event": "given_up",
            "task_id": error.task_id(),
            "polls": error.polls(),
            "elapsed": error.elapsed().as_secs_f64(),
            "error": explain::chain(error),
            "http_status": error.query_error().status().map(|status| status.as_u16()),
            "report": error.query_error().report(),
            "result_url": error.result_url().and_then(|url| url.expose()),
        }),
    };
    super::print(&line)?;
    Ok(code(outcome))
}
