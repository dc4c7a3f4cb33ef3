//! Paths to files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ignore::{DirEntry, WalkBuilder};

use super::skip::Skip;

/// The extensions of files that are read in a directory.
const EXTENSIONS: [&str; 5] = ["http", "json", "ndjson", "jsonl", "har"];
/// Extensions that can follow one of these.
const COMPRESSED: [&str; 3] = ["gz", "zst", "zstd"];
/// A directory that is never read.
const NODE_MODULES: &str = "node_modules";

/// The files of some paths, those of directories in the order of their names.
///
/// A path that is not a directory is returned as it is. In directories, hidden files,
/// `node_modules` and what `.gitignore` excludes are skipped, and pipes, sockets and devices: opening
/// one can wait without end.
pub struct Files {
    paths: std::vec::IntoIter<PathBuf>,
    /// The current directory.
    directory: Option<Directory>,
    skipped: Skipped,
}

/// The number of files in directories that were skipped.
#[derive(Default)]
struct Skipped {
    other_extension: u64,
    not_regular: u64,
}

struct Directory {
    path: PathBuf,
    entries: ignore::Walk,
    is_empty: bool,
}

/// A file to read.
#[derive(Debug)]
pub struct Found {
    pub path: PathBuf,
    /// Whether the user named it, rather than a directory above it.
    pub is_named: bool,
}

impl Files {
    /// The files of these paths, in this order.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            paths: paths.into_iter().collect::<Vec<_>>().into_iter(),
            directory: None,
            skipped: Skipped::default(),
        }
    }

    /// The number of files in directories that were skipped since the last call, by reason.
    pub fn take_skipped(&mut self) -> [(Skip, u64); 2] {
        let skipped = std::mem::take(&mut self.skipped);
        [
            (Skip::OtherFile, skipped.other_extension),
            (Skip::NotRegular, skipped.not_regular),
        ]
    }
}

impl Iterator for Files {
    /// A file, or a path and why it cannot be read.
    type Item = Result<Found, (PathBuf, String)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(directory) = &mut self.directory {
                match directory.next(&mut self.skipped) {
                    Some(Ok(path)) => {
                        return Some(Ok(Found {
                            path,
                            is_named: false,
                        }));
                    }
                    Some(Err(error)) => return Some(Err(error)),
                    None => self.directory = None,
                }
            }
            let path = self.paths.next()?;
            if !path.is_dir() {
                return Some(Ok(Found {
                    path,
                    is_named: true,
                }));
            }
            self.directory = Some(Directory::new(path));
        }
    }
}

impl Directory {
    fn new(path: PathBuf) -> Self {
        let entries = WalkBuilder::new(&path)
            .require_git(false)
            .parents(false)
            .git_global(false)
            .sort_by_file_name(Ord::cmp)
            .filter_entry(|entry: &DirEntry| entry.file_name() != NODE_MODULES)
            .build();
        Self {
            entries,
            path,
            is_empty: true,
        }
    }

    fn next(&mut self, skipped: &mut Skipped) -> Option<Result<PathBuf, (PathBuf, String)>> {
        loop {
            match self.entries.next() {
                Some(Ok(entry)) if entry.file_type().is_none_or(|kind| kind.is_dir()) => {}
                Some(Ok(entry)) if !is_wanted(entry.path()) => skipped.other_extension += 1,
                // Links are followed. What cannot be looked at is reported when it is opened.
                Some(Ok(entry))
                    if fs::metadata(entry.path()).is_ok_and(|target| !target.is_file()) =>
                {
                    self.is_empty = false;
                    skipped.not_regular += 1;
                }
                Some(Ok(entry)) => {
                    self.is_empty = false;
                    return Some(Ok(entry.into_path()));
                }
                Some(Err(error)) => {
                    self.is_empty = false;
                    return Some(Err((self.path.clone(), error.to_string())));
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
