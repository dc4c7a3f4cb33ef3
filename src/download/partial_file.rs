//! The unfinished file: locked by one download at a time, inspected as it grows.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    checksum::AnnouncedChecksums,
    disk::Disk,
    error::DownloadError,
    inspection::Inspection,
    kept::Kept,
    resume_state::ResumeState,
    storage::{EntryKind, Storage, StoredFile},
};

/// An unfinished file, shared with the thread that writes. The last share releases the lock.
#[derive(Clone)]
pub(super) struct SharedPart(Arc<Mutex<PartialFile>>);

pub(super) struct PartialFile {
    storage: Arc<dyn Storage>,
    pub(super) file: Arc<dyn StoredFile>,
    path: PathBuf,
    state_path: PathBuf,
    state: Option<ResumeState>,
    inspection: Inspection,
}

/// The unfinished file that belongs to a finished one.
pub(super) fn part_of(target: &Path) -> PathBuf {
    target.with_added_extension("part")
}

impl SharedPart {
    /// Opens or creates an unfinished file, and locks it.
    pub fn open(storage: Arc<dyn Storage>, path: &Path) -> Result<Self, DownloadError> {
        let opened = storage.open_locked(path);
        let file = opened.map_err(|error| DownloadError::io("opened", path, error))?;
        let file = file.ok_or_else(|| DownloadError::busy(path))?;
        let state_path = path.with_added_extension("json");
        let part = PartialFile {
            file,
            path: path.to_owned(),
            state: ResumeState::read(&*storage, &state_path),
            state_path,
            inspection: Inspection::new(None),
            storage,
        };
        Ok(Self(Arc::new(Mutex::new(part))))
    }

    pub fn lock(&self) -> MutexGuard<'_, PartialFile> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over what an earlier process left, as far as it was synced and is unchanged.
    pub fn resume(&self) -> io::Result<()> {
        let mut part = self.lock();
        let Some(state) = part.state.clone().filter(|state| state.synced > 0) else {
            part.forget();
            return Ok(());
        };
        let is_sound = state.total.is_none_or(|total| state.synced <= total);
        if !is_sound || part.file.length()? < state.synced {
            part.forget();
            return Ok(());
        }
        part.inspect_file(state.synced, &state.checksums)?;
        let is_as_it_was = part.inspection.sha256() == state.synced_sha256;
        if !is_as_it_was || part.length() != state.synced {
            part.forget();
        }
        Ok(())
    }

    /// Brings all bytes to the disk, and returns their hash.
    pub fn sync(&self) -> io::Result<String> {
        let (file, sha256) = {
            let part = self.lock();
            (Arc::clone(&part.file), part.inspection.sha256())
        };
        file.sync()?;
        Ok(sha256)
    }

    /// Brings the bytes so far to the disk, and notes how many there are.
    pub fn checkpoint(&self) -> io::Result<()> {
        let (file, length, sha256) = {
            let part = self.lock();
            let Some(state) = &part.state else {
                return Ok(());
            };
            if state.synced == part.length() {
                return Ok(());
            }
            let sha256 = part.inspection.sha256();
            (Arc::clone(&part.file), part.length(), sha256)
        };
        file.sync()?;
        let mut part = self.lock();
        if let Some(state) = &mut part.state {
            state.synced = length;
            state.synced_sha256 = sha256;
        }
        part.write_state()
    }
}

impl PartialFile {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes are there and inspected.
    pub fn length(&self) -> u64 {
        self.inspection.length()
    }

    pub fn total(&self) -> Option<u64> {
        self.state.as_ref()?.total
    }

    pub fn state(&self) -> Option<&ResumeState> {
        self.state.as_ref()
    }

    pub fn inspection(&self) -> &Inspection {
        &self.inspection
    }

    /// Disregards what is there; the next [`begin`](Self::begin) removes it.
    pub fn forget(&mut self) {
        self.state = None;
        self.inspection = Inspection::new(None);
    }

    /// Starts over, with the state of what comes now.
    ///
    /// At no moment, not even after a power cut, is a state beside bytes that are not its own: the old
    /// state is removed, then the old bytes, then the new state is written, then the new bytes.
    pub fn begin(&mut self, state: ResumeState) -> io::Result<()> {
        self.forget();
        if self.storage.entry(&self.state_path)?.is_some() {
            self.storage.remove(&self.state_path)?;
            self.storage.sync_directory_of(&self.state_path)?;
        }
        if self.file.length()? > 0 {
            self.file.set_length(0)?;
            self.file.sync()?;
        }
        self.inspection = Inspection::new(Some(&state.checksums));
        self.state = Some(state);
        self.write_state()
    }

