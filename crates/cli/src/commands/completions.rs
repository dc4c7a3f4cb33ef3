//! `completions`: a script for a shell.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{arguments::Arguments, exit_status::ExitStatus};

pub(super) fn run(shell: Shell) -> io::Result<ExitStatus> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(shell, &mut command, "seedance-query", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitStatus::Done)
}
