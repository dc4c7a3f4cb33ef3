//! The operations on files that a download needs.

use std::{io, path::Path, sync::Arc};

/// What there is at a path; links are not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    Directory,
    Other,
}

/// The operations on files that a download needs. The disk is one; a stream and the tests are
/// others.
pub(super) trait Storage: Send + Sync {
    /// Whether what was written can be written anew.
    fn can_rewind(&self) -> bool {
        true
    }

    /// Creates a directory and what is missing above it, so that they outlast a power cut.
    fn create_directories(&self, path: &Path) -> io::Result<()>;

    /// What there is at a path, if anything.
    fn entry(&self, path: &Path) -> io::Result<Option<EntryKind>>;

    /// Opens or creates an unfinished file and locks it; none if somebody else has the lock.
    fn open_locked(&self, path: &Path) -> io::Result<Option<Arc<dyn StoredFile>>>;

    /// Reads a small file.
    fn read(&self, path: &Path, max_length: u64) -> io::Result<Vec<u8>>;

    /// Writes a file that must not be there yet, and brings its bytes to the disk.
    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Gives a file another name, which may have been another file's.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives a file another name besides, which must be free.
    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file that need not be there.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in the directory of a path outlast a power cut.
    fn sync_directory_of(&self, path: &Path) -> io::Result<()>;
}

/// A file that is open and locked.
pub(super) trait StoredFile: Send + Sync {
    fn length(&self) -> io::Result<u64>;

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    fn set_length(&self, length: u64) -> io::Result<()>;

    /// Brings all bytes to the disk.
    fn sync(&self) -> io::Result<()>;
}
