//! Installed programs.

use std::{
    env, io,
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
        let mut build = Command::new(env!("CARGO"));
        build
            .args(["build", "--locked", "--quiet"])
            .args([
                "--package",
                "seedance-query-cli",
                "--features",
                "object-store,parquet,postgres",
            ])
            .args(["--message-format", "json-render-diagnostics"])
            .current_dir(root())
            .stderr(Stdio::inherit());
        // They are of the test's own crate, and some build scripts run again when they change.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                build.env_remove(&name);
            }
        }
        let output = build.output().unwrap();
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
