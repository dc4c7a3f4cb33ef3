//! Which command runs.

use std::io;

use super::{
    completions, demo, download, explain, fetch, get, ledger, mock, playground, proxy, spec,
    submit, summary, validate, wait,
};
use crate::{
    arguments::{Arguments, Command},
    exit_status::Exit,
};

/// Runs the command that the arguments name.
pub(crate) fn run(arguments: &Arguments) -> io::Result<Exit> {
    let status = match &arguments.command {
        Command::Proxy(arguments) => return proxy::run(arguments),
        Command::Get(arguments) => get::run(arguments),
        Command::Submit(arguments) => submit::run(arguments),
        Command::Wait(arguments) => wait::run(arguments),
        Command::Download(arguments) => download::run(arguments),
        Command::Fetch(arguments) => fetch::run(arguments),
        Command::Ledger(arguments) => ledger::run(arguments),
        Command::Mock(arguments) => mock::run(arguments),
        Command::Playground(arguments) => playground::run(arguments),
        Command::Demo(arguments) => demo::run(arguments),
        Command::Validate(arguments) => validate::run(arguments),
        Command::Summary(arguments) => summary::run(arguments),
        Command::Spec(arguments) => spec::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Completions { shell } => completions::run(*shell),
    };
    status.map(Exit::from)
}
