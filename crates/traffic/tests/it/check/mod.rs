//! Traffic of any kind in, reports out.

mod bad_input;
mod forms;
mod known;
mod timelines;

use std::{
    io,
    path::{Path, PathBuf},
};

use seedance_query::{Report, Rule};
use seedance_traffic::{Check, Checked, Output, Session, Summary, Unreadable};

/// Keeps everything that it is told.
#[derive(Default)]
pub struct Kept {
    pub responses: Vec<(String, Report)>,
    pub unreadable: Vec<Unreadable>,
}

impl Output for Kept {
    fn wants_all(&self) -> bool {
        true
    }

    fn response(&mut self, checked: &Checked) -> io::Result<()> {
        let source = checked.source.to_string();
        self.responses.push((source, checked.report.clone()));
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
    /// What could not be read, each with its place.
    pub fn complaints(&self) -> Vec<String> {
        let complaints = self.unreadable.iter();
        complaints
            .map(|unreadable| format!("{}: {}", unreadable.source, unreadable.message))
            .collect()
    }
}

pub fn check(paths: &[&Path]) -> (Kept, Summary) {
    check_with(Session::new(), paths)
}

pub fn check_with(session: Session, paths: &[&Path]) -> (Kept, Summary) {
    let mut kept = Kept::default();
    let paths = paths.iter().map(|path| PathBuf::from(*path));
    let summary = Check::new(paths).run(session, &mut kept).unwrap();
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

    pub fn check(&self) -> (Kept, Summary) {
        check(&[&self.path])
    }
}
