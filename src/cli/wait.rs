//! `wait`: queries until a task has ended.

use std::io;

use seedance_query::{Outcome, QueryResponse, WaitError, WaitEvent, fetch::FetchEvent};
use serde_json::{Value, json};

use super::{
    BAD, OK, UNFINISHED, UNUSABLE, arguments::WaitArguments, complain, explain, gateway, get,
    heard, progress::Progress, say,
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
        let mut stop = std::pin::pin!(gateway::stopped()?);
        let mut events = wait.observe();
        loop {
            let event = tokio::select! {
                () = &mut stop => {
                    progress.clear();
                    if arguments.json {
                        let line = json!({ "event": "stopped", "task_id": task_id });
                        super::print(&line)?;
                    }
                    complain(&format!("stopped; {task_id} goes on, and can be waited for again"));
                    return Ok(UNFINISHED);
                }
                event = events.next() => event,
            };
            match event {
                Some(WaitEvent::Observed(seen)) => progress.show(&FetchEvent::from(&seen))?,
                Some(WaitEvent::Ended(outcome)) => {
                    progress.clear();
                    return if arguments.json {
                        print_json(&outcome)
                    } else {
                        print(&outcome)
                    };
                }
                None => return Ok(UNFINISHED),
            }
        }
    })
}

fn print(outcome: &Result<Outcome, WaitError>) -> io::Result<u8> {
    match outcome {
        Ok(Outcome::Succeeded(task)) => {
            heard(get::print(task.response()))?;
            print_findings(task.response());
        }
        Ok(Outcome::Failed(task)) => {
            heard(get::print(task.response()))?;
            print_findings(task.response());
            complain(&format!("there is no video: {task}"));
        }
        Ok(Outcome::TimedOut(task)) => complain(&format!("{task}; wait again to go on")),
        Ok(_) => {}
        Err(error) => explain::wait_error(error),
    }
    Ok(code(outcome))
}

fn print_findings(response: &QueryResponse) {
    for finding in response.report().findings() {
        say(&finding.to_string());
    }
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
