//! The unfinished file: opened by one download at a time, hashed as it grows.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{
    DownloadError,
    file_lock::{open_and_lock, sync_directory_of},
    mp4::{self, CutOff},
    resume_state::{Sidecar, remove},
};
use crate::model::hash::{hash, hex};

/// A part, shared with the thread that writes. Dropping the owner ends every access to the file,
/// so that another download can take it over at once.
pub(super) struct Owner(SharedPart);

#[derive(Clone)]
pub(super) struct SharedPart(Arc<Mutex<Part>>);

pub(super) struct Part {
    file: Arc<File>,
    path: PathBuf,
    note_path: PathBuf,
    note: Option<Sidecar>,
    /// How many bytes are there and hashed.
    length: u64,
    hasher: Sha256,
    is_closed: bool,
}

impl Owner {
    /// Opens or creates a part, and locks it.
    pub fn open(path: &Path) -> Result<Self, DownloadError> {
        let file = open_and_lock(path)?;
        let note_path = path.with_added_extension("json");
        let part = Part {
            file: Arc::new(file),
            path: path.to_owned(),
            note: Sidecar::read(&note_path),
            note_path,
            length: 0,
            hasher: Sha256::new(),
            is_closed: false,
        };
        Ok(Self(SharedPart(Arc::new(Mutex::new(part)))))
    }

    pub fn share(&self) -> SharedPart {
        self.0.clone()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let mut part = self.0.lock();
        part.is_closed = true;
        // Closing the file would do it too, but the thread that writes may have it still.
        let _ = part.file.unlock();
    }
}

impl SharedPart {
    pub fn lock(&self) -> MutexGuard<'_, Part> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hashes what is there, if it is from this URL; otherwise the part starts over.
    pub fn resume(&self, url_sha256: &str) -> io::Result<()> {
        let (file, end) = {
            let mut part = self.lock();
            if part.length > 0 {
                // All of it was hashed as it came.
                if !part.is_from(url_sha256) {
                    part.forget();
                }
                return Ok(());
            }
            let end = part.file.metadata()?.len();
            if !part.is_from(url_sha256) || end < mp4::BEGINNING as u64 {
                part.forget();
                return Ok(());
            }
            (Arc::clone(&part.file), end)
        };
        let mut beginning = [0; mp4::BEGINNING];
        (&*file).seek(SeekFrom::Start(0))?;
        (&*file).read_exact(&mut beginning)?;
        (&*file).seek(SeekFrom::Start(0))?;
        let (length, hasher) = hash((&*file).take(end))?;
        let mut part = self.lock();
        let is_too_long = part.total().is_some_and(|total| length > total);
        if is_too_long || !mp4::is_video(&beginning) {
            part.forget();
        } else {
            part.length = length;
            part.hasher = hasher;
        }
        Ok(())
    }

    /// Appends all that comes, until there is no more.
    ///
    /// What is written is brought to the disk meanwhile, so that little is left for the end.
    pub fn receive(&self, mut chunks: mpsc::Receiver<Bytes>) -> io::Result<()> {
        const AT_ONCE: usize = 8 << 20;
        let file = Arc::clone(&self.lock().file);
        thread::scope(|scope| {
            let (due, dues) = std::sync::mpsc::sync_channel(1);
            // Whether it fails shows when the file is synced as a whole; without a thread for it,
            // that takes longer.
            let syncing = move || while dues.recv().is_ok() && file.sync_data().is_ok() {};
            let _ = thread::Builder::new().spawn_scoped(scope, syncing);
            let mut written = 0;
            while let Some(chunk) = chunks.blocking_recv() {
                self.lock().append(&chunk)?;
                written += chunk.len();
                if written >= AT_ONCE {
                    written = 0;
                    // If the last one is not done yet, the next one does this, too.
                    let _ = due.try_send(());
                }
            }
            Ok(())
        })
    }

    /// Looks for a box that is cut off.
    pub fn cut_off(&self) -> io::Result<Option<CutOff>> {
        let (file, length) = {
            let part = self.lock();
            (Arc::clone(&part.file), part.length)
        };
        mp4::cut_off(&mut &*file, length)
    }

