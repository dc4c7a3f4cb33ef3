//! `mock`: a gateway for any client.

use std::io::{self, Write};

use seedance_mock::{Family, Fault, Gateway, GatewayBuilder, Refusal, Scenario, similar, task_id};
use serde_json::json;

use crate::{
    arguments::{Like, MockArguments},
    exit_status::ExitStatus,
    output::{complain, count, print, request_json, request_line, say},
    session::{reach, runtime, stopped, with_page},
};

/// How many requests are remembered.
const KEPT: usize = 1000;

pub(super) fn run(arguments: &MockArguments) -> io::Result<ExitStatus> {
    if arguments.list {
        print_list(arguments.json)?;
        return Ok(ExitStatus::Done);
    }
    let builder = match configured(arguments) {
        Ok(builder) => with_page(builder, arguments.listen, arguments.key.is_some())?,
        Err(problem) => {
            complain(&problem);
            return Ok(ExitStatus::Usage);
        }
    };
    if let Some(warning) = reach::warning(arguments.listen, "use the mock") {
        complain(&warning);
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
        print_address(&gateway, arguments)?;
        stop.await;
        let requests = count(gateway.request_count(), "request");
        complain(&format!("stopped after {requests}"));
        Ok(ExitStatus::Done)
    })
}

/// The gateway that the arguments describe, or what is wrong with them.
fn configured(arguments: &MockArguments) -> Result<GatewayBuilder, String> {
    let mut builder = Gateway::builder()
        .listen(arguments.listen)
        .opaque_ids()
        .keep_requests(KEPT)
        .speed(arguments.speed)
        .failure_rate(arguments.failure_rate, arguments.seed);
    builder = match arguments.storage_listen {
        Some(address) => builder.storage_listen(address),
        None => builder.one_port(),
    };
    for name in &arguments.fault {
        builder = builder.fault(fault(name)?);
    }
    if let Some(url) = &arguments.public_url {
        builder = builder.public_url(url);
    }
    if let Some(key) = &arguments.key {
        builder = builder.api_key(key);
    }
    builder = match arguments.like {
        None => builder,
        Some(Like::NewApi) => builder.like(Family::NewApi),
        Some(Like::NewApiWhiteLabel) => builder.like(Family::NewApi).white_label(),
    };
    if let Some(bytes) = arguments.video_bytes {
        builder = builder.video_bytes(bytes);
    }
    if arguments.log && arguments.json {
        // Nobody is told that nobody reads.
        builder = builder.on_request(|request| drop(print(&request_json(request))));
    } else if arguments.log {
        builder = builder.on_request(|request| say(&request_line(request)));
    }
    Ok(builder)
}

fn fault(name: &str) -> Result<Fault, String> {
    name.parse().map_err(|_| {
        let is_fault = |other: &&str| other.parse::<Fault>().is_ok();
        match similar(name).filter(is_fault) {
            Some(other) => format!("no fault is named `{name}`; did you mean `{other}`?"),
            None => format!("no fault is named `{name}`; see `mock --list`"),
        }
    })
}

fn print_address(gateway: &Gateway, arguments: &MockArguments) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let base_url = gateway.base_url();
    // A key of the user's own is not printed.
    let own = arguments.key.as_ref().map(|_| "as given with --key");
    let key = own.is_none().then(|| gateway.api_key());
    if arguments.json {
        let line = json!({
            "base_url": base_url,
            "storage_url": gateway.storage_url(),
            "api_key": key,
            "playground_url": format!("{base_url}/"),
            "tasks": tasks(),
        });
        writeln!(out, "{line}")?;
    } else {
        let id = task_id(Scenario::Normal, 1);
        writeln!(out, "gateway   {base_url}")?;
        writeln!(out, "videos    {}", gateway.storage_url())?;
        writeln!(out, "key       {}", key.or(own).unwrap_or_default())?;
        writeln!(out, "try it    {base_url}/")?;
        let key = key.unwrap_or("$SEEDANCE_API_KEY");
        writeln!(
            out,
            "tasks     normal, super-resolution, failure, … (see --list)"
        )?;
        writeln!(out)?;
        writeln!(
            out,
            "curl -H \"Authorization: Bearer {key}\" {base_url}/v1/video/generations/{id}"
        )?;
        let key = if own.is_some() {
            String::new()
        } else {
            format!(" SEEDANCE_API_KEY={key}")
        };
        writeln!(out, "SEEDANCE_BASE_URL={base_url}{key} \\")?;
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
        let refusals = Refusal::ALL
            .iter()
            .map(|refusal| json!({ "name": refusal.id(), "description": refusal.meaning() }));
        for task in tasks().into_iter().chain(refusals) {
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
        "\nA submission is refused if its prompt has one of these names in brackets:"
    )?;
    for refusal in Refusal::ALL {
        writeln!(out, "{:<30} {}", refusal.id(), refusal.meaning())?;
    }
    writeln!(
        out,
        "\nA submitted task does what its prompt names in brackets, such as `a boat [failure]`, or the header\n\
         X-Mock-Scenario. The header X-Mock-Fault, on any request, gives the answer to it a fault. On a\n\
         submission, a fault that refuses it begins no task; one that leaves that open begins one. Faults of a\n\
         task that do not show in the form asked for are named in X-Mock-Unfit-Fault of the answer."
    )?;
    writeln!(
        out,
        "\nAll names of tasks but the first four are also faults: `mock --fault NAME` applies one to every task;"
    )?;
    writeln!(
        out,
        "a fault that lasts for two queries then lasts forever."
    )
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn a_fault_that_is_like_another_is_told() {
        assert!(fault("rate-limited").is_ok());
        let message = fault("rate-limit").unwrap_err();
        assert!(
            message.ends_with("did you mean `rate-limited`?"),
            "{message}"
        );
        let message = fault("faliure").unwrap_err();
        assert!(message.ends_with("see `mock --list`"), "{message}");
    }
}
