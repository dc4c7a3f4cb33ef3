//! The program as a child process.

use std::process::{Command, Stdio};

/// The key that tests give it.
pub const API_KEY: &str = "sk-test-0123456789";

/// The program with these arguments, for a gateway at this address.
pub fn program(base_url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .env("SEEDANCE_BASE_URL", base_url)
        .env("SEEDANCE_API_KEY", API_KEY)
        .stdin(Stdio::null())
        .args(arguments);
    command
}

/// What came of a run beside the server of the test: exit status, standard output and standard
/// error.
pub async fn run(mut command: Command) -> (i32, String, String) {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}
