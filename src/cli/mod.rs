//! Arguments, and what each command does with them.

mod excerpt;
mod get;
mod human;
mod input;
mod spec;
mod validate;

use std::{io, path::PathBuf, process::ExitCode, time::Duration};

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

/// Everything is as it should be.
const OK: u8 = 0;
/// A body violates the contract, or the gateway gave no task.
const BAD: u8 = 1;
/// The call cannot be carried out: usage, unreadable input.
const UNUSABLE: u8 = 2;

#[derive(Parser)]
#[command(
    name = "seedance-query",
    version,
    about = "Queries Seedance 2.0 tasks and checks what the gateway answers",
    after_help = "\
Examples:
  seedance-query validate tests/captures
  curl -s -H \"Authorization: Bearer $KEY\" $URL | seedance-query validate -
  seedance-query validate --format json --deny warnings captures/ | jq .verdict
  SEEDANCE_BASE_URL=https://gateway.example SEEDANCE_API_KEY=... seedance-query get asyntask_...
  seedance-query spec --schema contract > contract.schema.json

Exit status:
  0  nothing violates the contract
  1  something does, or the gateway gave no task
  2  usage, or input that cannot be read; the rest is still checked"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Ask the gateway once for the state of a task
    #[command(after_help = "\
Example:
  SEEDANCE_API_KEY=... seedance-query get --base-url https://gateway.example asyntask_...

The key is read from SEEDANCE_API_KEY only: an argument would be visible to everyone on the machine.")]
    Get(GetArguments),
    /// Check captured responses against the contract and its documentation
    #[command(after_help = "\
Examples:
  seedance-query validate tests/captures           every .http and .json file below it
  seedance-query validate response.json - < body   a file, then standard input
  seedance-query validate --format json . | jq 'select(.verdict != \"conforms\")'

An input is a body, or a capture: request and response heads, an empty line, the body.
A capture's HTTP status is checked too, and says whether a body that is not JSON is an error page.")]
    Validate(ValidateArguments),
    /// Print the OpenAPI document, or a JSON Schema that follows from it
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

#[derive(clap::Args)]
struct GetArguments {
    /// The id that the submit call returned
    task_id: String,
    /// The gateway, such as `https://gateway.example`; otherwise `SEEDANCE_BASE_URL` is used
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The longest time for the request, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    timeout: Duration,
    /// Print the body as it came, with its signed URLs, instead of a summary
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct ValidateArguments {
    /// Files, directories, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Exit with 1 on drift too
    #[arg(long, value_enum)]
    deny: Option<Deny>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Excerpts with the places underlined, and a summary
    Human,
    /// One object a line for each input, in their order
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Warnings and infos
    Warnings,
}

#[derive(clap::Args)]
struct SpecArguments {
    /// Print this reading as JSON Schema 2020-12 instead
    #[arg(long, value_enum)]
    schema: Option<Schema>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Schema {
    /// What a client must be able to rely on
    Contract,
    /// The contract and all that the documentation promises
    Documentation,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("has to be more than 0".to_owned()),
    }
}

/// Runs the command that the arguments name.
pub(crate) fn run() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Get(arguments) => get::run(&arguments),
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Spec(arguments) => spec::run(&arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = Arguments::command();
            clap_complete::generate(shell, &mut command, "seedance-query", &mut script);
            io::Write::write_all(&mut io::stdout(), &script).map(|()| OK)
        }
    };
    match outcome {
        Ok(code) => code.into(),
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => OK.into(),
        Err(error) => {
            complain(&format!("cannot write the output: {error}"));
            UNUSABLE.into()
        }
    }
}

/// Says on standard error why something was not done.
fn complain(message: &str) {
    anstream::eprintln!("seedance-query: {message}");
}
