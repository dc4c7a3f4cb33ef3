//! The command line of `seedance-query`.

mod arguments;
mod bytes;
mod config;
mod demo;
mod diff;
mod download;
mod explain;
mod fetch;
mod gateway;
mod get;
mod human;
mod live;
mod lives;
mod mock;
mod overview;
mod progress;
mod proxy;
mod record;
mod spec;
mod table;
mod validate;
mod wait;

use std::{
    fmt,
    io::{self, Write},
    process::ExitCode,
};

use clap::{CommandFactory, Parser};

use self::arguments::{Arguments, Command};

/// Everything is as it should be.
const OK: u8 = 0;
/// A body violates the contract, a task failed, the gateway gave no task, or a spec breaks clients.
const BAD: u8 = 1;
/// The call cannot be carried out: usage, unreadable input.
const UNUSABLE: u8 = 2;
/// Not all of it yet.
const UNFINISHED: u8 = 3;

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Get(arguments) => get::run(&arguments),
        Command::Wait(arguments) => wait::run(&arguments),
        Command::Download(arguments) => download::run(&arguments),
        Command::Fetch(arguments) => fetch::run(&arguments),
        Command::Mock(arguments) => mock::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Proxy(arguments) => proxy::run(&arguments),
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Spec(arguments) => spec::run(&arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = Arguments::command();
            clap_complete::generate(shell, &mut command, "seedance-query", &mut script);
            io::stdout().write_all(&script).map(|()| OK)
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
    say(&format!("seedance-query: {message}"));
}

/// Prints a line on standard error; if it cannot be written, there is nobody to tell.
fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Prints a line on standard output, if anybody still reads it.
fn print(line: &dyn fmt::Display) -> io::Result<()> {
    heard(writeln!(io::stdout().lock(), "{line}")).map(|_| ())
}

/// Whether output went to somebody: a closed pipe is no reason to stop, or to say that all is well.
fn heard(outcome: io::Result<()>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}
