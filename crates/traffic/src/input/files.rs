//! Paths to files.

use std::{
    collections::BTreeMap,
    fs,
    iter::Peekable,
    path::{Path, PathBuf},
};

use ignore::WalkBuilder;
use walkdir::WalkDir;

use super::skip::Skip;

/// The extensions of files that are read in a directory.
const EXTENSIONS: [&str; 22] = [
    "http", "json", "ndjson", "jsonl", "har", "log", "txt", "csv", "tsv", "yaml", "yml", "flow",
    "flows", "mitm", "zip", "tar", "tgz", "parquet", "arrow", "arrows", "feather", "ipc",
];
/// Extensions that can follow one of these.
const COMPRESSED: [&str; 6] = ["gz", "zst", "zstd", "xz", "bz2", "br"];
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
    /// The number of paths so far.
    count: u32,
    /// By the directory that the user named.
    skipped: BTreeMap<PathBuf, Skipped>,
}

/// The number of files and directories that were skipped in a directory, by reason.
type Skipped = BTreeMap<Skip, u64>;

struct Directory {
    path: PathBuf,
    /// Everything, and what is to be read of it, in the same order.
    all: walkdir::IntoIter,
    entries: Peekable<ignore::Walk>,
    is_empty: bool,
}

/// A file to read.
#[derive(Debug)]
pub struct Found {
    pub path: PathBuf,
    /// Whether the user named it, rather than a directory above it.
    pub is_named: bool,
    /// The path that the user named.
    pub named: PathBuf,
}

impl Files {
    /// The files of these paths, in this order.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            paths: paths.into_iter().collect::<Vec<_>>().into_iter(),
            directory: None,
            count: 0,
            skipped: BTreeMap::new(),
        }
    }

    /// What was skipped since the last call, by the directory that the user named.
    pub fn take_skipped(&mut self) -> BTreeMap<PathBuf, Skipped> {
        std::mem::take(&mut self.skipped)
    }

    /// The number of the path that the last file belongs to.
    pub fn group(&self) -> u32 {
        self.count
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
                            named: directory.path.clone(),
                        }));
                    }
                    Some(Err(error)) => return Some(Err(error)),
                    None => self.directory = None,
                }
            }
            let path = self.paths.next()?;
            self.count += 1;
            if !path.is_dir() {
                return Some(Ok(Found {
                    named: path.clone(),
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
            .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != NODE_MODULES)
            .build();
        Self {
            all: WalkDir::new(&path).sort_by_file_name().into_iter(),
            entries: entries.peekable(),
            path,
            is_empty: true,
        }
    }

    fn next(
        &mut self,
        skipped: &mut BTreeMap<PathBuf, Skipped>,
    ) -> Option<Result<PathBuf, (PathBuf, String)>> {
        let named = self.path.clone();
        let mut skip = |reason| {
            let skipped = skipped.entry(named.clone()).or_default();
            *skipped.entry(reason).or_default() += 1;
        };
        loop {
            match self.all.next() {
                // The other walk reports it, too.
                Some(Err(error)) => {
                    if let Some(Err(_)) = self.entries.peek() {
                        self.entries.next();
                    }
                    self.is_empty = false;
                    return Some(Err((self.path.clone(), error.to_string())));
                }
                Some(Ok(entry)) if !self.is_to_be_read(entry.path()) => {
                    skip(reason(&entry));
                    if entry.file_type().is_dir() {
                        self.all.skip_current_dir();
                    }
                }
                Some(Ok(entry)) if entry.file_type().is_dir() => {}
                Some(Ok(entry)) if !is_wanted(entry.path()) => skip(Skip::OtherFile),
                // Links are followed. What cannot be looked at is reported when it is opened.
                Some(Ok(entry))
                    if fs::metadata(entry.path()).is_ok_and(|target| !target.is_file()) =>
                {
                    self.is_empty = false;
                    skip(Skip::NotRegular);
                }
                Some(Ok(entry)) => {
                    self.is_empty = false;
                    return Some(Ok(entry.into_path()));
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

    /// Whether an entry is what the walk comes to next that leaves out what is to be left out.
    fn is_to_be_read(&mut self, path: &Path) -> bool {
        let is_next = |next: &Result<ignore::DirEntry, ignore::Error>| {
            next.as_ref().is_ok_and(|next| next.path() == path)
        };
        self.entries.next_if(is_next).is_some()
    }
}

/// Why an entry is left out.
fn reason(entry: &walkdir::DirEntry) -> Skip {
    let name = entry.file_name();
    if name == NODE_MODULES {
        Skip::Packages
    } else if name.to_string_lossy().starts_with('.') {
        Skip::Hidden
    } else {
        Skip::GitIgnored
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
