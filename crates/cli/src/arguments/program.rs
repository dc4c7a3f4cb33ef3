//! The program and its commands, with their help.

use clap::{Parser, Subcommand};

use super::{
    explain::ExplainArguments,
    fetch::FetchArguments,
    ledger::LedgerArguments,
    server::{DemoArguments, MockArguments, PlaygroundArguments, ProxyArguments},
    spec::SpecArguments,
    submit::SubmitArguments,
    summary::SummaryArguments,
    task::{DownloadArguments, GetArguments, WaitArguments},
    validate::ValidateArguments,
};
use crate::exit_status::ExitStatus;

#[derive(Parser)]
#[command(
    name = "seedance-query",
    version,
    args_override_self = true,
    about = "Query Seedance 2.0 tasks, fetch their videos, and validate the gateway's responses",
    after_help = program_help()
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

fn program_help() -> String {
    format!(
        "\
Examples:
  seedance-query demo
  seedance-query wait asyntask_...
  seedance-query fetch --into videos asyntask_... asyntask_...
  until seedance-query fetch --into videos --from ids.txt; do sleep 60; done
  seedance-query validate tests/captures
  curl -s -H \"Authorization: Bearer $KEY\" $URL | seedance-query validate -
  seedance-query spec --schema contract > contract.schema.json

Commands that query a gateway read SEEDANCE_BASE_URL, or --base-url, and SEEDANCE_API_KEY. The key
is never an argument: everyone on the machine could see it.

{}

A batch (fetch) exits with 0 once nothing is left to do. A run that finds that tasks have failed or
ended without a video exits with 4 or 5, unless others are left (3).",
        ExitStatus::list()
    )
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Submit a task, which is billed; never sent twice
    #[command(after_help = "\
Examples:
  seedance-query submit --model seedance-fast --prompt 'A paper boat' --duration 8
  seedance-query submit --model seedance-2.0 --prompt 'It moves' --first-frame boat.png --into videos
  seedance-query submit --request request.json --dry-run

The limits of the model are checked before anything is sent. Prints the id of the task. If it is not
known whether the task was accepted, the exit status is 8: look into the gateway's log before
submitting again, since a second submission is a second task.

With --into or --ledger, the submission is noted in the directory's ledger before it is sent, so that
it leaves a trace whatever happens; `ledger` shows it, and `fetch` continues with the task. The ledger
has the model, the time, a digest of the request and the gateway's request id, but not the prompt.")]
    Submit(Box<SubmitArguments>),
    /// Query the state of a task once
    #[command(after_help = "\
Example:
  SEEDANCE_API_KEY=... seedance-query get --base-url https://gateway.example asyntask_...")]
    Get(GetArguments),
    /// Poll until the task ends
    #[command(after_help = "\
Examples:
  seedance-query wait asyntask_...
  seedance-query wait --wait-timeout 10m --json asyntask_... | jq -r .status

Stopping it does not affect the task. With --json, each query is a line; the last line has the
outcome, with the body and its signed URLs.")]
    Wait(WaitArguments),
    /// Poll until the task ends, and download its video
    #[command(after_help = "\
Examples:
  seedance-query download asyntask_...
  seedance-query download --into videos --original asyntask_...

Run it again to resume an interrupted download. The key goes to the gateway only, never to the store
that serves the video.")]
    Download(DownloadArguments),
    /// Fetch the videos of many tasks; resumable
    #[command(after_help = "\
Examples:
  seedance-query fetch --into videos asyntask_... asyntask_...
  seedance-query fetch --into videos --from ids.txt
  list-my-tasks | seedance-query fetch --into videos --from -
  tail -n +1 -f ids.txt | seedance-query fetch --into videos --from -
  seedance-query fetch --into videos                 continue with what is left
  seedance-query fetch --into videos --verify        compare the files with the ledger

A ledger in the directory records what is done: it can be killed at any point and run again. Tasks
whose videos have arrived are not queried or downloaded again. The last body of each task is kept
beside its video, without secrets.

With --ledger, any number of workers share a ledger in Postgres, and join and leave at any time:
  seedance-query fetch --ledger postgres://worker@db.example/fleet --into videos --from ids.txt
The password is taken from PGPASSWORD. Each task is with one worker at a time; those of a worker that
dies are taken over when its lease ends. A worker ends when nothing is left to do for any of them.

With a URL, videos go to an object store; each is downloaded to --scratch and verified there first:
  seedance-query fetch --into s3://bucket/videos --scratch /var/tmp/videos --from ids.txt
Settings and credentials are those of AWS_*, GOOGLE_* and AZURE_* in the environment. An object that is
there already with other content is left as it is. Without --ledger, the ledger is in --scratch: keep it.")]
    Fetch(Box<FetchArguments>),
    /// Show what a ledger knows, and settle submissions
    #[command(after_help = "\
Examples:
  seedance-query ledger videos
  seedance-query ledger postgres://worker@db.example/fleet
  seedance-query ledger postgres://worker@db.example/fleet --metrics 9100
  seedance-query ledger videos --submitted 3=asyntask_...
  seedance-query ledger videos --not-submitted 3

A submission is noted before it is sent. If it is not known what became of it, because the program was
killed or the gateway gave no answer, it was perhaps submitted: the task can exist and be billed. Look
for it in the gateway's task list, or in its log by the request id or the time, and say here what you
found. The same request is not submitted again before that. Nothing is queried. Exits with 8 while a
submission is not settled.")]
    Ledger(LedgerArguments),
    /// Run a mock gateway on this machine
    #[command(after_help = "\
Examples:
  seedance-query mock --listen 127.0.0.1:8080 --speed 10
  seedance-query mock --list                          list all tasks and faults
  seedance-query mock --failure-rate 0.3              fail three of ten requests

Any client can be pointed at it:
  curl -H 'Authorization: Bearer sk-mock-0123456789abcdef' \\
    http://127.0.0.1:8080/v1/video/generations/asyntask_Normal00000000000000000000000001
  SEEDANCE_BASE_URL=http://127.0.0.1:8080 SEEDANCE_API_KEY=sk-mock-0123456789abcdef \\
    seedance-query fetch --into videos normal super-resolution failure

The id of a task selects what happens to it. A task starts when it is first queried.")]
    Mock(MockArguments),
    /// Try the API in a browser, with a report beside each response
    #[command(after_help = "\
Examples:
  seedance-query playground                                       in front of a mock gateway
  seedance-query playground --upstream https://gateway.example    in front of a gateway

The page comes from this machine and loads nothing from another one. A key that is typed there goes to
the gateway and is kept nowhere. Requests of any other client to the same address are listed, too.")]
    Playground(PlaygroundArguments),
    /// Show a complete run in a few seconds; needs no key and no network
    #[command(after_help = "\
Example:
  seedance-query demo

Starts a mock gateway, waits for a normal, a super-resolution and a failing task, validates every
response and downloads the videos.")]
    Demo(DemoArguments),
    /// Validate the traffic of any client on its way to a gateway
    #[command(after_help = "\
Examples:
  seedance-query proxy --upstream https://gateway.example
  seedance-query proxy --upstream https://gateway.example --record captures --redact-ids
  seedance-query proxy --upstream http://127.0.0.1:8080 --listen 127.0.0.1:8081 --json
  seedance-query proxy --upstream https://gateway.example -- pytest tests
  seedance-query proxy --upstream https://gateway.example --env OPENAI_BASE_URL=/v1 -- npm test

Point a client at the printed address instead of at the gateway. Responses pass through unchanged
and are validated off the request path. The key goes to the gateway and is not kept. Pages:
  /               to try the API in a browser
  /_report        for a browser; JSON at /_report.json
  /_metrics       for Prometheus
Off loopback they need a token: that of SEEDANCE_PROXY_TOKEN, or the random one that is printed.

With a command, the address is in the command's SEEDANCE_BASE_URL, findings are printed as they
happen, and the proxy ends with the command. A command that fails passes its own exit status on. If
it succeeds, the status is 1 for findings as severe as --fail-on, as with `validate`, and 2 if nothing
was validated. Without a command, findings fail only if --fail-on or --baseline is given.

Exits with 2 if a capture could not be written, and with 3 if it was stopped before everything was
validated and recorded.")]
    Proxy(ProxyArguments),
    /// Validate recorded responses against the contract and its documentation
    #[command(after_help = "\
Examples:
  seedance-query validate tests/captures
  seedance-query validate session.har polls.ndjson.gz --summary --timeline
  curl -si $URL | seedance-query validate -
  seedance-query validate --format json . | jq 'select(.verdict != \"conforms\")'
  seedance-query validate traffic --baseline write     accept the current findings
  seedance-query validate traffic --baseline check     report new findings only

An input is a body, an array or lines of bodies, the output of `curl -i`, or an HTTP archive (HAR);
also compressed by gzip or zstd. The polls of a task are compared with each other, also
across inputs. A finding that recurs in an input is shown once.

Exits with 1 if a finding is as severe as --fail-on, and with 2 if an input cannot be read.")]
    Validate(ValidateArguments),
    /// Merge summaries of recorded responses, and print them
    #[command(after_help = "\
Examples:
  seedance-query validate monday/ --summary-out monday.json
  seedance-query validate tuesday/ --summary-out tuesday.json
  seedance-query summary show monday.json tuesday.json --timeline
  seedance-query summary merge monday.json tuesday.json -o both.json

Prints what `validate --summary` prints for all inputs together; polls of a task are compared across
parts. An input is known by its name, as it was given, and its content: in several parts it counts
once, and under two names twice. A recording that has grown is another input.

Exits as `validate` does, and with 2 if a part cannot be read or was made with other options, by
another version of the program or with another document.")]
    Summary(SummaryArguments),
    /// Print the OpenAPI document or a JSON Schema derived from it, or compare two documents
    #[command(after_help = "\
Examples:
  seedance-query spec > openapi.yaml
  seedance-query spec --schema contract > contract.schema.json
  seedance-query spec --diff old.yaml new.yaml
  seedance-query spec --diff old.yaml new.yaml --captures recorded/ --json | jq .changes
  seedance-query spec --since origin/main openapi.yaml

--diff and --since list what changes for clients that read responses, breaking changes first, and the
captures that only the new contract rejects. They exit with 1 if there is a breaking change or such a
capture.")]
    Spec(SpecArguments),
    /// Explain a rule of `validate`: why it matters, an example, what to do
    #[command(after_help = "\
Examples:
  seedance-query explain upstream-status
  seedance-query explain                              list all rules")]
    Explain(ExplainArguments),
    /// Print a completion script for a shell
    #[command(after_help = "\
Example:
  seedance-query completions bash > ~/.local/share/bash-completion/completions/seedance-query")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}
