//! Installed programs.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

use seedance_testing::files::root;
use serde_json::Value;

/// The started program; panics with what to install if it could not be started.
pub fn started<T>(started: io::Result<T>, program: &str, package: &str) -> T {
    started.unwrap_or_else(|error| {
        panic!("cannot run {program}: {error}; {package} has it, and `.ci/tools` installs it")
    })
}

/// The program of this workspace, built once.
pub fn seedance_query() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        let output = Command::new(env!("CARGO"))
            .args([
                "build",
                "--locked",
                "--quiet",
                "--package",
                "seedance-query-cli",
                "--features",
                "parquet,postgres",
            ])
            .args(["--message-format", "json-render-diagnostics"])
            .current_dir(root())
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success(), "the program does not compile");
        let executable = |line: &str| {
            let message: Value = serde_json::from_str(line).unwrap();
            Some(PathBuf::from(message["executable"].as_str()?))
        };
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().find_map(executable).unwrap()
    });
    &PROGRAM
}
