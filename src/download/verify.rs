//! A look at a file that is there already.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use super::{
    container::Container,
    disk::Disk,
    inspection::{Inspection, Structure},
    storage::{EntryKind, Storage},
};

/// A whole video on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoFile {
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Whether its format tells that it is whole.
    pub is_whole: bool,
}

/// How a file differs from what it was when it arrived.
#[derive(Debug)]
#[non_exhaustive]
pub enum Mismatch {
    /// There is no regular file.
    Missing,
    /// It cannot be read.
    Unreadable(io::Error),
    /// It has another length.
    Length {
        /// In bytes, when it arrived.
        expected: u64,
        /// In bytes, now.
        found: u64,
    },
    /// It has another SHA-256, in hexadecimal digits.
    Sha256 {
        /// When it arrived.
        expected: String,
        /// Now.
        found: String,
    },
}

/// Reads a file, if it is a whole video by its format.
///
/// # Errors
///
/// If it cannot be read, is a link, is no video, or is cut off.
pub fn inspect(path: &Path) -> io::Result<VideoFile> {
    let file = read(path)?;
    if !file.is_whole {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(file)
}

/// Reads a file again, and compares it with what it was.
///
/// # Errors
///
/// If it is another file now, or cannot be read.
pub fn verify(path: &Path, bytes: u64, sha256: &str) -> Result<VideoFile, Mismatch> {
    let found = read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::InvalidInput => Mismatch::Missing,
        _ => Mismatch::Unreadable(error),
    })?;
    if found.bytes != bytes {
        return Err(Mismatch::Length {
            expected: bytes,
            found: found.bytes,
        });
    }
    if !found.sha256.eq_ignore_ascii_case(sha256) {
        return Err(Mismatch::Sha256 {
            expected: sha256.to_owned(),
            found: found.sha256,
        });
    }
    Ok(found)
}

fn read(path: &Path) -> io::Result<VideoFile> {
    const AT_ONCE: usize = 1 << 20;
    match Disk.entry(path)? {
        None => return Err(io::ErrorKind::NotFound.into()),
        Some(EntryKind::File) => {}
        // What a link points at is not ours to vouch for.
        Some(_) => return Err(io::ErrorKind::InvalidInput.into()),
    }
    let mut file = File::open(path)?;
    let mut buffer = vec![0; AT_ONCE];
    let mut inspection = Inspection::new(None);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => inspection.feed(&buffer[..read]),
        }
    }
    Ok(conclude(&inspection))
}

/// Inspects a file that comes in these parts.
#[doc(hidden)]
#[must_use]
pub fn inspect_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> VideoFile {
    let mut inspection = VideoInspection::default();
    for part in parts {
        inspection.feed(part);
    }
    inspection.conclude()
}

/// The same, while the parts come.
pub struct VideoInspection(Inspection);

impl Default for VideoInspection {
    fn default() -> Self {
        Self(Inspection::new(None))
    }
}

impl VideoInspection {
    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.0.feed(bytes);
    }

    /// What the bytes are, once all of them have come.
    #[must_use]
    pub fn conclude(&self) -> VideoFile {
        conclude(&self.0)
    }
}

fn conclude(inspection: &Inspection) -> VideoFile {
    let is_container = inspection.container().is_some_and(Container::has_boxes);
    VideoFile {
        bytes: inspection.length(),
        sha256: inspection.sha256(),
        is_whole: is_container && !matches!(inspection.structure(), Structure::Incomplete(_)),
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("the file is missing"),
            Self::Unreadable(error) => write!(f, "the file cannot be read: {error}"),
            Self::Length { expected, found } => {
                write!(f, "the file has {found} bytes instead of {expected}")
            }
            Self::Sha256 { expected, found } => {
                write!(f, "the file has the SHA-256 {found} instead of {expected}")
            }
        }
    }
}
