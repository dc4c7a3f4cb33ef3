//! What the command line takes.

mod validate;

use std::{
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use clap::{Parser, Subcommand, ValueEnum};

pub(super) use self::validate::{BaselineAction, FailOn, Format, ValidateArguments};

#[derive(Parser)]
#[command(
    name = "seedance-query",
    version,
    args_override_self = true,
    about = "Queries Seedance 2.0 tasks, fetches their videos, and checks what the gateway answers",
    after_help = "\
Examples:
  seedance-query demo
  seedance-query wait asyntask_...
  seedance-query fetch --into videos asyntask_... asyntask_...
  seedance-query validate tests/captures
  curl -s -H \"Authorization: Bearer $KEY\" $URL | seedance-query validate -
  seedance-query validate --format json --fail-on warning captures/ | jq .verdict
  seedance-query spec --schema contract > contract.schema.json

Commands that ask a gateway read SEEDANCE_BASE_URL, or --base-url, and SEEDANCE_API_KEY. The
key is never an argument: it would be visible to everyone on the machine.

Exit status:
  0  everything is as it should be: what was asked for is there, nothing violates the contract
  1  a body violates the contract, a task failed, or the gateway gave no task
  2  usage, or input that cannot be read; the rest is still checked
  3  not all of it: a task goes on, or only some videos of a batch have arrived"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Ask the gateway once for the state of a task
    #[command(after_help = "\
Example:
  SEEDANCE_API_KEY=... seedance-query get --base-url https://gateway.example asyntask_...

The key is read from SEEDANCE_API_KEY only: an argument would be visible to everyone on the
machine.")]
    Get(GetArguments),
    /// Ask the gateway again and again until a task has ended
    #[command(after_help = "\
Examples:
  seedance-query wait asyntask_...
  seedance-query wait --deadline 10m --json asyntask_... | jq -r .status

Nothing is ever submitted, and stopping it leaves the task alone.
With --json there is one object a line: each query, then how it ended. The last one has the
body with its signed URLs; nothing else has.

Exit status:
  0  the video is there    1  there will be none, or asking was given up
  2  usage                 3  the task goes on at the deadline")]
    Wait(WaitArguments),
    /// Wait for a task and download its video
    #[command(after_help = "\
Examples:
  seedance-query download asyntask_...
  seedance-query download --into videos --original asyntask_...

An interrupted download goes on where it ended when it is run again. The key goes to the gateway
only, never to the store that has the video.")]
    Download(DownloadArguments),
    /// Take tasks from id to verified file, as often as it takes
    #[command(after_help = "\
Examples:
  seedance-query fetch --into videos asyntask_... asyntask_...
  seedance-query fetch --into videos --from ids.txt
  list-my-tasks | seedance-query fetch --into videos --from -
  seedance-query fetch --into videos                 go on with what is left

What is done stands in a ledger in the directory: kill it at any point and run it again.
Nothing that has arrived is asked for or downloaded again. The last body of each task is kept
beside its video as a capture without secrets.

Exit status:
  0  all videos of the directory's tasks have arrived    1  none has
  2  usage, or the directory cannot be used              3  some have

A task that failed, and so is refunded, has no video that could arrive.")]
    Fetch(FetchArguments),
    /// Run a gateway on this machine, to try any client against
    #[command(after_help = "\
Examples:
  seedance-query mock --listen 127.0.0.1:8080 --speed 10
  seedance-query mock --list                          every task it knows, and what happens to it
  seedance-query mock --failure-rate 0.3              three of ten requests fail

Any client, in any language, can be pointed at it:
  curl -H 'Authorization: Bearer sk-mock-0123456789abcdef' \\
    http://127.0.0.1:8080/v1/video/generations/asyntask_Normal00000000000000000000000001
  SEEDANCE_BASE_URL=http://127.0.0.1:8080 SEEDANCE_API_KEY=sk-mock-0123456789abcdef \\
    seedance-query fetch --into videos normal super-resolution failure

The id of a task says what happens to it; a task begins when it is first asked for. Everything
stays on 127.0.0.1 unless --listen says otherwise.")]
    Mock(MockArguments),
    /// See it all at work: no key, no network, a few seconds
    #[command(after_help = "\
Example:
  seedance-query demo

Starts the gateway of `mock`, waits for a normal, a super-resolution and a failing task, checks
every answer, downloads the videos and prints what came of it.")]
    Demo(DemoArguments),
    /// Check the traffic of any client on its way to a gateway
    #[command(after_help = "\
Examples:
  seedance-query proxy --upstream https://gateway.example
  seedance-query proxy --upstream https://gateway.example --record captures --redact-ids
  seedance-query proxy --upstream http://127.0.0.1:8080 --listen 127.0.0.1:8081 --json

Point a client, in any language, at the address that it prints instead of at the gateway. Every
response passes through byte for byte; what is found in it is said here, and on these pages:
  /_report        for a browser, and as JSON for whoever asks for that, or at /_report.json
  /_metrics       for Prometheus

Nothing of it can delay, change or break the traffic. The key goes to the gateway and is not kept.
Everything stays on 127.0.0.1 unless --listen says otherwise.

Exit status:
  0  it ran until it was stopped    2  it could not run
  3  it was stopped before all was checked, recorded and said")]
    Proxy(ProxyArguments),
    /// Check captured responses against the contract and its documentation
    #[command(after_help = "\
Examples:
  seedance-query validate tests/captures            every file below it that can hold responses
  seedance-query validate session.har polls.ndjson.gz --summary --timeline
  curl -si $URL | seedance-query validate -
  seedance-query validate --format json . | jq 'select(.verdict != \"conforms\")'
  seedance-query validate traffic --baseline write  know what there is; then, to see what is new:
  seedance-query validate traffic --baseline check --fail-on warning

What an input holds is told by how it begins: a body; an array, a row or lines of bodies; what
`curl -i` prints; an HTTP archive (HAR), of which other operations are passed over; or any of
these compressed by gzip or zstd. The HTTP status is checked too, where it is known. The polls of
each task are compared with each other, also across inputs.

A finding that comes up in many responses of an input is shown once.

Exit status:
  0  nothing as bad as --fail-on says    1  something is
  2  usage, or something cannot be read; the rest is still checked")]
    Validate(ValidateArguments),
    /// Print the OpenAPI document, or a JSON Schema that follows from it; compare two documents
    #[command(after_help = "\
Examples:
  seedance-query spec > openapi.yaml
  seedance-query spec --schema contract > contract.schema.json
  seedance-query spec --diff old.yaml new.yaml
  seedance-query spec --diff old.yaml new.yaml --captures recorded/ --json | jq .changes

--diff tells what changes for whoever reads responses: the breaking changes first, then the
compatible ones, and the captures that the new contract rejects and the old one accepts. Names,
order and composition of schemas are no change, nor are descriptions and examples.

Exit status of --diff:
  0  no breaking change        1  a breaking change, or a capture that is rejected
  2  usage, or a document or capture that cannot be read")]
    Spec(SpecArguments),
    /// Print a completion script for a shell
    #[command(after_help = "\
Example:
  seedance-query completions bash > ~/.local/share/bash-completion/completions/seedance-query")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What every command that asks a gateway takes.
#[derive(clap::Args)]
pub(super) struct GatewayArguments {
    /// The gateway, such as `https://gateway.example`; otherwise `SEEDANCE_BASE_URL` is used
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// The longest time for a request, such as `30s`
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub timeout: Duration,
    #[command(flatten)]
    pub record: RecordArguments,
}

/// What every command that sees responses takes.
#[derive(clap::Args)]
pub(super) struct RecordArguments {
    /// Keep each response as a file in this directory, without keys and signatures
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// Take out of these files, too, which user, channel or account it was
    #[arg(long, requires = "record")]
    pub redact_ids: bool,
    /// Keep signed URLs in these files, but never the key; asks first
    #[arg(long, requires = "record", conflicts_with = "redact_ids")]
    pub unredacted: bool,
}

/// What every command that waits takes.
#[derive(clap::Args)]
pub(super) struct WaitingArguments {
    /// The longest time to wait for a task, such as `45m` or `2h`
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = duration)]
    pub deadline: Duration,
    /// The time between two queries of a task
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = duration)]
    pub interval: Duration,
}

