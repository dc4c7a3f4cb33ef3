//! Recordings in, findings out.

mod bad_input;
mod baseline;
mod forms;
mod kinds_of_input;
mod recognition;
#[cfg(not(feature = "parquet"))]
mod tables;
mod timelines;

use std::{
    io,
    path::{Path, PathBuf},
};

use seedance_query::{Report, Rule};
use seedance_traffic::{Output, Recordings, Session, Summary, Unreadable, ValidatedResponse};

/// An output that keeps everything.
#[derive(Default)]
pub struct Kept {
    pub responses: Vec<(String, Report)>,
    pub unreadable: Vec<Unreadable>,
}

impl Output for Kept {
    fn wants_all(&self) -> bool {
        true
    }

    fn response(&mut self, validated: &ValidatedResponse) -> io::Result<()> {
        let source = validated.source.to_string();
        self.responses.push((source, validated.report.clone()));
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        self.unreadable.push(unreadable.clone());
        Ok(())
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

impl Kept {
    /// The unreadable items, each with its location.
    pub fn complaints(&self) -> Vec<String> {
        let complaints = self.unreadable.iter();
        complaints
            .map(|unreadable| format!("{}: {}", unreadable.source, unreadable.message))
            .collect()
    }
}

pub fn validate(paths: &[&Path]) -> (Kept, Summary) {
    validate_with(Session::new(), paths)
}

pub fn validate_with(session: Session, paths: &[&Path]) -> (Kept, Summary) {
    let mut kept = Kept::default();
    let paths = paths.iter().map(|path| PathBuf::from(*path));
    let summary = Recordings::new(paths).validate(session, &mut kept).unwrap();
    (kept, summary)
}

/// The rules that found something.
pub fn rules(report: &Report) -> Vec<Rule> {
    report
        .findings()
        .iter()
        .map(|finding| finding.rule)
        .collect()
}

/// A file in a directory of its own.
pub struct Input {
    directory: tempfile::TempDir,
    pub path: PathBuf,
}

impl Input {
    pub fn new(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Self { directory, path }
    }

    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub fn validate(&self) -> (Kept, Summary) {
        validate(&[&self.path])
    }
}
