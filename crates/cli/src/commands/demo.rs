//! `demo`: a complete run against a mock gateway.

use std::{io, time::Duration};

use seedance_fetch::Fetch;
use seedance_mock::{Gateway, Scenario, task_id};
use seedance_query::{Client, ErrorPolicy, WaitPolicy};

use super::fetch::{Batch, run_and_print};
use crate::{
    arguments::DemoArguments,
    exit_status::ExitStatus,
    output::{complain, print_query_error, say},
    session::runtime,
};

/// How much faster than real time tasks run.
const SPEED: f64 = 30.0;

/// How long a task takes by the clock of the gateway, roughly.
const TASK_SECONDS: i64 = 150;

/// Without a terminal: how often to print what is waited for.
const PROGRESS_EVERY: Duration = Duration::from_secs(10);

pub(super) fn run(arguments: &DemoArguments) -> io::Result<ExitStatus> {
    runtime()?.block_on(demo(arguments))
}

async fn demo(arguments: &DemoArguments) -> io::Result<ExitStatus> {
    let temporary = tempfile::Builder::new()
        .prefix("seedance-demo-")
        .tempdir()?;
    let directory = arguments.into.as_deref().unwrap_or(temporary.path());
    let gateway = Gateway::builder().speed(SPEED).start().await?;
    // Its clock runs ahead; so that URLs end in 24 hours all the same, it starts that far behind.
    gateway.step_clock(-TASK_SECONDS);
    say(&format!(
        "the mock gateway runs at {}, {SPEED} times as fast as a real one",
        gateway.base_url()
    ));
    let client = Client::builder()
        .base_url(gateway.base_url())
        .api_key(gateway.api_key())
        .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => {
            print_query_error(&error);
            return Ok(ExitStatus::Usage);
        }
    };
    let scaled = |real: u64| Duration::from_secs(real).div_f64(SPEED);
    let policy = WaitPolicy::default()
        .interval(scaled(15))
        .timeout(Duration::from_secs(12))
        .errors(ErrorPolicy::default().backoff(scaled(3), scaled(60)));
    let scenarios = [
        Scenario::Normal,
        Scenario::SuperResolution,
        Scenario::Failure,
    ];
    let fetch = Fetch::new(&client, directory)
        .tasks(scenarios.map(|scenario| task_id(scenario, 1)))
        .policy(policy)
        .originals(true);
    let batch = Batch {
        fetch,
        fleet: None,
        more_ids: None,
    };
    let status = run_and_print(batch, directory, arguments.json, PROGRESS_EVERY).await?;
    if arguments.into.is_none() {
        complain("the videos are deleted on exit; use --into DIR to keep them");
    }
    // One of the three tasks is there to fail.
    Ok(if status == ExitStatus::Failed {
        ExitStatus::Done
    } else {
        status
    })
}