#[derive(clap::Args)]
pub(super) struct GetArguments {
    /// The id that the submit call returned
    pub task_id: String,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    /// Print the body as it came, with its signed URLs, instead of a summary
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(super) struct WaitArguments {
    /// The id that the submit call returned
    pub task_id: String,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    #[command(flatten)]
    pub waiting: WaitingArguments,
    /// Print one object a line instead of a summary
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(super) struct DownloadArguments {
    /// The id that the submit call returned
    pub task_id: String,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    #[command(flatten)]
    pub waiting: WaitingArguments,
    /// The directory for the file
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub into: PathBuf,
    /// The name of the file; otherwise it follows from the task's id
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Download the video before the enhancement, of a super-resolution task
    #[arg(long)]
    pub original: bool,
    /// Replace a file that is there
    #[arg(long)]
    pub overwrite: bool,
    /// Print one object a line instead of a summary
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(super) struct FetchArguments {
    /// The ids that the submit calls returned
    #[arg(value_name = "TASK_ID")]
    pub task_ids: Vec<String>,
    /// A file with one id a line, or - for standard input; lines that begin with # are passed over
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// The directory for videos, captures and the ledger
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    #[command(flatten)]
    pub waiting: WaitingArguments,
    /// Fetch the videos before the enhancement as well
    #[arg(long)]
    pub original: bool,
    /// Take a task out of the ledger, such as an id that the gateway does not know
    #[arg(long, value_name = "TASK_ID")]
    pub forget: Vec<String>,
    /// How many videos are downloaded at a time
    #[arg(long, value_name = "NUMBER", default_value = "4")]
    pub downloads: NonZeroUsize,
    /// How many queries begin in a second, over all tasks
    #[arg(long, value_name = "NUMBER", default_value = "20")]
    pub rate: NonZeroU32,
    /// Print one object a line: each event, then the summary
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(super) struct ProxyArguments {
    /// The gateway that everything goes to, such as `https://gateway.example`
    #[arg(long, value_name = "URL")]
    pub upstream: String,
    /// The address for clients
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: std::net::SocketAddr,
    #[command(flatten)]
    pub record: RecordArguments,
    /// The longest time for the gateway to begin a response
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub timeout: Duration,
    /// The longest time for what is on its way when it is stopped, and then for checking it
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub grace: Duration,
    /// Print one object a line: the address, each response, then the summary
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(super) struct MockArguments {
    /// The address of the gateway; the stores get free ports of the same host
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: std::net::SocketAddr,
    /// How many times as fast its clock runs: a task takes some 150 s of it
    #[arg(long, value_name = "FACTOR", default_value = "1", value_parser = factor)]
    pub speed: f64,
    /// Which part of all requests fails at random, from 0 to 1
    #[arg(long, value_name = "PART", default_value = "0", value_parser = part)]
    pub failure_rate: f64,
    /// The seed of what is random, for a run that can be repeated
    #[arg(long, value_name = "NUMBER", default_value = "1")]
    pub seed: u64,
    /// What happens to every task, besides what its id says; see --list
    #[arg(long, value_name = "NAME")]
    pub fault: Vec<String>,
    /// The length of each video in bytes
    #[arg(long, value_name = "BYTES")]
    pub video_bytes: Option<u64>,
    /// Print the known tasks and faults, and end
    #[arg(long)]
    pub list: bool,
    /// Print the address, the key and the list as one object
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(super) struct DemoArguments {
    /// The directory for the videos; otherwise they go with the demo
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Print one object a line: each event, then the summary
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(super) struct SpecArguments {
    /// Print a JSON Schema 2020-12 instead: of a reading, or of the reports on it
    #[arg(long, value_enum)]
    pub schema: Option<Schema>,
    /// Compare two documents instead
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "schema")]
    pub diff: Option<Vec<PathBuf>>,
    /// The captured responses to try both on; otherwise tests/captures, if it is there
    #[arg(long, value_name = "DIR", requires = "diff")]
    pub captures: Option<PathBuf>,
    /// Print the changes as one object
    #[arg(long, requires = "diff")]
    pub json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Schema {
    /// What a client must be able to rely on
    Contract,
    /// The contract and all that the documentation promises
    Documentation,
    /// A line of `validate --format json`
    Report,
}

/// A number of seconds, or a number with a unit.
fn duration(text: &str) -> Result<Duration, String> {
    let parsed = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => text
            .parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|duration| duration.try_into().ok()),
    };
    match parsed {
        Some(duration) if duration.is_zero() => Err("has to be more than 0".to_owned()),
        Some(duration) => Ok(duration),
        None => Err("not a time such as `90`, `90s`, `30m` or `2h`".to_owned()),
    }
}

fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 0.0 && factor.is_finite() => Ok(factor),
        _ => Err("has to be a number above 0".to_owned()),
    }
}

fn part(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(part) if (0.0..=1.0).contains(&part) => Ok(part),
        _ => Err("has to be a number from 0 to 1".to_owned()),
    }
}