    /// Brings all bytes to the disk, and returns their hash.
    pub fn sync(&self) -> io::Result<String> {
        let (file, hasher) = {
            let part = self.lock();
            (Arc::clone(&part.file), part.hasher.clone())
        };
        file.sync_all()?;
        Ok(hex(&hasher.finalize()))
    }
}

impl Part {
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn total(&self) -> Option<u64> {
        self.note.as_ref()?.total
    }

    pub fn note(&self) -> Option<&Sidecar> {
        self.note.as_ref()
    }

    /// Whether the next request can ask for the rest only.
    pub fn can_resume(&self) -> bool {
        self.length > 0
            && self
                .note
                .as_ref()
                .is_some_and(|note| note.validator.is_some())
    }

    fn is_from(&self, url_sha256: &str) -> bool {
        let note = self.note.as_ref();
        note.is_some_and(|note| note.url_sha256 == url_sha256)
    }

    /// Counts nothing of what is there any more; the next [`begin`](Self::begin) removes it.
    pub fn forget(&mut self) {
        self.note = None;
        self.length = 0;
        self.hasher = Sha256::new();
    }

    /// Starts over, with the note about what comes now.
    ///
    /// At no moment does a note stand next to bytes that are not its own: the old note goes, then
    /// the old bytes, then the new note comes, then the new bytes.
    pub fn begin(&mut self, note: Sidecar) -> io::Result<()> {
        self.check_open()?;
        self.forget();
        remove(&self.note_path)?;
        if self.file.metadata()?.len() > 0 {
            self.file.set_len(0)?;
            self.file.sync_all()?;
            sync_directory_of(&self.path)?;
        }
        (&*self.file).seek(SeekFrom::Start(0))?;
        note.write(&self.note_path)?;
        self.note = Some(note);
        Ok(())
    }

    /// Goes on behind what is there.
    pub fn proceed(&mut self, total: Option<u64>) -> io::Result<()> {
        self.check_open()?;
        // A write that failed may have left some bytes that are not hashed.
        self.file.set_len(self.length)?;
        (&*self.file).seek(SeekFrom::Start(self.length))?;
        if let Some(note) = &mut self.note
            && note.total.is_none()
            && total.is_some()
        {
            note.total = total;
            note.write(&self.note_path)?;
        }
        Ok(())
    }

    fn append(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.check_open()?;
        (&*self.file).write_all(chunk)?;
        self.hasher.update(chunk);
        self.length += chunk.len() as u64;
        Ok(())
    }

    /// Makes the next download start over: what is there cannot become a whole video.
    pub fn disown(&mut self) -> io::Result<()> {
        self.check_open()?;
        self.note = None;
        remove(&self.note_path)
    }

    /// How many bytes are on the disk, counted or not.
    pub fn size(&self) -> io::Result<u64> {
        self.check_open()?;
        Ok(self.file.metadata()?.len())
    }

    /// Removes the part and its note.
    pub fn remove(&mut self) -> io::Result<()> {
        self.check_open()?;
        remove(&self.note_path)?;
        remove(&self.path)
    }

    /// Gives the file its name, and removes what stood next to it.
    pub fn place(&mut self, target: &Path, overwrite: bool) -> io::Result<()> {
        self.check_open()?;
        if overwrite {
            fs::rename(&self.path, target)?;
        } else {
            match fs::hard_link(&self.path, target) {
                Ok(()) => remove(&self.path)?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
                // There are file systems without links; what is left of the race is theirs.
                Err(_) if fs::symlink_metadata(target).is_ok() => {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                Err(_) => fs::rename(&self.path, target)?,
            }
        }
        remove(&self.note_path)?;
        sync_directory_of(target)
    }

    /// After the owner is gone, the file may be another's.
    fn check_open(&self) -> io::Result<()> {
        if self.is_closed {
            return Err(io::Error::other("the download was dropped"));
        }
        Ok(())
    }
}
