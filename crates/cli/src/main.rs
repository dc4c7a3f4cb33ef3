//! The command line of `seedance-query`.

mod arguments;
mod commands;
mod exit_status;
mod input;
mod output;
mod session;
mod terminal;

use std::{io, panic, process::ExitCode};

use clap::Parser;

use self::{
    arguments::Arguments,
    exit_status::{Exit, ExitStatus},
    output::complain,
};

fn main() -> ExitCode {
    silence_caught_panics();
    let status = match commands::run(&Arguments::parse()) {
        Ok(status) => status,
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitStatus::Done.into(),
        Err(error) => {
            complain(&format!("cannot write the output: {error}"));
            Exit::Own(ExitStatus::Usage)
        }
    };
    status.into()
}

/// Prints nothing of a panic that is caught, and reported as an unreadable input.
fn silence_caught_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !seedance_traffic::is_panic_caught() {
            print(panic);
        }
    }));
}
