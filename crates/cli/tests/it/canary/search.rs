//! Runs the program, and searches what it said and wrote.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use seedance_testing::files::files;

/// What a run of the program says, on both of its outputs.
pub async fn said(arguments: &[&str], url: &str, key: &str, directory: &Path) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .env("SEEDANCE_BASE_URL", url)
        .env("SEEDANCE_API_KEY", key)
        .current_dir(directory)
        .args(arguments)
        .stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    assert!(output.status.code().is_some(), "{arguments:?}");
    [output.stdout, output.stderr].concat()
}

/// No text has any of the secrets, in whatever case.
pub fn assert_none(what: &str, text: &[u8], secrets: &[String]) {
    let lower = String::from_utf8_lossy(text).to_ascii_lowercase();
    for secret in secrets {
        assert!(
            !lower.contains(&secret.to_ascii_lowercase()),
            "{what} has {secret}:\n{}",
            String::from_utf8_lossy(text)
        );
    }
}

/// No file below a directory has any of the secrets, in its name or in its content.
pub fn assert_none_in_files(what: &str, directory: &Path, secrets: &[String]) {
    for path in files(&directory.display().to_string()) {
        let name = path.display().to_string();
        assert_none(
            &format!("{what}: {name}"),
            &fs::read(&path).unwrap(),
            secrets,
        );
        assert_none("the name of a file", name.as_bytes(), secrets);
    }
}
