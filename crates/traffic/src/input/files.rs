//! Paths to files.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// The extensions of files that are read in a directory.
const EXTENSIONS: [&str; 5] = ["http", "json", "ndjson", "jsonl", "har"];
/// Extensions that can follow one of these.
const COMPRESSED: [&str; 3] = ["gz", "zst", "zstd"];

/// The files of some paths, those of directories in the order of their names.
///
/// A path that is not a directory is returned as it is. Hidden files are skipped.
pub struct Files {
    paths: std::vec::IntoIter<PathBuf>,
    /// The current directory.
    directory: Option<Directory>,
}

struct Directory {
    path: PathBuf,
    entries: Box<dyn Iterator<Item = walkdir::Result<DirEntry>> + Send>,
    is_empty: bool,
}

/// A file to read, or a path and why it cannot be read.
type Found = Result<PathBuf, (PathBuf, String)>;

impl Files {
    /// The files of these paths, in this order.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            paths: paths.into_iter().collect::<Vec<_>>().into_iter(),
            directory: None,
        }
    }
}

impl Iterator for Files {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(directory) = &mut self.directory {
                match directory.next() {
                    Some(found) => return Some(found),
                    None => self.directory = None,
                }
            }
            let path = self.paths.next()?;
            if !path.is_dir() {
                return Some(Ok(path));
            }
            self.directory = Some(Directory::new(path));
        }
    }
}

impl Directory {
    fn new(path: PathBuf) -> Self {
        let is_visible = |entry: &DirEntry| {
            entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
        };
        let entries = WalkDir::new(&path).sort_by_file_name().into_iter();
        Self {
            entries: Box::new(entries.filter_entry(is_visible)),
            path,
            is_empty: true,
        }
    }

    fn next(&mut self) -> Option<Found> {
        loop {
            match self.entries.next() {
                Some(Ok(entry)) if entry.file_type().is_dir() || !is_wanted(entry.path()) => {}
                Some(Ok(entry)) => {
                    self.is_empty = false;
                    return Some(Ok(entry.into_path()));
                }
                Some(Err(error)) => {
                    self.is_empty = false;
                    let path = error.path().unwrap_or(&self.path).to_owned();
                    return Some(Err((path, error.to_string())));
                }
                None if std::mem::take(&mut self.is_empty) => {
                    let message = format!(
                        "the directory has no file with the extension .{}",
                        EXTENSIONS.join(", .")
                    );
                    return Some(Err((self.path.clone(), message)));
                }
                None => return None,
            }
        }
    }
}

fn is_wanted(path: &Path) -> bool {
    let has = |path: &Path, known: &[&str]| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| known.contains(&extension))
    };
    let stem = path.with_extension("");
    has(path, &EXTENSIONS) || (has(path, &COMPRESSED) && has(&stem, &EXTENSIONS))
}
