//! A disk in memory, on which each operation can fail, and which knows what a power cut leaves.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
};

use super::storage::{EntryKind, Storage, StoredFile};

/// A disk that knows what a power cut leaves of it.
#[derive(Clone, Default)]
pub(super) struct SimulatedDisk(Arc<Mutex<State>>);

#[derive(Clone, Default)]
struct State {
    names: HashMap<PathBuf, usize>,
    synced_names: HashMap<PathBuf, usize>,
    files: Vec<Vec<u8>>,
    synced_files: Vec<Vec<u8>>,
    operations: usize,
    fault: Option<DiskFault>,
    was_hit: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum DiskFault {
    /// The operation of this number fails, and all others work.
    Fail(usize),
    /// From the operation of this number on, nothing works any more.
    PowerCut(usize),
}

/// What is left of bytes that were written and not synced.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unsynced {
    Lost,
    Zeroed,
    Kept,
}

impl SimulatedDisk {
    pub fn with(fault: Option<DiskFault>) -> Self {
        let disk = Self::default();
        disk.lock().fault = fault;
        disk
    }

    /// Whether the fault has occurred.
    pub fn was_hit(&self) -> bool {
        self.lock().was_hit
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// The disk after the next start of the machine.
    pub fn restarted(&self, unsynced: Unsynced, are_names_kept: bool) -> Self {
        let state = self.lock();
        let files: Vec<Vec<u8>> = (0..state.files.len())
            .map(|number| {
                let (written, synced) = (&state.files[number], &state.synced_files[number]);
                match unsynced {
                    Unsynced::Lost => synced.clone(),
                    Unsynced::Kept => written.clone(),
                    Unsynced::Zeroed => {
                        let is_synced = |at: usize| synced.get(at) == Some(&written[at]);
                        let byte = |at: usize| if is_synced(at) { written[at] } else { 0 };
                        (0..written.len()).map(byte).collect()
                    }
                }
            })
            .collect();
        let names = if are_names_kept {
            &state.names
        } else {
            &state.synced_names
        };
        Self(Arc::new(Mutex::new(State {
            names: names.clone(),
            synced_names: names.clone(),
            synced_files: files.clone(),
            files,
            ..State::default()
        })))
    }

    pub fn content(&self, path: &Path) -> Option<Vec<u8>> {
        let state = self.lock();
        let number = *state.names.get(path)?;
        Some(state.files[number].clone())
    }
}

impl State {
    /// Counts an operation, which may fail.
    fn operate(&mut self) -> io::Result<()> {
        let number = self.operations;
        self.operations += 1;
        let fails = match self.fault {
            Some(DiskFault::Fail(fault)) => number == fault,
            Some(DiskFault::PowerCut(fault)) => number >= fault,
            None => false,
        };
        if fails {
            self.was_hit = true;
            return Err(io::Error::other("simulated fault"));
        }
        Ok(())
    }

    fn create(&mut self, path: &Path) -> usize {
        self.files.push(Vec::new());
        self.synced_files.push(Vec::new());
        let number = self.files.len() - 1;
        self.names.insert(path.to_owned(), number);
        number
    }

    fn sync(&mut self, number: usize) -> io::Result<()> {
        self.operate()?;
        self.synced_files[number] = self.files[number].clone();
        Ok(())
    }
}

impl Storage for SimulatedDisk {
    fn create_directories(&self, _: &Path) -> io::Result<()> {
        self.lock().operate()
    }

    fn entry(&self, path: &Path) -> io::Result<Option<EntryKind>> {
        Ok(self.lock().names.get(path).map(|_| EntryKind::File))
    }

    fn open_locked(&self, path: &Path) -> io::Result<Option<Arc<dyn StoredFile>>> {
        let mut state = self.lock();
        let there = state.names.get(path).copied();
        let is_shared = |number| {
            state
                .names
                .values()
                .filter(|other| **other == number)
                .count()
                > 1
        };
        let number = match there {
            Some(number) if !is_shared(number) => number,
            _ => {
                state.operate()?;
                state.create(path)
            }
        };
        drop(state);
        Ok(Some(Arc::new(SimulatedFile(self.clone(), number))))
    }

    fn read(&self, path: &Path, _: u64) -> io::Result<Vec<u8>> {
        self.content(path).ok_or(io::ErrorKind::NotFound.into())
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.lock();
        if state.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.operate()?;
        let number = state.create(path);
        let written = state.operate();
        let length = if written.is_ok() {
            bytes.len()
        } else {
            bytes.len() / 2
        };
        state.files[number].extend_from_slice(&bytes[..length]);
        written?;
        state.sync(number)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.operate()?;
        let number = state.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.names.insert(to.to_owned(), number);
        Ok(())
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.lock();
        if state.names.contains_key(to) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.operate()?;
        let number = *state.names.get(from).ok_or(io::ErrorKind::NotFound)?;
        state.names.insert(to.to_owned(), number);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.lock();
        if state.names.contains_key(path) {
            state.operate()?;
            state.names.remove(path);
        }
        Ok(())
    }

    fn sync_directory_of(&self, _: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.operate()?;
        state.synced_names = state.names.clone();
        Ok(())
    }
}

struct SimulatedFile(SimulatedDisk, usize);

impl StoredFile for SimulatedFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0.lock().files[self.1].len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let state = self.0.lock();
        let offset = usize::try_from(offset).unwrap();
        let rest = state.files[self.1].get(offset..).unwrap_or_default();
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        Ok(read)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.0.lock();
        let written = state.operate();
        // Half of it is there all the same.
        let length = if written.is_ok() {
            bytes.len()
        } else {
            bytes.len() / 2
        };
        let end = usize::try_from(offset).unwrap() + length;
        let file = &mut state.files[self.1];
        if file.len() < end {
            file.resize(end, 0);
        }
        file[end - length..end].copy_from_slice(&bytes[..length]);
        written
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        let mut state = self.0.lock();
        state.operate()?;
        state.files[self.1].resize(usize::try_from(length).unwrap(), 0);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        self.0.lock().sync(self.1)
    }
}
