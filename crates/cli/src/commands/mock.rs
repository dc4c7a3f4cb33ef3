//! `mock`: a gateway for any client.

use std::io::{self, Write};

use seedance_mock::{Fault, Gateway, Scenario, task_id};
use serde_json::json;

use crate::{
    arguments::MockArguments,
    exit_status::ExitStatus,
    output::{complain, count},
    session::{runtime, stopped},
};

pub(super) fn run(arguments: &MockArguments) -> io::Result<ExitStatus> {
    if arguments.list {
        print_list(arguments.json)?;
        return Ok(ExitStatus::Done);
    }
    let mut builder = Gateway::builder()
        .listen(arguments.listen)
        .speed(arguments.speed)
        .failure_rate(arguments.failure_rate, arguments.seed);
    for name in &arguments.fault {
        let Ok(fault) = name.parse::<Fault>() else {
            complain(&format!("no fault is named `{name}`; see `mock --list`"));
            return Ok(ExitStatus::Usage);
        };
        builder = builder.fault(fault);
    }
    if let Some(bytes) = arguments.video_bytes {
        builder = builder.video_bytes(bytes);
    }
    runtime()?.block_on(async {
        let stop = stopped()?;
        let gateway = match builder.start().await {
            Ok(gateway) => gateway,
            Err(error) => {
                complain(&format!("cannot listen on {}: {error}", arguments.listen));
                return Ok(ExitStatus::Usage);
            }
        };
        print_address(&gateway, arguments.json)?;
        stop.await;
        let requests = count(gateway.requests().len(), "request");
        complain(&format!("stopped after {requests}"));
        Ok(ExitStatus::Done)
    })
}

fn print_address(gateway: &Gateway, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let (base_url, key) = (gateway.base_url(), gateway.api_key());
    if json {
        let line = json!({
            "base_url": base_url,
            "storage_url": gateway.storage_url(),
            "api_key": key,
            "tasks": tasks(),
        });
        writeln!(out, "{line}")?;
    } else {
        let id = task_id(Scenario::Normal, 1);
        writeln!(out, "gateway   {base_url}")?;
        writeln!(out, "videos    {}", gateway.storage_url())?;
        writeln!(out, "key       {key}")?;
        writeln!(
            out,
            "tasks     normal, super-resolution, failure, … (see --list)"
        )?;
        writeln!(out)?;
        writeln!(
            out,
            "curl -H 'Authorization: Bearer {key}' {base_url}/v1/video/generations/{id}"
        )?;
        writeln!(
            out,
            "SEEDANCE_BASE_URL={base_url} SEEDANCE_API_KEY={key} \\"
        )?;
        writeln!(
            out,
            "  seedance-query fetch --into videos normal super-resolution failure"
        )?;
    }
    out.flush()
}

fn tasks() -> Vec<serde_json::Value> {
    let task = |scenario: Scenario| {
        json!({
            "name": scenario.name(),
            "task_id": task_id(scenario, 1),
            "description": scenario.description(),
        })
    };
    Scenario::all().map(task).collect()
}

fn print_list(json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        for task in tasks() {
            writeln!(out, "{task}")?;
        }
        return Ok(());
    }
    writeln!(
        out,
        "A task id is a name from this list, optionally followed by a number, or its long form:"
    )?;
    writeln!(
        out,
        "  normal, normal-2, {}\n",
        task_id(Scenario::Normal, 1)
    )?;
    for scenario in Scenario::all() {
        writeln!(out, "{:<30} {}", scenario.name(), scenario.description())?;
    }
    writeln!(
        out,
        "\nAll names but the first four are also faults: `mock --fault NAME` applies one to every task;"
    )?;
    writeln!(
        out,
        "a fault that lasts for two queries then lasts forever."
    )
}
