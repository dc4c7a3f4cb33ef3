//! Parquet and Arrow files: the same verdicts as for the same bodies in lines.

mod bad_input;
mod fixtures;
mod written;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use seedance_testing::files::root;
use seedance_traffic::{
    Output, Places, Recordings, Session, Summary, Unreadable, ValidatedResponse,
};

/// An output that keeps what cannot be read, and the names of the responses.
#[derive(Default)]
pub struct Kept {
    pub unreadable: Vec<String>,
    pub sources: Vec<String>,
}

impl Output for Kept {
    fn wants_all(&self) -> bool {
        true
    }

    fn response(&mut self, response: &ValidatedResponse) -> io::Result<()> {
        self.sources.push(response.source.to_string());
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        let message = format!("{}: {}", unreadable.source, unreadable.message);
        self.unreadable.push(message);
        Ok(())
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

pub fn validate(path: &Path) -> (Kept, Summary) {
    validate_with(path, Places::default())
}

pub fn validate_with(path: &Path, places: Places) -> (Kept, Summary) {
    let mut kept = Kept::default();
    let recordings = Recordings::new([path.to_owned()]).with_places(places);
    let summary = recordings.validate(Session::new(), &mut kept).unwrap();
    (kept, summary)
}

/// The place of the bodies told by the name of their column.
pub fn column(name: &str) -> Places {
    Places {
        column: Some(name.to_owned()),
        ..Places::default()
    }
}

/// What does not depend on how bodies are stored.
pub fn facts(summary: &Summary) -> String {
    let findings: Vec<_> = summary
        .drifts
        .iter()
        .map(|found| (found.rule, &found.pointer, &found.value, found.count))
        .collect();
    format!(
        "{} {:?} {:?} {:?} {:?} {:?} {findings:?} {:?} {:?}",
        summary.responses,
        summary.tasks,
        summary.verdicts,
        summary.severities,
        summary.shapes,
        summary.rules,
        summary.fields,
        summary.values,
    )
}

/// Where the files are that other tools wrote.
pub fn tables() -> PathBuf {
    root().join("crates/traffic/tests/recordings/tables")
}

/// The files with one of these extensions.
pub fn with_extension(extensions: &[&str]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(tables())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| extensions.contains(&extension))
        })
        .collect();
    found.sort();
    found
}
