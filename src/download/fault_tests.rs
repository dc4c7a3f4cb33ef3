//! Every operation on files fails once, and the power is cut at each: nothing is lost, and nothing
//! is called whole that is not.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use futures_util::future::join_all;
use seedance_testing::{
    http_server::{Server, Step},
    mp4::{file as mp4_file, media, movie, mp4_box},
    replies::file,
};

use super::{
    download::Download,
    error::DownloadError,
    outcome::Downloaded,
    storage::{EntryKind, Storage, StoredFile},
};
use crate::{client::Client, model::ResultUrl};

/// A disk that knows what a power cut leaves of it.
#[derive(Clone, Default)]
struct SimulatedDisk(Arc<Mutex<State>>);

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
enum DiskFault {
    /// The operation of this number fails, and all others work.
    Fail(usize),
    /// From the operation of this number on, nothing works any more.
    PowerCut(usize),
}

/// What is left of bytes that were written and not synced.
#[derive(Clone, Copy, Debug)]
enum Unsynced {
    Lost,
    Zeroed,
    Kept,
}

impl SimulatedDisk {
    fn with(fault: Option<DiskFault>) -> Self {
        let disk = Self::default();
        disk.lock().fault = fault;
        disk
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// The disk after the next start of the machine.
    fn restarted(&self, unsynced: Unsynced, are_names_kept: bool) -> Self {
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

    fn content(&self, path: &Path) -> Option<Vec<u8>> {
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
        Ok(())
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

fn video(seed: u8) -> Vec<u8> {
    let file_type = mp4_box(b"ftyp", b"isom\0\0\0\0");
    let start = u32::try_from(file_type.len() + movie(&[0], false).len() + 8).unwrap();
    let mut media = media(40_000);
    media[20_000] ^= seed;
    let boxes = [file_type, movie(&[start], false), mp4_box(b"mdat", &media)];
    mp4_file("", &boxes).bytes
}

/// A store that breaks off each second transfer, and has a new version of the video in the end.
async fn store(has_new_version: bool) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |request, _| {
        let number = count.fetch_add(1, Relaxed);
        let reply = if has_new_version && number > 0 {
            file(request, &video(1), "\"new\"")
        } else {
            file(request, &video(0), "\"old\"")
        };
        match number {
            0 => reply.cut(15_000, Step::Close),
            _ => reply,
        }
    })
    .await
}

fn prepare(disk: &SimulatedDisk, store: &Server) -> Download {
    let builder = Client::builder().base_url("http://127.0.0.1:9");
    let client = builder.api_key("sk-test-0123456789abcdef").build().unwrap();
    let url = ResultUrl::new(Some(&store.url), client.base_url(), None);
    let mut download = client.download(&"t".parse().unwrap(), url);
    download.0.storage = Arc::new(disk.clone());
    download.into_dir("d").file_name("v.mp4")
}

async fn run(disk: &SimulatedDisk, store: &Server) -> Result<Downloaded, DownloadError> {
    prepare(disk, store).await
}

fn target() -> &'static Path {
    Path::new("d/v.mp4")
}

/// What has the name of the video is a whole video.
fn assert_sound(disk: &SimulatedDisk, context: &str) -> bool {
    let Some(found) = disk.content(target()) else {
        return false;
    };
    assert!(found == video(0) || found == video(1), "{context}");
    true
}

/// Runs with each operation as the one with the fault, and says how many there were.
async fn at_each_operation(fault: fn(usize) -> DiskFault, has_new_version: bool) -> usize {
    for number in 0.. {
        let store = store(has_new_version).await;
        let disk = SimulatedDisk::with(Some(fault(number)));
        let outcome = run(&disk, &store).await;
        let context = format!(
            "{:?}, new version: {has_new_version}: {outcome:?}",
            fault(number)
        );
        assert!(
            outcome.is_err() || assert_sound(&disk, &context),
            "{context}"
        );
        if !disk.lock().was_hit {
            assert!(outcome.is_ok(), "{context}");
            return number;
        }
        let again = [Unsynced::Lost, Unsynced::Zeroed, Unsynced::Kept]
            .into_iter()
            .flat_map(|unsynced| [(unsynced, false), (unsynced, true)])
            .map(|(unsynced, are_names_kept)| {
                let (store, context) = (&store, &context);
                let is_done = outcome.is_ok();
                let disk = &disk;
                async move {
                    let context = format!("{context} {unsynced:?} {are_names_kept}");
                    // Without a power cut, the disk is as it was.
                    let disk = match fault(0) {
                        DiskFault::PowerCut(_) => disk.restarted(unsynced, are_names_kept),
                        DiskFault::Fail(_) => disk.restarted(Unsynced::Kept, true),
                    };
                    if assert_sound(&disk, &context) {
                        return;
                    }
                    assert!(
                        !is_done || matches!(fault(0), DiskFault::PowerCut(_)),
                        "{context}"
                    );
                    run(&disk, store)
                        .await
                        .unwrap_or_else(|error| panic!("{context}: {error}"));
                    assert!(assert_sound(&disk, &context), "{context}");
                    // What is said to be there outlasts a power cut.
                    let disk = disk.restarted(Unsynced::Lost, false);
                    assert!(assert_sound(&disk, &context), "{context}");
                }
            });
        join_all(again).await;
    }
    unreachable!("some number is beyond the last operation")
}

#[tokio::test]
async fn each_operation_fails_once() {
    for has_new_version in [false, true] {
        let operations = at_each_operation(DiskFault::Fail, has_new_version).await;
        assert!(operations >= 20, "{operations}");
    }
}

#[tokio::test]
async fn the_power_is_cut_at_each_operation() {
    for has_new_version in [false, true] {
        let operations = at_each_operation(DiskFault::PowerCut, has_new_version).await;
        assert!(operations >= 20, "{operations}");
    }
}
