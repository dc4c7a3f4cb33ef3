//! A look at a file that is there already.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use sha2::Digest;

use super::mp4;
use crate::model::hash::{hash, hex};

/// A whole video on disk.
pub struct Found {
    pub bytes: u64,
    pub sha256: String,
}

/// Reads a file, if it is a whole video.
///
/// # Errors
///
/// If it cannot be read, is a link, is no video, or is cut off.
pub fn verify(path: &Path) -> io::Result<Found> {
    // What a link points at is not ours to vouch for.
    if !path.symlink_metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut beginning = [0; mp4::BEGINNING];
    file.read_exact(&mut beginning)?;
    let is_whole = mp4::is_video(&beginning) && mp4::cut_off(&mut file, length)?.is_none();
    if !is_whole {
        return Err(io::ErrorKind::InvalidData.into());
    }
    file.seek(SeekFrom::Start(0))?;
    let (bytes, hasher) = hash(file)?;
    Ok(Found {
        bytes,
        sha256: hex(&hasher.finalize()),
    })
}
