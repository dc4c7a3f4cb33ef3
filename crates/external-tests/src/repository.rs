//! A git repository of its own, apart from the configuration of the machine.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

use super::program::started;

/// A temporary repository.
pub struct Repository(TempDir);

impl Repository {
    /// With one commit of these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let repository = Self(TempDir::new().unwrap());
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.commit(files);
        repository
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes the files.
    pub fn write(&self, files: &[(&str, &str)]) {
        for (name, content) in files {
            let file = self.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, content).unwrap();
        }
    }

    /// Writes the files and commits all there is.
    pub fn commit(&self, files: &[(&str, &str)]) {
        self.write(files);
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "files"]);
    }

    /// Runs git, which has to succeed.
    pub fn git(&self, arguments: &[&str]) {
        let output = self.run(Command::new("git").args(arguments));
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
    }

    /// Runs a command in the repository.
    pub fn run(&self, command: &mut Command) -> Output {
        let output = command
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "Test")))
            .envs(
                ["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "test@example.com")),
            )
            .output();
        let program = command.get_program().to_string_lossy().into_owned();
        started(output, &program, "the package of that name")
    }
}