    /// Continues after what is there, with what another response tells of the same file.
    pub fn proceed(&mut self, state: ResumeState) -> io::Result<()> {
        // A write that failed may have left bytes that are not counted.
        if self.file.length()? > self.length() {
            self.file.set_length(self.length())?;
        }
        let Some(old) = &self.state else {
            return Ok(());
        };
        let state = state.continuing(old);
        if *old == state {
            return Ok(());
        }
        if old.checksums.is_empty() && !state.checksums.is_empty() {
            self.inspect_file(self.length(), &state.checksums)?;
        }
        self.state = Some(state);
        self.write_state()
    }

    pub fn append(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.file.write_at(self.length(), chunk)?;
        self.inspection.feed(chunk);
        Ok(())
    }

    /// Makes the next download start over: what is there cannot become a whole video.
    pub fn disown(&mut self) -> io::Result<()> {
        self.state = None;
        self.storage.remove(&self.state_path)?;
        self.storage.sync_directory_of(&self.state_path)
    }

    /// Gives the file its name.
    ///
    /// Nothing after that is a failure: what cannot be removed is left for the next download of this
    /// name.
    pub fn place(&mut self, target: &Path, overwrite: bool) -> io::Result<()> {
        if overwrite {
            self.storage.rename(&self.path, target)?;
        } else {
            match self.storage.hard_link(&self.path, target) {
                Ok(()) => drop(self.storage.remove(&self.path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
                // Some file systems have no links; the rest of the race cannot be avoided there.
                Err(_) if self.storage.entry(target)?.is_some() => {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                Err(_) => self.storage.rename(&self.path, target)?,
            }
        }
        let _ = self.storage.sync_directory_of(target);
        let _ = self.storage.remove(&self.state_path);
        Ok(())
    }

    /// What an error leaves behind; an empty file is removed.
    pub fn kept(&mut self) -> Option<Kept> {
        if !self.storage.can_rewind() {
            return None;
        }
        let bytes = self.file.length().ok()?;
        if bytes == 0 {
            let _ = self.storage.remove(&self.state_path);
            let _ = self.storage.remove(&self.path);
            return None;
        }
        Some(Kept {
            path: self.path.clone(),
            bytes,
            total: self.total(),
            can_resume: self.state.is_some(),
        })
    }

    fn write_state(&self) -> io::Result<()> {
        match &self.state {
            Some(state) => state.write(&*self.storage, &self.state_path),
            None => Ok(()),
        }
    }

    /// Inspects the first bytes of the file anew.
    fn inspect_file(&mut self, length: u64, checksums: &AnnouncedChecksums) -> io::Result<()> {
        const AT_ONCE: usize = 1 << 20;
        let mut buffer = vec![0; AT_ONCE];
        let mut inspection = Inspection::new(Some(checksums));
        while inspection.length() < length {
            let left = usize::try_from(length - inspection.length()).unwrap_or(AT_ONCE);
            let buffer = &mut buffer[..left.min(AT_ONCE)];
            match self.file.read_at(inspection.length(), buffer)? {
                0 => break,
                read => inspection.feed(&buffer[..read]),
            }
        }
        self.inspection = inspection;
        Ok(())
    }
}

impl fmt::Debug for SharedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedPart")
            .field(&self.lock().path)
            .finish()
    }
}

/// How many bytes of an unfinished file the next download of this name would take over.
///
/// # Errors
///
/// If the file cannot be opened or read.
#[doc(hidden)]
pub fn resumable(target: &Path) -> Result<u64, DownloadError> {
    let path = part_of(target);
    let part = SharedPart::open(Arc::new(Disk), &path)?;
    part.resume()
        .map_err(|error| DownloadError::io("read", &path, error))?;
    let length = part.lock().length();
    Ok(length)
}

/// Checks that a file of this name may be created.
pub(super) fn check_target(
    storage: &dyn Storage,
    target: &Path,
    overwrite: bool,
) -> Result<(), DownloadError> {
    let entry = storage.entry(target);
    match entry.map_err(|error| DownloadError::io("read", target, error))? {
        Some(EntryKind::Directory) => {
            let error = io::ErrorKind::IsADirectory.into();
            Err(DownloadError::io("written", target, error))
        }
        Some(_) if !overwrite => Err(DownloadError::exists(target)),
        _ => Ok(()),
    }
}
