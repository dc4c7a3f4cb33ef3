//! The program and its commands, with their help.

use clap::{Parser, Subcommand};

use super::{
    fetch::FetchArguments,
    server::{DemoArguments, MockArguments, ProxyArguments},
    spec::SpecArguments,
    task::{DownloadArguments, GetArguments, WaitArguments},
    validate::ValidateArguments,
};

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
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
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
