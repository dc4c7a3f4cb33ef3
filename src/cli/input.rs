//! Paths to responses.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use seedance_query::{Report, capture::Capture, validate, validate_response};
use walkdir::WalkDir;

/// What a directory is searched for.
const EXTENSIONS: [&str; 2] = ["http", "json"];

/// One response to check.
pub(super) struct Input {
    /// What the user knows it by.
    pub name: String,
    pub body: Vec<u8>,
    /// How many lines stand before the body.
    pub lines_before: usize,
    pub report: Report,
}

/// A file to be read, or why there is none.
pub(super) type Found = Result<PathBuf, String>;

/// The files that a path means, in a stable order.
pub(super) fn files(path: &Path) -> Vec<Found> {
    if !path.is_dir() {
        return vec![Ok(path.to_owned())];
    }
    let mut files = Vec::new();
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    for entry in WalkDir::new(path)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(visible)
    {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                let extension = entry.path().extension().and_then(|name| name.to_str());
                if extension.is_some_and(|extension| EXTENSIONS.contains(&extension)) {
                    files.push(Ok(entry.into_path()));
                }
            }
            Err(error) => files.push(Err(format!("cannot read {}: {error}", path.display()))),
        }
    }
    if files.is_empty() {
        files.push(Err(format!(
            "{} holds no .http and no .json file",
            path.display()
        )));
    }
    files
}

/// Reads and checks a file, or standard input for `-`.
pub(super) fn read(path: &Path, stdin_is_read: &mut bool) -> Result<Input, String> {
    let is_stdin = path == Path::new("-");
    if is_stdin && std::mem::replace(stdin_is_read, true) {
        return Err("cannot read standard input: it was read already".to_owned());
    }
    let (name, bytes) = bytes(path)?;
    if !Capture::is_like(&bytes) {
        return Ok(Input {
            report: validate(&bytes),
            body: bytes,
            lines_before: 0,
            name,
        });
    }
    let capture = Capture::parse(&bytes).map_err(|error| format!("cannot read {name}: {error}"))?;
    let start = capture.body_range.map_or(0, |range| range.start);
    let before = &bytes[..start];
    Ok(Input {
        report: validate_response(capture.status.as_u16(), &capture.body),
        body: capture.body,
        lines_before: before.split(|byte| *byte == b'\n').count() - 1,
        name,
    })
}

/// What a path is called, and its bytes or those of standard input for `-`.
pub(super) fn bytes(path: &Path) -> Result<(String, Vec<u8>), String> {
    let mut bytes = Vec::new();
    let (name, read) = if path == Path::new("-") {
        let read = io::stdin().lock().read_to_end(&mut bytes);
        ("standard input".to_owned(), read.map(|_| bytes))
    } else {
        (path.display().to_string(), fs::read(path))
    };
    match read {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(format!("cannot read {name}: {error}")),
    }
}
